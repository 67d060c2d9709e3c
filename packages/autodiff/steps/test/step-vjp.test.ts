/** A step with its pullback becomes a model: the pullback is used where it is the last one, and the step is called again elsewhere. */
import { dotProductTest } from '@checkpoint-schedules/gradient-checks'
import { describe, expect, test } from 'vitest'
import { rk4, stepVjp } from '../src/index.js'
import { lorenz, type Triple } from './support/lorenz.js'

/** x' = x + r x (1 - x), with r a parameter and a forcing that is added. */
const growth = (x: number, r: number, forcing: number) => ({
  state: x + r * x * (1 - x) + forcing,
  pullback: (w: number) => ({ state: w * (1 + r * (1 - 2 * x)), params: w * x * (1 - x) }),
})

test('gradients by the parameters are summed, and inputs reach their steps', async () => {
  const inputs = (n: number) => n / 10
  const model = stepVjp(growth, { params: 0.5, inputs })
  const value = async (x: number, r: number) => {
    const at = stepVjp(growth, { params: r, inputs })
    for (let n = 0; n < 5; n++) x = await at.step(x, n)
    return x
  }
  const tapes: number[] = []
  let x = 0.2
  for (let n = 0; n < 5; n++) {
    const { state, tape } = await model.tape(x, n)
    tapes.push(tape)
    x = state
  }
  expect(x).toBe(await value(0.2, 0.5))
  let adjoint = { state: 1, params: 7 }
  for (let n = 4; n >= 0; n--) adjoint = await model.adjoint(adjoint, tapes[n]!, n)
  const h = 1e-6
  expect(adjoint.state).toBeCloseTo(((await value(0.2 + h, 0.5)) - (await value(0.2 - h, 0.5))) / (2 * h), 8)
  expect(adjoint.params - 7).toBeCloseTo(
    ((await value(0.2, 0.5 + h)) - (await value(0.2, 0.5 - h))) / (2 * h),
    8,
  )
})

test('a pullback is never called after the next call of its step, as its memory may be gone by then', async () => {
  let newest = 0
  let calls = 0
  const step = (x: number, r: number) => {
    const mine = ++newest
    calls += 1
    const { state, pullback } = growth(x, r, 0)
    return {
      state,
      pullback(w: number) {
        expect(mine).toBe(newest)
        newest += 1
        return pullback(w)
      },
    }
  }
  const model = stepVjp(step, { params: 0.5 })
  const first = await model.tape(0.2, 0)
  const second = await model.tape(first.state, 1)
  expect(calls).toBe(2)
  const after = await model.adjoint({ state: 1, params: 0 }, second.tape, 1)
  expect(calls).toBe(2)
  await model.adjoint(after, first.tape, 0)
  expect(calls).toBe(3)
  // The same tape once more, as in several calculations.
  expect(await model.adjoint({ state: 1, params: 0 }, second.tape, 1)).toEqual(after)
})

test('steps and pullbacks may be asynchronous', async () => {
  const model = stepVjp(
    async (x: number, r: number) => {
      await Promise.resolve()
      const { state, pullback } = growth(x, r, 0)
      return { state, pullback: async (w: number) => Promise.resolve(pullback(w)) }
    },
    { params: 0.5 },
  )
  const sync = stepVjp((x: number, r: number) => growth(x, r, 0), { params: 0.5 })
  const adjoint = { state: 1, params: 0 }
  const { state, tape } = await model.tape(0.2, 0)
  expect(state).toBe(await sync.step(0.2, 0))
  expect(await model.adjoint(adjoint, tape, 0)).toEqual(await sync.adjoint(adjoint, 0.2, 0))
})

test('a forward of its own is taken where no pullback is needed', async () => {
  let calls = 0
  const model = stepVjp((x: number, r: number) => (calls++, growth(x, r, 0)), {
    params: 0.5,
    forward: (x, r) => x + r * x * (1 - x),
  })
  const next = await model.step(0.25, 0)
  expect(calls).toBe(0)
  expect((await model.tape(0.25, 0)).state).toBe(next)
})

