import { describe, expect, it } from 'vitest'
import { dotProductTest, taylorTest } from '@checkpoint-schedules/gradient-checks'
import { burgers1d } from '@checkpoint-schedules/models'
import { randomNumbers, runPlainly } from './plain-loop.js'

describe('burgers1d', () => {
  it.each([1, 2, 3, 100])(
    'has an adjoint that is the transpose of its tangent, with %i points',
    async (points) => {
      const { model } = burgers1d({ points, viscosity: 0.3 })
      for (let seed = 1; seed <= 5; seed++) {
        const random = randomNumbers(seed)
        const make = () => Float64Array.from({ length: points }, random)
        const at = { state: make(), direction: make(), adjoint: make(), steps: seed }
        expect((await dotProductTest(model, at)).relativeError).toBeLessThan(1e-12)
      }
    },
  )

  it('passes a Taylor test with rate 2', async () => {
    const options = { points: 127, viscosity: 0.01, steps: 300 }
    const { control } = burgers1d(options)
    const random = randomNumbers(7)
    const at = (there: Float64Array) => runPlainly(burgers1d(options, there))
    const { rows } = await taylorTest(at, control, control.map(random))
    for (const { rate } of rows.slice(1)) expect(Math.abs(rate! - 2)).toBeLessThan(0.05)
  })

  it('takes the same step with and without a tape, in place', () => {
    const { model, initialState } = burgers1d({ points: 50 })
    const stepped = initialState.slice()
    const taped = initialState.slice()
    expect(model.step(stepped, 0)).toBe(stepped)
    expect(model.tape(taped, 0)).toEqual({ state: stepped, tape: initialState })
  })

  it('is stable by default: the largest value never grows and the energy decays', () => {
    const { value, finalState } = runPlainly(burgers1d({ points: 49, viscosity: 0.01, steps: 5000 }))
    expect(Math.max(...finalState)).toBeLessThan(1)
    expect(Math.min(...finalState)).toBeGreaterThanOrEqual(0)
    expect(value).toBeLessThan(0.1)
  })

  it.each([
    [
      { timeStep: 1 },
      'burgers1d: timeStep = 1 is unstable: the largest stable one for these points and this viscosity is 0.00076',
    ],
    [{ points: 40, viscosity: 0.001 }, 'Take points >= 499 or viscosity >= 0.01219'],
    [{ points: 0 }, 'points must be an integer from 1'],
    [{ viscosity: Number.NaN }, 'viscosity must be a finite number > 0'],
  ])('refuses %o', (options, sentence) => {
    expect(() => burgers1d(options)).toThrow(sentence)
  })

  it('refuses a control that does not fit', () => {
    expect(() => burgers1d({ points: 50 }, new Float64Array(4))).toThrow(
      'the control must be 50 finite numbers',
    )
  })
})
