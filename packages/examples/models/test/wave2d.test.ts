import { describe, expect, it } from 'vitest'
import { dotProductTest, taylorTest } from '@checkpoint-schedules/gradient-checks'
import {
  layeredVelocity,
  recordShots,
  wave2d,
  type Wave2dAdjoint,
  type Wave2dTape,
} from '@checkpoint-schedules/models'
import { randomNumbers, runPlainly } from './plain-loop.js'

const small = { steps: 250, shots: 3, receivers: 16, absorbingWidth: 8 }

describe('the adjoint of wave2d', () => {
  it('is the transpose of the tangent over several steps, whatever the halo of a direction holds', async () => {
    const { model, initialState, terminalAdjoint } = wave2d(small)
    const like = (terminalAdjoint as (state: unknown) => Wave2dAdjoint)(initialState)
    for (let seed = 1; seed <= 5; seed++) {
      const random = randomNumbers(seed)
      const make = (): Wave2dAdjoint => ({
        current: Float64Array.from(like.current, random),
        previous: Float64Array.from(like.previous, random),
        misfit: random(),
        squaredCourant: Float64Array.from(like.squaredCourant, random),
      })
      const { current, previous } = make()
      const state = { current, previous, misfit: random() }
      const at = { state, direction: make(), adjoint: make(), n0: 20 * seed, steps: seed }
      expect((await dotProductTest(model, at)).relativeError).toBeLessThan(1e-12)
    }
  })

  it('leaves the tape as it is', () => {
    const { model, initialState, terminalAdjoint } = wave2d(small)
    const { state, tape } = model.tape(structuredClone(initialState), 0) as {
      state: unknown
      tape: Wave2dTape
    }
    const kept = structuredClone(tape)
    const terminal = (terminalAdjoint as (state: unknown) => Wave2dAdjoint)(state)
    void model.tangent!(structuredClone(terminal), tape, 0)
    void model.adjoint(terminal, tape, 0)
    expect(tape).toEqual(kept)
  })

  it('transposes a tangent that is the derivative of the step', () => {
    const { model, initialState } = wave2d(small)
    type State = typeof initialState
    let state = structuredClone(initialState)
    for (let n = 0; n < 100; n++) state = model.step(state, n) as State
    const random = randomNumbers(3)
    const moved = (h: number): State => ({
      current: state.current.map((u, i) => u + h * state.previous[i]! * (i % 7)),
      previous: state.previous.map((u, i) => u + h * state.current[i]! * (i % 5)),
      misfit: state.misfit,
    })
    const h = 0.1 + 0.01 * random()
    const [more, less] = [model.step(moved(h), 100) as State, model.step(moved(-h), 100) as State]
    const { tape } = model.tape(structuredClone(state), 100) as { tape: Wave2dTape }
    const tangent = model.tangent!(
      {
        current: state.previous.map((u, i) => u * (i % 7)),
        previous: state.current.map((u, i) => u * (i % 5)),
        misfit: 0,
        squaredCourant: new Float64Array(state.current.length / small.shots),
      },
      tape,
      100,
    ) as Wave2dAdjoint
    // A step is linear in the fields and its misfit quadratic: central differences are exact but for rounding.
    expect(tangent.misfit).not.toBe(0)
    expect((more.misfit - less.misfit) / (2 * h) / tangent.misfit).toBeCloseTo(1, 9)
    for (let i = 0; i < tangent.current.length; i++) {
      expect((more.current[i]! - less.current[i]!) / (2 * h)).toBeCloseTo(tangent.current[i]!, 11)
    }
  })

  it('passes a Taylor test with rate 2 for the whole gradient', async () => {
    const { control } = wave2d(small)
    const random = randomNumbers(11)
    const at = (there: Float64Array) => runPlainly(wave2d(small, there))
    const { rows } = await taylorTest(
      at,
      control,
      control.map((c) => c * random()),
      { h: 0.001 },
    )
    for (const { rate } of rows.slice(1)) expect(Math.abs(rate! - 2)).toBeLessThan(0.05)
  })

  it('passes a Taylor test along a change at the edge, which the layer repeats', async () => {
    const { control } = wave2d(small)
    const atTheEdge = control.map((c, i) => (i < 64 || i % 64 === 0 ? c : 0))
    const at = (there: Float64Array) => runPlainly(wave2d(small, there))
    const { rows } = await taylorTest(at, control, atTheEdge, { h: 0.001 })
    for (const { rate } of rows.slice(1)) expect(Math.abs(rate! - 2)).toBeLessThan(0.05)
  })
})