test('with jvp and curvature, the model has tangent and curvature', async () => {
  const rk = rk4({ ...lorenz, params: [10, 28, 8 / 3] as Triple, timeStep: 0.01 })
  const model = stepVjp(
    (state: Triple, params: Triple) => {
      const model = rk4({ ...lorenz, params, timeStep: 0.01 })
      const { state: next } = model.tape(state, 0) as { state: Triple }
      const zeros: Triple = [0, 0, 0]
      return { state: next, pullback: (w: Triple) => model.adjoint({ state: w, params: zeros }, state, 0) }
    },
    {
      params: [10, 28, 8 / 3] as Triple,
      jvp: async (direction, state) => (await rk.tangent!(direction, state, 0)).state,
      curvature: (second, cotangent, direction, state) => {
        const params: Triple = [0, 0, 0]
        return rk.curvature!({ state: second, params }, { state: cotangent, params }, direction, state, 0)
      },
    },
  )
  const state: Triple = [1, 2, 20]
  const d = { state: [0.3, -0.5, 0.8] as Triple, params: [1, -2, 0.5] as Triple }
  const a = { state: [0.6, 0.1, -0.4] as Triple, params: [1, 2, 3] as Triple }
  const { verdict } = await dotProductTest(model, { state, direction: d, adjoint: a, steps: 20 })
  expect(verdict).toBe('passed')
  expect(await model.curvature!(a, d, d, state, 0)).toEqual(await rk.curvature!(a, d, d, state, 0))
})

test('states that have to be released are released once', async () => {
  const alive = new Set<{ x: number }>()
  const made = (x: number) => {
    const it = { x }
    alive.add(it)
    return it
  }
  const dispose = (it: { x: number }) => expect(alive.delete(it)).toBe(true)
  const codec = {
    clone: ({ x }: { x: number }) => made(x),
    byteLength: () => 8,
    dispose,
    encode: () => new Uint8Array(0),
    decode: () => made(0),
  }
  const model = stepVjp(
    ({ x }: { x: number }) => ({ state: made(2 * x), pullback: (w: number) => ({ state: 2 * w }) }),
    { codecs: { state: codec } },
  )
  const { state, tape } = await model.tape(await model.step(made(1), 0), 1)
  expect(alive.size).toBe(2)
  await model.step(state, 2)
  expect(await model.adjoint({ state: 1, params: null }, tape, 1)).toEqual({ state: 2, params: null })
  expect(alive.size).toBe(2)
  expect(model.codecs!.tape).toBe(codec)
})

describe('what is wrong is said in a sentence', () => {
  const adjoint = { state: [1, 2] as readonly number[], params: [0] as readonly number[] }
  const made = (returned: object) =>
    stepVjp(() => ({ state: [1, 2], ...returned }) as never, {
      params: [1] as readonly number[],
    })
  const pulled = (value: unknown) => made({ pullback: () => value })
  test.each([
    [made({}), /step 7 must return \{ state, pullback \}; got an object/],
    [made({ pullback: () => 0, state: [1] }), /step 7 .*state is an array of 1; it must be an array of 2/],
    [made({ pullback: () => 0, state: [1, NaN] }), /step 7 .*state\[1\] is NaN/],
    [pulled(undefined), /the pullback of step 7 must return \{ state, params \}.*no object/],
    [pulled({ state: [1, 2] }), /the pullback of step 7 .*params is undefined; it must be an array of 1/],
    [pulled({ state: [1], params: [1] }), /state is an array of 1; it must be an array of 2/],
    [pulled({ state: [1, Infinity], params: [1] }), /state\[1\] is Infinity/],
    [
      pulled({ state: [1, 2], params: Float64Array.of(1) }),
      /params is Float64Array\(1\); it must be an array/,
    ],
  ])('%#', async (model, message) => {
    const error = await (async () => model.adjoint(adjoint, [1, 2], 7))().catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ code: 'INVALID_VALUE', details: { step: 7 } })
    expect((error as Error).message).toMatch(/^stepVjp: /)
    expect((error as Error).message).toMatch(message)
  })

  test('a terminal adjoint of another shape', () => {
    const model = stepVjp(growth, { params: 0.5 })
    const refused = (it: unknown) => () => model.adjoint(it as never, 0.2, 3)
    expect(refused(1)).toThrow(
      /the adjoint of step 3 must be \{ state, params \}.*Check the terminal adjoint/,
    )
    expect(refused({ state: 1 })).toThrow(/must be \{ state, params \}, with params like those of the step/)
    expect(refused({ state: 1, params: [0] })).toThrow(/params is an array of 1; it must be a number/)
  })

  test('arguments', () => {
    expect(() => stepVjp(1 as never)).toThrow('stepVjp: step must be a function; got 1.')
    expect(() => stepVjp(growth, { params: 1, input: () => 1 } as never)).toThrow(
      /no option "input"\. Did you mean inputs\?/,
    )
    expect(() => stepVjp(growth, { params: 1, forward: 2 as never })).toThrow(/forward must be a function/)
    expect(() => stepVjp(growth, { params: 1, curvature: () => ({ state: 1, params: 1 }) })).toThrow(/jvp/)
  })
})
