/** The third order of the Taylor test: right Hessian-vector products, wrong ones, functions that have none. */
import fc from 'fast-check'
import { taylorTest } from '@checkpoint-schedules/gradient-checks'
import { expect, test } from 'vitest'

/** Σ sin(x[i]) x[i+1], with a Hessian that is wrong by the factor 1 + `error`, times the direction. */
const chained =
  (direction: Float64Array, error = 0, gradientError = 0) =>
  (m: Float64Array) => {
    const [x, y, z] = [m[0]!, m[1]!, m[2]!]
    const [dx, dy, dz] = [direction[0]!, direction[1]!, direction[2]!]
    return {
      value: Math.sin(x) * y + Math.sin(y) * z,
      gradient: Float64Array.of(Math.cos(x) * y, Math.sin(x) + Math.cos(y) * z, Math.sin(y)).map(
        (it) => it * (1 + gradientError),
      ),
      hessianVectorProduct: Float64Array.of(
        -Math.sin(x) * y * dx + Math.cos(x) * dy,
        Math.cos(x) * dx - Math.sin(y) * z * dy + Math.cos(y) * dz,
        Math.cos(y) * dy,
      ).map((it) => it * (1 + error)),
    }
  }
const start = Float64Array.of(0.3, 0.7, 1.1)
const direction = Float64Array.of(1, -0.5, 0.8)

test('a right product passes, and its remainder falls with the cube', async () => {
  const { verdict, rate, secondOrder } = await taylorTest(chained(direction), start, direction)
  expect(verdict).toBe('passed')
  expect(rate).toBeCloseTo(2, 1)
  expect(secondOrder!.verdict).toBe('passed')
  expect(secondOrder!.rate).toBeCloseTo(3, 1)
  expect(secondOrder!.curvatureError).toBeLessThan(1e-6)
  expect(secondOrder!.rows).toHaveLength(5)
})

test('without a product there is no third order', async () => {
  const { verdict, ...rest } = await taylorTest(
    (m: number) => ({ value: Math.exp(m), gradient: Math.exp(m) }),
    1,
    1,
  )
  expect(verdict).toBe('passed')
  expect(rest).not.toHaveProperty('secondOrder')
})

test('right products are never wrong, and those that are wrong by 0.1 % or more never pass', () =>
  fc.assert(
    fc.asyncProperty(
      fc.array(fc.double({ min: 0.2, max: 2, noNaN: true }), { minLength: 6, maxLength: 6 }),
      fc.constantFrom(0, 1e-3, -1e-2, 0.5, -1, 3),
      async (values, error) => {
        const [m, d] = [Float64Array.from(values.slice(0, 3)), Float64Array.from(values.slice(3))]
        const { verdict, secondOrder } = await taylorTest(chained(d, error), m, d)
        expect(verdict).not.toBe(error === 0 ? 'wrong' : 'passed')
        expect(secondOrder!.verdict).toBe(verdict)
      },
    ),
  ))

test('a wrong gradient is wrong, whatever its product', async () => {
  const { verdict, slopeError } = await taylorTest(chained(direction, 0, 1e-3), start, direction)
  expect(verdict).toBe('wrong')
  expect(slopeError).toBeGreaterThan(5e-4)
})

test('linear and quadratic functions are exact', async () => {
  const linear = (m: number) => ({ value: 3 * m + 1, gradient: 3, hessianVectorProduct: 0 })
  const first = await taylorTest(linear, 2, 1)
  expect([first.verdict, first.secondOrder!.verdict]).toEqual(['exact', 'exact'])
  const square = (m: number) => ({ value: m * m, gradient: 2 * m, hessianVectorProduct: 2 })
  const second = await taylorTest(square, 2, 1)
  expect([second.verdict, second.secondOrder!.verdict]).toEqual(['passed', 'exact'])
  const wrong = await taylorTest((m: number) => ({ ...square(m), hessianVectorProduct: 2.01 }), 2, 1)
  expect(wrong.verdict).toBe('wrong')
})

test('a product of another shape or that is not finite is refused', async () => {
  const f = (hessianVectorProduct: unknown) => (m: number) => ({
    value: m * m,
    gradient: 2 * m,
    hessianVectorProduct: hessianVectorProduct as number,
  })
  await expect(taylorTest(f([1]), 2, 1)).rejects.toThrow(/differ in shape/)
  await expect(taylorTest(f(NaN), 2, 1)).rejects.toThrow(/hessianVectorProduct .* NaN; it must be finite/)
})
