/** Explicit Runge-Kutta steps against an adjoint written by hand, finite differences, their own tangents, and exact solutions. */
import { dotProductTest } from '@checkpoint-schedules/gradient-checks'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { rungeKutta, rk4, tableaus, type Tableau } from '../src/index.js'
import { adjointByHand, lorenz, stepByHand, type Triple } from './support/lorenz.js'
import { anyTableau, anyTriple } from './support/tableaus.js'

const params: Triple = [10, 28, 8 / 3]
const start: Triple = [1, 2, 20]
const none = { state: [0, 0, 0] as Triple, params: [0, 0, 0] as Triple }

/** Relative to the largest number. */
const distance = (a: readonly number[], b: readonly number[]) =>
  Math.max(...a.map((it, i) => Math.abs(it - b[i]!))) / Math.max(...b.map(Math.abs))

test('rk4 is the step and the adjoint that are written by hand, to 1e-12, over 100 steps', async () => {
  const timeStep = 0.01
  const model = rk4({ ...lorenz, params, timeStep })
  const states: Triple[] = [start]
  const tapes: Triple[] = []
  for (let n = 0; n < 100; n++) {
    const { state, tape } = await model.tape(states.at(-1)!, n)
    tapes.push(tape)
    states.push(state)
    expect(distance(state, stepByHand(tape, params, timeStep))).toBeLessThan(1e-14)
    expect(await model.step(tape, n)).toEqual(state)
  }
  let got: { state: Triple; params: Triple } = { ...none, state: [0.3, -1, 2] }
  let wanted = got
  for (let n = 99; n >= 0; n--) {
    got = await model.adjoint(got, tapes[n]!, n)
    wanted = adjointByHand(wanted, states[n]!, params, timeStep)
  }
  expect(distance(got.state, wanted.state)).toBeLessThan(1e-12)
  expect(distance(got.params, wanted.params)).toBeLessThan(1e-12)
})

test('the adjoint at once, with what the step computed, and later are bit-for-bit identical', async () => {
  const model = rk4({ ...lorenz, params, timeStep: 0.05 })
  const after = { ...none, state: [1, 2, 3] as Triple }
  const { tape } = await model.tape(start, 3)
  const atOnce = await model.adjoint(after, tape, 3)
  expect(await model.adjoint(after, tape, 3)).toEqual(atOnce)
  expect(await rk4({ ...lorenz, params, timeStep: 0.05 }).adjoint(after, start, 3)).toEqual(atOnce)
})

test('where the adjoint comes at once, nothing is evaluated twice', async () => {
  let calls = 0
  const counted = {
    ...lorenz,
    rhs: (...given: Parameters<typeof lorenz.rhs>) => (calls++, lorenz.rhs(...given)),
  }
  const model = rk4({ ...counted, params, timeStep: 0.05 })
  const { tape } = await model.tape(start, 0)
  await model.tangent!(none, tape, 0)
  await model.adjoint(none, tape, 0)
  expect(calls).toBe(4)
  await model.adjoint(none, tape, 0)
  expect(calls).toBe(8)
})

describe('for any explicit tableau', () => {
  test('the adjoint is the transpose of the tangent', () =>
    fc.assert(
      fc.asyncProperty(
        anyTableau,
        anyTriple,
        anyTriple,
        anyTriple,
        anyTriple,
        anyTriple,
        async (tableau, ...given) => {
          const [state, p, d, dp, a] = given
          const model = rungeKutta(tableau, { ...lorenz, params: p, timeStep: 0.1 })
          const { verdict } = await dotProductTest(model, {
            state: state,
            direction: { state: d, params: dp },
            adjoint: { state: a, params: [0.5, -1, 2] },
            tolerance: 1e-14,
          })
          // Undecided: the two sides differ by what rounding makes of vectors that are nearly orthogonal.
          expect(verdict).not.toBe('wrong')
        },
      ),
    ))

  test('the tangent is the derivative of the step', () =>
    fc.assert(
      fc.asyncProperty(
        anyTableau,
        anyTriple,
        anyTriple,
        anyTriple,
        anyTriple,
        async (tableau, u, p, d, dp) => {
          const at = (h: number) =>
            rungeKutta(tableau, { ...lorenz, params: moved(p, h, dp), timeStep: 0.1 }).step(moved(u, h, d), 0)
          const tangent = await rungeKutta(tableau, { ...lorenz, params: p, timeStep: 0.1 }).tangent!(
            { state: d, params: dp },
            u,
            0,
          )
          await expectDerivative(at, tangent.state)
        },
      ),
    ))

  test('curvature is the derivative of the adjoint', () =>
    fc.assert(
      fc.asyncProperty(
        anyTableau,
        anyTriple,
        anyTriple,
        anyTriple,
        anyTriple,
        anyTriple,
        anyTriple,
        async (tableau, u, p, d, dp, a, second) => {
          const at = async (h: number) => {
            const model = rungeKutta(tableau, { ...lorenz, params: moved(p, h, dp), timeStep: 0.1 })
            const adjoint = { state: moved(a, h, second), params: moved([1, 2, 3], h, d) }
            const { state, params } = await model.adjoint(adjoint, moved(u, h, d), 0)
            return [...state, ...params]
          }
          const model = rungeKutta(tableau, { ...lorenz, params: p, timeStep: 0.1 })
          const curved = await model.curvature!(
            { state: second, params: d },
            { state: a, params: [1, 2, 3] },
            { state: d, params: dp },
            u,
            0,
          )
          await expectDerivative(at, [...curved.state, ...curved.params])
        },
      ),
    ))
})

