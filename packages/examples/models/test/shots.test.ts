/** The shots of wave2d as the parts of a sum. */
import { dotProductTest, taylorTest } from '@checkpoint-schedules/gradient-checks'
import {
  burgers1d,
  layeredVelocity,
  recordShots,
  wave2d,
  type Wave2dAdjoint,
} from '@checkpoint-schedules/models'
import { describe, expect, it } from 'vitest'
import { randomNumbers, runPlainly } from './plain-loop.js'

const survey = { steps: 120, shots: 4, receivers: 12, absorbingWidth: 8 }
const moving = { ...survey, aperture: 150 }

describe('the shots of wave2d', () => {
  it.each([survey, moving])('add up to the whole, %#', (options) => {
    expect(wave2d.parts(options)).toBe(4)
    const whole = runPlainly(wave2d(options))
    const ranges = [0, 1, 2].map((first) => ({ first, count: first === 2 ? 2 : 1 }))
    const parts = ranges.map((range) => runPlainly(wave2d(options, undefined, range)))
    const value = parts.reduce((sum, part) => sum + part.value, 0)
    expect(value / whole.value).toBeCloseTo(1, 13)
    const largest = Math.max(...whole.gradient.map(Math.abs))
    whole.gradient.forEach((expected, i) => {
      const sum = parts.reduce((total, { gradient }) => total + gradient[i]!, 0)
      expect(Math.abs(sum - expected) / largest).toBeLessThan(1e-13)
    })
  })

  it('have the same bits alone as among others', () => {
    const shape = [30, 50] as const
    const velocity = layeredVelocity({ shape, lens: false })
    const truth = layeredVelocity({ shape, lens: true })
    const observed = recordShots({ velocity: truth, ...moving, receivers: 12 })
    const size = moving.steps * 12
    const second = { data: observed.data.slice(size, 2 * size), shape: [1, moving.steps, 12] }
    // A survey whose other records are zero has the same second shot.
    const rest = new Float64Array(observed.data.length)
    rest.set(second.data, size)
    const range = { first: 1, count: 1 }
    const { steps: _steps, shots: _shots, ...physical } = moving
    const [alone, amongOthers] = [observed, { data: rest, shape: observed.shape }].map((records) =>
      runPlainly(wave2d({ ...physical, velocity, observed: records }, undefined, range)),
    )
    expect(amongOthers).toEqual(alone)
    expect(alone!.value).toBeGreaterThan(0)
  })

  it('pass a dot-product test and a Taylor test, each with its own receivers', async () => {
    const range = { first: 2, count: 2 }
    const { model, initialState, terminalAdjoint, control } = wave2d(moving, undefined, range)
    const like = (terminalAdjoint as (state: unknown) => Wave2dAdjoint)(initialState)
    const random = randomNumbers(7)
    const make = (): Wave2dAdjoint => ({
      current: Float64Array.from(like.current, random),
      previous: Float64Array.from(like.previous, random),
      misfit: random(),
      squaredCourant: Float64Array.from(like.squaredCourant, random),
    })
    const { current, previous } = make()
    const at = {
      state: { current, previous, misfit: 0 },
      direction: make(),
      adjoint: make(),
      n0: 50,
      steps: 3,
    }
    expect((await dotProductTest(model, at)).relativeError).toBeLessThan(1e-12)
    const evaluate = (there: Float64Array) => runPlainly(wave2d(moving, there, range))
    const direction = control.map((c) => c * random())
    const { rows } = await taylorTest(evaluate, control, direction, { h: 0.001 })
    for (const { rate } of rows.slice(1)) expect(Math.abs(rate! - 2)).toBeLessThan(0.05)
  })

  it('have fingerprints of their own', () => {
    const prints = [undefined, { first: 0, count: 1 }, { first: 1, count: 1 }].map(
      (range) => wave2d(survey, undefined, range).model.fingerprint,
    )
    expect(new Set(prints).size).toBe(3)
    expect(wave2d(survey, undefined, { first: 0, count: 4 }).model.fingerprint).toBe(prints[0])
  })

  it.each([
    [{ first: 4, count: 1 }],
    [{ first: 3, count: 2 }],
    [{ first: -1, count: 1 }],
    [{ first: 0, count: 0 }],
    [{ first: 0.5, count: 1 }],
  ])('are refused if there are none: %j', (range) => {
    expect(() => wave2d(survey, undefined, range)).toThrow(
      'wave2d: the range must name some of the parts 0 to 3; got',
    )
  })

  it('are refused if their receivers do not fit into the aperture', () => {
    expect(() => wave2d({ ...survey, aperture: 40 })).toThrow(
      '12 receivers do not fit into the 9 grid points within the aperture of 40 m around the source at 80 m',
    )
  })
})

it('a problem that is not a sum has one part', () => {
  expect(burgers1d.parts()).toBe(1)
  expect(burgers1d({}, undefined, { first: 0, count: 1 }).model.fingerprint).toBe(
    burgers1d().model.fingerprint,
  )
  expect(() => burgers1d({}, undefined, { first: 1, count: 1 })).toThrow(
    'burgers1d: the range must name the one part, { first: 0, count: 1 }; got',
  )
})
