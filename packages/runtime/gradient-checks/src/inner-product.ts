/** The inner product of two trees of numbers. */
import { visitLeaves } from './trees.js'

/**
 * The sum of the products of corresponding numbers. The two must have the same shape.
 *
 * @throws `INVALID_OPTION`: they differ in shape; the message names the place.
 * @example
 * ```ts
 * import { innerProduct } from '@checkpoint-schedules/gradient-checks'
 *
 * innerProduct({ x: 1, v: [2, 3] }, { x: 10, v: [1, 1] }) // 15
 * ```
 */
export function innerProduct(a: unknown, b: unknown): number {
  let sum = 0
  visitLeaves('innerProduct', [a, b], (x, y) => {
    for (let i = 0; i < x.length; i++) sum += x[i]! * y[i]!
  })
  return sum
}