describe('the step of wave2d', () => {
  it('is the same with and without a tape, and allocates no field', () => {
    const { model, initialState } = wave2d(small)
    const stepped = structuredClone(initialState)
    const taped = structuredClone(initialState)
    const { current, previous } = stepped
    for (let n = 0; n < 51; n++) {
      expect(model.step(stepped, n)).toBe(stepped)
      model.tape(taped, n)
    }
    expect(stepped.current).toBe(previous)
    expect(stepped.previous).toBe(current)
    expect(taped).toEqual(stepped)
    expect(stepped.misfit).toBeGreaterThan(0)
  })

  it('spreads one source evenly to all sides', () => {
    const shape = [41, 41]
    const velocity = { data: new Float64Array(41 * 41).fill(2000), shape }
    const at = { velocity, shots: 1, receivers: 41, steps: 120, sourceDepth: 200, absorbingWidth: 10 }
    const above = recordShots({ ...at, receiverDepth: 100 }).data
    const below = recordShots({ ...at, receiverDepth: 300 }).data
    for (let i = 0; i < above.length; i++) expect(above[i]).toBeCloseTo(below[i]!, 12)
    expect(above[100 * 41 + 18]).toBeCloseTo(above[100 * 41 + 22]!, 12)
  })

  it('travels at the velocity', () => {
    const velocity = { data: new Float64Array(61 * 201).fill(2000), shape: [61, 201] }
    const records = recordShots({
      velocity,
      shots: 1,
      receivers: 201,
      steps: 600,
      sourceDepth: 300,
      receiverDepth: 300,
    })
    const timeOfPeak = (receiver: number) => {
      let best = 0
      for (let n = 0; n < 600; n++) {
        if (records.data[n * 201 + receiver]! > records.data[best * 201 + receiver]!) best = n
      }
      return best * 0.0015
    }
    const metres = 10 * 50
    expect(metres / (timeOfPeak(190) - timeOfPeak(140)) / 2000).toBeCloseTo(1, 2)
  })

  it('absorbs what leaves: of the amplitude, a tenth returns by default, less from a wider layer', () => {
    const steps = 450
    // A model with so many more points on each side that nothing returns in time; of it, the same 60 receivers.
    const record = (more: number, absorbingWidth: number) => {
      const points = 60 + 2 * more
      const { data } = recordShots({
        velocity: { data: new Float64Array(points * points).fill(2000), shape: [points, points] },
        ...{ steps, shots: 1, receivers: points, absorbingWidth },
        ...{ sourceDepth: 520 + 10 * more, receiverDepth: 20 + 10 * more },
      })
      return data.filter((_, i) => i % points >= more && i % points < more + 60)
    }
    const norm = (values: Float64Array) => Math.sqrt(values.reduce((sum, value) => sum + value * value, 0))
    const reference = record(70, 10)
    const returned = (width: number) =>
      norm(record(0, width).map((value, i) => value - reference[i]!)) / norm(reference)
    expect(returned(30)).toBeLessThan(0.11)
    expect(returned(40)).toBeLessThan(0.06)
  })
})

describe('the options of wave2d', () => {
  const velocity = layeredVelocity({ shape: [20, 30], lens: false })
  const observed = { data: new Float32Array(2 * 50 * 10), shape: [2, 50, 10] }
  const withValue = <T extends Float32Array | Float64Array>(data: T, i: number, value: number): T => {
    const changed = data.slice() as T
    changed[i] = value
    return changed
  }

  it('take the number of steps from the data', () => {
    expect(wave2d({ velocity, observed }).steps).toBe(50)
    expect(wave2d({ velocity, observed, steps: 20 }).steps).toBe(20)
    expect(wave2d({ velocity, observed }).field?.axes.map(({ count }) => count)).toEqual([20, 30])
  })

  it('change the fingerprint, as the control does', () => {
    const prints = [
      wave2d({ velocity, observed }),
      wave2d({ velocity, observed, spacing: 11 }),
      wave2d({ velocity, observed }, withValue(velocity.data, 5, 1801)),
      wave2d({ velocity, observed: { ...observed, data: withValue(observed.data, 5, 1) } }),
    ].map(({ model }) => model.fingerprint)
    expect(new Set(prints).size).toBe(4)
    expect(wave2d({ velocity, observed }).model.fingerprint).toBe(prints[0])
  })

  it.each([
    [{ velocity }, 'wave2d: velocity is given, but observed is missing'],
    [{ observed }, 'wave2d: observed is given, but velocity is missing'],
    [{ velocity, observed, steps: 51 }, 'steps = 51, but observed has records of 50 steps'],
    [{ velocity, observed, shots: 3 }, 'shots = 3, but observed has 2'],
    [{ velocity, observed, receivers: 11 }, 'receivers = 11, but observed has 10'],
    [{ velocity, observed, timeStep: 0.01 }, 'the largest stable timeStep is 0.002111 s'],
    [{ timeStep: 0.0022 }, 'timeStep = 0.0022 s is unstable'],
    [
      { velocity, observed, sourceDepth: 1000 },
      'sourceDepth = 1000 m lies below the grid, which ends at 190 m',
    ],
    [{ receiverDepth: 1000 }, 'receiverDepth = 1000 m lies below the grid'],
    [{ receivers: 65 }, '65 receivers do not fit into the 64 grid points'],
    [{ shots: 65 }, '65 shots do not fit'],
    [{ steps: 1e6 }, 'the built-in example makes data for at most 20000 steps'],
    [
      { velocity: { data: velocity.data, shape: [600, 1] }, observed },
      'velocity has 600 x 1 points; at least 5 x 5',
    ],
    [
      { velocity: { ...velocity, data: withValue(velocity.data, 31, -3) }, observed },
      'at depth index 1, distance index 1 it is -3',
    ],
    [{ velocity: { ...velocity, data: withValue(velocity.data, 0, Number.NaN) }, observed }, 'it is NaN'],
    [
      { velocity, observed: { ...observed, data: withValue(observed.data, 511, Infinity) } },
      'at shot 1, step 1, receiver 1 it is Infinity',
    ],
    [{ velocity: { data: velocity.data, shape: [20, 31] }, observed }, 'velocity must be { data, shape }'],
  ])('%#: a broken rule is one sentence', (options, sentence) => {
    expect(() => wave2d(options)).toThrow(sentence)
  })

  it('advise a time step that is accepted', () => {
    expect(() => wave2d({ velocity, observed, timeStep: 0.002111 })).not.toThrow()
  })

  it('hold for the control too', () => {
    expect(() => wave2d({ velocity, observed }, new Float64Array(3))).toThrow(
      'the control must have 600 values',
    )
    expect(() =>
      wave2d(
        { velocity, observed },
        velocity.data.map((c) => 2 * c),
      ),
    ).toThrow('unstable')
  })
})
