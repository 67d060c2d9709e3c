/** What is wrong with a right-hand side, a tableau or an option is said in a sentence. */
import { describe, expect, test } from 'vitest'
import { adaptive, bogackiShampine, heun, rk4, rungeKutta, secondOrder, tableaus } from '../src/index.js'

const equation = {
  rhs: (u: Float64Array, rate: number) => u.map((x) => -rate * x),
  vjp: (w: Float64Array, u: Float64Array, rate: number) => ({
    state: w.map((x) => -rate * x),
    params: -w[0]! * u[0]!,
  }),
  params: 0.5,
  timeStep: 0.25,
}
const state = Float64Array.of(1, 2)
const adjoint = { state, params: 0 }

describe('what a function returns', () => {
  test.each([
    [
      'NaN',
      (u: Float64Array) => u.map((x) => Math.sqrt(-x)),
      /rhs .* step 8, stage 1 \(t = 2\): value\[0\] is NaN/,
    ],
    ['another length', () => Float64Array.of(1), /value is Float64Array\(1\); it must be Float64Array\(2\)/],
    ['another kind', () => [1, 2], /value is an array of 2; it must be Float64Array\(2\)/],
    ['nothing', () => undefined, /value is undefined; it must be Float64Array\(2\)/],
    ['a promise', async () => Promise.resolve(state), /value is a Promise/],
  ])('rhs: %s', (_, rhs, message) => {
    const model = heun({ ...equation, rhs: rhs as never })
    expect(() => model.step(state, 8)).toThrow(message)
    expect(() => model.step(state, 8)).toThrow(expect.objectContaining({ code: 'INVALID_VALUE' }))
  })

  test('the stage at which it becomes NaN is named', () => {
    const leaves = (u: Float64Array) => u.map((x) => Math.sqrt(2.2 - x))
    expect(() => rk4({ ...equation, rhs: leaves }).step(state, 3)).not.toThrow()
    expect(() => rk4({ ...equation, timeStep: 1, rhs: leaves }).step(state, 3)).toThrow(
      /rk4: rhs .* step 3, stage 2 \(t = 3.5\): value\[\d\] is NaN/,
    )
  })

  test.each([
    [{ state }, /vjp .* step 8, stage 2 .*value.params is undefined; it must be a number/],
    [{ state: [1, 2], params: 1 }, /value.state is an array of 2/],
    [{ state: Float64Array.of(1, NaN), params: 1 }, /value.state\[1\] is NaN/],
    [{ state, params: Infinity }, /value.params is Infinity/],
    [{ state, params: 1, more: 1 }, /value.more is there; it must be an object with state, params/],
    [undefined, /value is undefined/],
  ])('vjp: %#', (returned, message) => {
    const model = heun({ ...equation, vjp: () => returned as never })
    expect(() => model.adjoint(adjoint, state, 8)).toThrow(message)
  })

  test('jvp and hvp', () => {
    const model = heun({ ...equation, jvp: () => Float64Array.of(1), hvp: () => ({ state, params: NaN }) })
    expect(() => model.tangent!(adjoint, state, 2)).toThrow(/jvp .* step 2, stage 1 .*Float64Array\(1\)/)
    const right = heun({ ...equation, jvp: () => state, hvp: () => ({ state, params: NaN }) })
    expect(() => right.curvature!(adjoint, adjoint, adjoint, state, 2)).toThrow(
      /hvp .* step 2, stage 2 .*params is NaN/,
    )
  })

  test('an adjoint that is not { state, params }, or not of their shape', () => {
    const model = heun(equation)
    expect(() => model.adjoint(state as never, state, 0)).toThrow(/must be \{ state, params \}/)
    expect(() => model.adjoint({ state: Float64Array.of(1), params: 0 }, state, 0)).toThrow(
      /heun: the adjoint of step 0 does not fit: state is Float64Array\(1\)/,
    )
    expect(() => model.adjoint({ state: Float64Array.of(NaN, 1), params: 0 }, state, 0)).toThrow(
      /state\[0\] is NaN. Check the terminal adjoint/,
    )
  })
})

