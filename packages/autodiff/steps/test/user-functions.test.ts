/** Functions that return the same memory each time give the same bits; those that write to their arguments are named. */
import { describe, expect, test } from 'vitest'
import { heun, rk4, secondOrder, stepVjp } from '../src/index.js'
import type { RungeKuttaOptions } from '../src/index.js'

// Predators and prey, with both rates.
type Rates = { a: number; b: number }
type Direction = { state: Float64Array; params: Rates }
const rhs = ([x, y]: Float64Array, { a, b }: Rates) => Float64Array.of(x! * (a - y!), -y! * (b - x!))
const vjp = ([v, w]: Float64Array, [x, y]: Float64Array, { a, b }: Rates) => ({
  state: Float64Array.of(v! * (a - y!) + w! * y!, -v! * x! - w! * (b - x!)),
  params: { a: v! * x!, b: -w! * y! },
})
const jvp = (d: Direction, [x, y]: Float64Array, { a, b }: Rates) =>
  Float64Array.of(
    d.state[0]! * (a - y!) + x! * (d.params.a - d.state[1]!),
    -d.state[1]! * (b - x!) - y! * (d.params.b - d.state[0]!),
  )
const hvp = (d: Direction, [v, w]: Float64Array) => ({
  state: Float64Array.of(
    v! * (d.params.a - d.state[1]!) + w! * d.state[1]!,
    -v! * d.state[0]! - w! * (d.params.b - d.state[0]!),
  ),
  params: { a: v! * d.state[0]!, b: -w! * d.state[1]! },
})
const params = { a: 1.1, b: 0.4 }
const equation: RungeKuttaOptions<Float64Array, Rates> = { rhs, vjp, jvp, hvp, params, timeStep: 0.05 }
const start: Float64Array = Float64Array.of(1, 0.5)
const end: Direction = { state: Float64Array.of(1, 0.5), params: { a: 0, b: 0 } }

/** Three steps forwards and back, with second derivatives. */
async function gradient(changes: Partial<RungeKuttaOptions<Float64Array, Rates>>) {
  const model = secondOrder(rk4({ ...equation, ...changes }))
  const t: Direction = { state: Float64Array.of(1, -1), params: { a: 1, b: 2 } }
  let state = { u: start, t }
  const tapes = []
  for (let n = 0; n < 3; n++) {
    const made = await model.tape(state, n)
    tapes.push(made.tape)
    state = made.state
  }
  let adjoint = { g: end, h: end }
  for (let n = 2; n >= 0; n--) adjoint = await model.adjoint(adjoint, tapes[n]!, n)
  return { state, adjoint }
}

/** The same function, whose results are all in the same memory. */
function inPlace<Args extends readonly unknown[], T>(f: (...args: Args) => T): (...args: Args) => T {
  let memory: T | undefined
  const write = (to: any, from: any) => {
    for (const key of Object.keys(from))
      if (typeof from[key] === 'object') write(to[key], from[key])
      else to[key] = from[key]
  }
  return (...args) => {
    const result = f(...args)
    if (memory === undefined) memory = result
    else write(memory, result)
    return memory
  }
}

test.each([
  ['rhs', { rhs: inPlace(rhs) }],
  ['vjp', { vjp: inPlace(vjp) }],
  ['jvp and hvp', { jvp: inPlace(jvp), hvp: inPlace(hvp) }],
])('%s may return the same memory each time', async (_, changes) => {
  expect(await gradient(changes)).toEqual(await gradient({}))
})

test('a right-hand side may return its argument, or a constant', async () => {
  const constant = [1, 2]
  const falling = heun({ rhs: () => constant, vjp: () => ({ state: [0, 0] }), timeStep: 0.5 })
  expect(await falling.step([0, 0], 0)).toEqual([0.5, 1])
  const growing = heun({ rhs: (u: number[]) => u, vjp: (w) => ({ state: w }), timeStep: 0.5 })
  expect(await growing.step([8, 16], 0)).toEqual([13, 26])
  expect(constant).toEqual([1, 2])
})

describe('a function that writes to what it is given', () => {
  test.each([
    [
      'rhs to the state',
      {
        rhs(u: Float64Array, p: Rates) {
          u.set(rhs(u, p))
          return Float64Array.from(u)
        },
      },
      /rk4: rhs changed its argument state\[0\], which is used again/,
    ],
    [
      'rhs to the parameters',
      { rhs: (u: Float64Array, p: Rates) => ((p.a *= 1.01), rhs(u, p)) },
      /rhs changed its argument params\.a/,
    ],
    [
      'vjp to the cotangent',
      { vjp: (w: Float64Array, u: Float64Array, p: Rates) => (w.fill(1), vjp(w, u, p)) },
      /vjp changed its argument cotangent\[0\].*return new values/,
    ],
    [
      'jvp to the direction',
      {
        jvp: (d: Direction, u: Float64Array, p: Rates) => ((d.state[1] = 0), jvp(d, u, p)),
      },
      /jvp changed its argument direction\.state\[1\]/,
    ],
    [
      'hvp to the parameters, which get one more',
      {
        hvp: (d: Direction, w: Float64Array, _: Float64Array, p: Rates) => (
          Object.assign(p, { c: 1 }),
          hvp(d, w)
        ),
      },
      /hvp changed its argument params\.c/,
    ],
  ])('%s', async (_, changes, message) => {
    await expect(gradient({ ...changes, params: { ...params } })).rejects.toThrow(message)
  })
})

describe('of stepVjp', () => {
  const turn = (w: Float64Array, to: Float64Array): Float64Array => {
    // Reads w[0] after it has written to[0], which is wrong if both are the same memory.
    to[0] = 0.8 * w[0]! - 0.6 * w[1]!
    to[1] = 0.6 * w[0]! + 0.8 * w[1]!
    return to
  }
  const step = (to: () => Float64Array) => (u: Float64Array) => ({
    state: Float64Array.from(u) as Float64Array,
    pullback: (w: Float64Array) => ({ state: turn(w, to()) }),
  })
  const back = async (to: () => Float64Array) => {
    const model = stepVjp(step(to), { jvp: ({ state }) => turn(state, to()) })
    const first: Float64Array = Float64Array.of(1, 2)
    let adjoint = { state: first, params: null }
    let direction = adjoint
    for (let n = 2; n >= 0; n--) adjoint = await model.adjoint(adjoint, start, n)
    for (let n = 0; n < 3; n++) direction = await model.tangent!(direction, start, n)
    return { adjoint, direction }
  }

  test('pullback and jvp may return the same memory each time', async () => {
    const memory = new Float64Array(2)
    expect(await back(() => memory)).toEqual(await back(() => new Float64Array(2)))
  })

  test('a step that writes to the parameters', async () => {
    const model = stepVjp(
      (x: number, p: { r: number }) => {
        p.r += 1
        return { state: x * p.r, pullback: (w: number) => ({ state: w * p.r, params: { r: w * x } }) }
      },
      { params: { r: 2 } },
    )
    expect(() => model.step(1, 0)).toThrow(/stepVjp: step changed its argument params\.r/)
  })

  test('inputs may be asynchronous', async () => {
    const model = stepVjp(
      (x: number, _: null, forcing: number) => ({ state: x + forcing, pullback: (w) => ({ state: w }) }),
      { inputs: async (n) => Promise.resolve(10 * n) },
    )
    expect(await model.step(1, 2)).toBe(21)
  })
})
