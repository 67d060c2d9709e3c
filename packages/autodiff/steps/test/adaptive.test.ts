/** Pairs that choose their step size: as exact as asked for, right gradients, clear ends. */
import { dotProductTest } from '@checkpoint-schedules/gradient-checks'
import { describe, expect, test } from 'vitest'
import { adaptive, type AdaptiveModel, type AdaptiveState, bogackiShampine, tableaus } from '../src/index.js'
import { lorenz, type Triple } from './support/lorenz.js'

const params: Triple = [10, 28, 8 / 3]
const initial: AdaptiveState<Triple> = { u: [1, 2, 20], time: 0, size: 2 ** -6 }

async function forward<State, Params>(model: AdaptiveModel<State, Params>, state: AdaptiveState<State>) {
  const states = [state]
  while (!(await model.isDone!(states.at(-1)!, states.length - 1)))
    states.push(await model.step(states.at(-1)!, states.length - 1))
  return states
}

test('the error follows the tolerance, the run ends at its end, and sizes are powers of 2 before', async () => {
  let before = Infinity
  for (const tolerance of [1e-4, 1e-6, 1e-8]) {
    const model = bogackiShampine({
      rhs: (x: number, _, t) => x * Math.cos(t),
      vjp: (w) => ({ state: w }),
      until: 2.7,
      absoluteTolerance: tolerance,
      relativeTolerance: tolerance,
    })
    const states = await forward(model, { u: 1, time: 0, size: 1 })
    const { u, time } = states.at(-1)!
    expect(time).toBe(2.7)
    const error = Math.abs(u - Math.exp(Math.sin(2.7)))
    expect(error).toBeLessThan(30 * tolerance)
    expect(error).toBeLessThan(before)
    before = error
    for (const { size } of states.slice(0, -2)) expect(Number.isInteger(Math.log2(size))).toBe(true)
  }
})

test('the last step ends exactly at the end, whatever rounding makes of its size', async () => {
  const until = 3 / 7
  expect(0.1 + (until - 0.1)).toBeLessThan(until)
  const model = bogackiShampine({ rhs: () => 0, vjp: () => ({ state: 0 }), until })
  expect((await model.step({ u: 1, time: 0.1, size: 1 }, 0)).time).toBe(until)
})

test('sizes grow again where the solution is smooth', async () => {
  const model = bogackiShampine({ rhs: (x: number) => -x, vjp: (w) => ({ state: -w }), until: 20 })
  const states = await forward(model, { u: 1, time: 0, size: 2 ** -20 })
  expect(Math.max(...states.map(({ size }) => size))).toBeGreaterThan(0.1)
})

test('the adjoint is the transpose of the tangent, and the derivative of what was computed', async () => {
  const model = (p: Triple) => bogackiShampine({ ...lorenz, params: p, until: 0.5 })
  const direction = { state: [0.3, -0.5, 0.8] as Triple, params: [1, -2, 0.5] as Triple }
  const adjoint = { state: [1, 2, -1] as Triple, params: [0, 0, 0] as Triple }
  const steps = (await forward(model(params), initial)).length - 1
  const { verdict, adjointSide } = await dotProductTest(model(params), {
    state: initial,
    direction,
    adjoint,
    steps,
  })
  expect(verdict).toBe('passed')
  const value = async (h: number) => {
    const move = (a: Triple, d: Triple) => a.map((it, i) => it + h * d[i]!) as unknown as Triple
    const states = await forward(model(move(params, direction.params)), {
      ...initial,
      u: move(initial.u, direction.state),
    })
    expect(states.length - 1).toBe(steps)
    return states.at(-1)!.u.reduce((sum, it, i) => sum + it * adjoint.state[i]!, 0)
  }
  const central = async (h: number) => ((await value(h)) - (await value(-h))) / (2 * h)
  const extrapolated = (4 * (await central(5e-6)) - (await central(1e-5))) / 3
  expect(adjointSide / extrapolated).toBeCloseTo(1, 8)
})

test('any tableau with embedded weights will do', async () => {
  const { euler: _, heun } = tableaus
  const pair = { ...heun, name: 'heunEuler', embedded: [1, 0] }
  const model = adaptive(pair, { rhs: (x: number) => -x, vjp: (w) => ({ state: -w }), until: 1 })
  const states = await forward(model, { u: 1, time: 0, size: 1 })
  expect(states.at(-1)!.u).toBeCloseTo(Math.exp(-1), 4)
})

describe('ends in a sentence', () => {
  const model = (rhs: (x: number, params: null, t: number) => number) =>
    bogackiShampine({ rhs, vjp: (w) => ({ state: w }), until: 1 })
  const from = (size: number, time = 0) => ({ u: 1, time, size })

  test('a right-hand side that is NaN where the state is', () => {
    expect(() => model(() => NaN).step(from(0.5), 4)).toThrow(
      /rhs .* step 4, stage 1 \(t = 0\): value is NaN/,
    )
  })

  test('one that leaves its domain where the step is too large is tried with smaller ones', async () => {
    const { time } = await model((x) => -Math.sqrt(x)).step(from(16), 0)
    expect(time).toBeLessThan(1)
  })

  test('one that jumps', () => {
    const jumps = model((_, __, t) => (t > 0.4 ? 1e30 : 0))
    expect(() => jumps.step(from(0.5, 0.4), 9)).toThrow(/no size of step 9 at time 0.4 is small enough/)
    const ends = model((_, __, t) => (t > 0.4 ? NaN : 0))
    expect(() => ends.step(from(0.5, 0.4), 9)).toThrow(
      expect.objectContaining({ cause: expect.objectContaining({ code: 'INVALID_VALUE' }) as unknown }),
    )
  })

  test('a state without a size, or beyond the end', () => {
    expect(() => model((x) => x).step({ u: 1, time: 0 } as never, 0)).toThrow(/size > 0 and time < until = 1/)
    expect(() => model((x) => x).step(from(0.1, 1), 0)).toThrow(/got time 1 and size 0.1/)
  })
  test('a start that is after the end, where a run would take no step', async () => {
    const { isDone } = model((x) => x)
    expect(() => isDone!(from(0.1, 2), 0)).toThrow(
      /starts at time 2, which is after until = 1\. Steps go forwards only/,
    )
    expect(await isDone!(from(0.1, 1), 0)).toBe(true)
    expect(await isDone!(from(0.1, 2), 7)).toBe(true)
  })
})
