/** The dot-product test: a transposed tangent passes, anything else is wrong, and nothing is no pass. */
import type { Model } from '@checkpoint-schedules/model'
import { dotProductTest, innerProduct } from '@checkpoint-schedules/gradient-checks'
import { describe, expect, test } from 'vitest'

type Pair = readonly [number, number]
const model: Model<Pair, Pair, Pair> = {
  step: ([x, y]) => [x + 0.1 * y, y - 0.1 * x * x],
  tape: ([x, y]) => ({ state: [x + 0.1 * y, y - 0.1 * x * x], tape: [x, y] }),
  tangent: ([dx, dy], [x]) => [dx + 0.1 * dy, dy - 0.2 * x * dx],
  adjoint: ([ax, ay], [x]) => [ax - 0.2 * x * ay, ay + 0.1 * ax],
}
const at = { state: [1, 2] as Pair, direction: [0.3, -0.4] as Pair, adjoint: [0.7, 0.2] as Pair, steps: 5 }

test('the transpose passes', async () => {
  const { verdict, relativeError } = await dotProductTest(model, at)
  expect(verdict).toBe('passed')
  expect(relativeError).toBeLessThan(1e-14)
})

test('anything else is wrong, however little', async () => {
  const wrong: typeof model = {
    ...model,
    adjoint: ([ax, ay], [x]) => [ax - 0.2 * x * ay, ay + 0.1000001 * ax],
  }
  expect((await dotProductTest(wrong, at)).verdict).toBe('wrong')
  expect((await dotProductTest(wrong, { ...at, tolerance: 1e-3 })).verdict).toBe('passed')
})

describe('undecided', () => {
  test('two zeros', async () => {
    const result = await dotProductTest(model, { ...at, direction: [0, 0] })
    expect(result).toMatchObject({ verdict: 'undecided', relativeError: Number.NaN })
  })

  test('vectors that are orthogonal but for rounding', async () => {
    const turn: typeof model = {
      ...model,
      tangent: ([dx, dy]) => [dx, dy],
      adjoint: (a) => [a[0] + 1e-17, a[1]],
    }
    const result = await dotProductTest(turn, {
      ...at,
      direction: [0.1, 0.3],
      adjoint: [-0.3, 0.1],
      steps: 1,
    })
    expect(result.verdict).toBe('undecided')
  })

  test('a value that is not finite', async () => {
    const nan: typeof model = { ...model, adjoint: () => [Number.NaN, 0] }
    expect((await dotProductTest(nan, at)).verdict).toBe('undecided')
  })
})

test('values of two shapes have no inner product', () => {
  expect(innerProduct({ a: 1, b: [2, 3] }, { b: [1, 1], a: 4 })).toBe(9)
  expect(() => innerProduct({ a: 1 }, { b: 1 })).toThrow('innerProduct: the values differ in shape at value;')
  expect(() => innerProduct({ a: [1, 2] }, { a: [1] })).toThrow('at value.a')
})

test('what cannot be tested is refused', async () => {
  const { tangent: _, ...bare } = model
  await expect(dotProductTest(bare, at)).rejects.toThrow('the model has no tangent')
  await expect(dotProductTest(model, { ...at, steps: 0 })).rejects.toThrow(
    'steps must be an integer >= 1; got 0.',
  )
})