test.each(Object.values(tableaus) as Tableau[])('$name converges with order $order', async (tableau) => {
  // A forced oscillation whose solution is known; t is used, so that c is, too.
  const frequency = 3
  const exact = (t: number) => [
    Math.sin(frequency * t) + Math.cos(t),
    frequency * Math.cos(frequency * t) - Math.sin(t),
  ]
  const errorWith = async (steps: number) => {
    const model = rungeKutta(tableau, {
      rhs: ([x, v]: readonly number[], params, t) => [
        v!,
        -frequency * frequency * (x! - Math.cos(t)) - Math.cos(t),
      ],
      vjp: () => {
        throw new Error('not asked for')
      },
      timeStep: 1 / steps,
      startTime: 0.5,
    })
    let state: readonly number[] = exact(0.5)
    for (let n = 0; n < steps; n++) state = await model.step(state, n)
    return Math.hypot(...state.map((it, i) => it - exact(1.5)[i]!))
  }
  const order = Math.log2((await errorWith(200)) / (await errorWith(400)))
  expect(Math.abs(order - tableau.order)).toBeLessThan(0.1)
})

test('the embedded weights have an order less', async () => {
  const { embedded, ...rest } = tableaus.bogackiShampine
  const errorWith = async (steps: number) => {
    const model = rungeKutta(
      { ...rest, b: embedded },
      { rhs: (x: number, _, t) => x * Math.cos(t), vjp: (w) => ({ state: w }), timeStep: 1 / steps },
    )
    let x = 1
    for (let n = 0; n < steps; n++) x = await model.step(x, n)
    return Math.abs(x - Math.exp(Math.sin(1)))
  }
  expect(Math.abs(Math.log2((await errorWith(100)) / (await errorWith(200))) - 2)).toBeLessThan(0.1)
})

test('states are numbers, typed arrays, or objects of them; single precision is rounded once', async () => {
  const decay = rk4({
    rhs: ({ u, x }: { u: Float32Array; x: number }) => ({ u: u.map((it) => -it), x: -x }),
    vjp: ({ u, x }) => ({ state: { u: u.map((it) => -it), x: -x } }),
    timeStep: 0.1,
  })
  const state = { u: Float32Array.of(1, 2), x: 2 }
  const next = await decay.step(state, 0)
  expect(next.u).toBeInstanceOf(Float32Array)
  expect(next.x).toBeCloseTo(2 * Math.exp(-0.1), 6)
  expect(next.u[1]).toBeCloseTo(next.x, 6)
  const adjoint = await decay.adjoint({ state, params: null }, state, 0)
  expect(adjoint.state.u).toBeInstanceOf(Float32Array)
  expect([...adjoint.state.u, adjoint.state.x]).toEqual([...next.u, expect.closeTo(next.x, 14)])
  expect(adjoint.params).toBe(null)
})

test('time and step are handed over', async () => {
  const seen: number[][] = []
  const model = rungeKutta(tableaus.heun, {
    rhs: (x: number, _, t, n) => (seen.push([t, n]), x - x),
    vjp: (w) => ({ state: w }),
    timeStep: -0.5,
    startTime: 2,
  })
  await model.step(1, 3)
  expect(seen).toEqual([
    [0.5, 3],
    [0, 3],
  ])
})

function moved(point: readonly number[], h: number, direction: readonly number[]): Triple {
  return point.map((it, i) => it + h * direction[i]!) as unknown as Triple
}

/** Central differences, extrapolated once: their error is of order h^4, and what is differentiated is a polynomial. */
async function expectDerivative(
  at: (h: number) => PromiseLike<readonly number[]> | readonly number[],
  got: readonly number[],
): Promise<void> {
  const central = async (h: number) => {
    const [plus, minus] = [await at(h), await at(-h)]
    return plus.map((it, i) => (it - minus[i]!) / (2 * h))
  }
  const h = 1e-3
  const [fine, coarse] = [await central(h / 2), await central(h)]
  const values = (await at(0)).map(Math.abs)
  const size = 1 + Math.max(...values, ...got.map(Math.abs))
  for (const [i, it] of got.entries())
    expect(Math.abs(it - (4 * fine[i]! - coarse[i]!) / 3) / size).toBeLessThan(1e-8)
}