test('an object of a class is no vector: it would stay as it is', () => {
  class Pair {
    readonly x = 1
  }
  const model = heun({ rhs: (u: Pair) => u, vjp: (w) => ({ state: w }), timeStep: 0.5 })
  expect(() => model.step(new Pair(), 0)).toThrow(
    /steps: a vector is an object of class Pair; use numbers, arrays, .* or plain objects of these/,
  )
})

test('integers are no vectors', () => {
  const model = heun({ rhs: (u: Int32Array) => u, vjp: (w) => ({ state: w }), timeStep: 0.5 })
  expect(() => model.step(Int32Array.of(1, 2), 0)).toThrow(
    /a vector is Int32Array\(2\); use .* Float64Arrays/,
  )
})

describe('options', () => {
  test.each([
    [{ ...equation, timeStep: undefined }, /^heun: timeStep /],
    [{ ...equation, timeStep: 0 }, /timeStep must not be 0/],
    [{ ...equation, timeStep: NaN }, /timeStep must be a finite number/],
    [{ ...equation, startTime: '0' }, /startTime must be a/],
    [{ ...equation, rhs: undefined }, /rhs must be a function; got undefined/],
    [{ ...equation, vjp: 3 }, /vjp must be a function; got 3/],
    [{ ...equation, jvp: {} }, /jvp must be a function/],
    [{ ...equation, hvp: () => adjoint }, /hvp is used together with jvp/],
    [
      { ...equation, starttime: 3 },
      /there is no option "starttime"\. Did you mean startTime\? It takes rhs, vjp/,
    ],
    [undefined, /^heun: pass options, \{ rhs, vjp, .*timeStep.*\}; got undefined/],
  ])('%#', (options, message) => {
    expect(() => heun(options as never)).toThrow(message)
    expect(() => heun(options as never)).toThrow(expect.objectContaining({ code: 'INVALID_OPTION' }))
  })

  test('of the adaptive pair', () => {
    const { timeStep: _, ...rest } = equation
    expect(() => bogackiShampine(rest as never)).toThrow(/until/)
    expect(() => bogackiShampine({ ...rest, until: 1, absoluteTolerance: 0 })).toThrow(/absoluteTolerance/)
    expect(() => bogackiShampine({ ...rest, until: 1, relativeTolerance: 1e-17 })).toThrow(
      /relativeTolerance/,
    )
    expect(() => bogackiShampine({ ...equation, until: 1 } as never)).toThrow(/no option "timeStep"/)
    expect(() => adaptive(tableaus.rk4, { ...rest, until: 1 })).toThrow(/rk4 has no embedded weights/)
    const blind = { ...tableaus.heun, embedded: tableaus.heun.b }
    expect(() => adaptive(blind, { ...rest, until: 1 })).toThrow(/embedded weights that are b itself/)
  })

  test.each([
    [{ ...tableaus.heun, a: [[0], [1]] }, /row 0 of the tableau's a must have 0 numbers.*Implicit/],
    [{ ...tableaus.heun, a: [[]] }, /as many rows in a/],
    [{ ...tableaus.heun, c: [0, 0.5] }, /row 1 of the tableau's a must add up to c\[1\] = 0.5; got 1/],
    [{ ...tableaus.heun, b: [0.5, 0.6] }, /b must add up to 1; got 1.1/],
    [{ ...tableaus.heun, embedded: [0.5, 0.6] }, /embedded must add up to 1/],
    [{ ...tableaus.heun, order: 0 }, /order must be an integer/],
    [{ ...tableaus.heun, a: [[], ['1']] }, /the tableau's a\[1\]\[0\] must be a finite number; got "1"/],
    [{ ...tableaus.heun, b: [NaN, 1] }, /the tableau's b\[0\] must be a finite number; got NaN/],
    [{ name: 'none' }, /lists a, b and c/],
  ])('tableau %#', (tableau, message) => {
    expect(() => rungeKutta(tableau as never, equation)).toThrow(message)
  })
})

test('secondOrder names what a model lacks', () => {
  expect(() => secondOrder(heun(equation))).toThrow(/secondOrder: the model has no tangent\(/)
  expect(() => secondOrder(heun({ ...equation, jvp: () => state }))).toThrow(/the model has no curvature\(/)
})
