/**
 * The least left[c] + right[n-c] over 1 <= c < n, for one n after another, where both sequences grow with n and neither is convex.
 *
 * The insight: put the lower convex hulls below both. The sum of the hulls is convex in c and nowhere above the sum itself, its minimiser
 * moves little from one n to the next, and once it exceeds the least sum found, it does so everywhere further out. On the way the scan
 * passes over blocks whose values all are too far above their hull. That is a proof for any values.
 *
 * ```
 *  .                    .     the sum, seldom far above …
 *    . \ .          . /
 *        \_ . __ .  /         … the bound
 *   stop <--- c* ---> stop
 * ```
 */
import { PrefixHull } from './prefix-hull.js'

// The bounds are rounded, sums of integers are not: the stops allow for that.
const SLACK = 1e-14

/** Near-linear in practice, O(n) for each n at worst. */
export class HullSearch {
  readonly #left: PrefixHull
  readonly #right: PrefixHull
  #star = 1 // the minimiser of the bound
  #last = 1 // the last best c
  #best = 0

  /** The values of both, from index 1 on, are entered by the caller before an n above them is asked for; after an infinite one all are. */
  constructor(left: Float64Array, right: Float64Array) {
    this.#left = new PrefixHull(left)
    this.#right = new PrefixHull(right)
  }

  /** The least sum for n if it is less than `limit`, else `limit`. To be called for n = 2, 3, … */
  least(n: number, limit: number): number {
    const left = this.#left
    const right = this.#right
    left.push(n - 1)
    right.push(n - 1)
    const low = Math.max(1, n - right.last)
    const high = Math.min(n - 1, left.last)
    this.#best = limit
    if (low > high) return limit
    this.#settle(n, low, high)
    const star = this.#star
    for (const c of [star, this.#last, this.#last + 1]) {
      if (c >= low && c <= high) this.#evaluate(n, c, c)
    }
    for (let c = star + 1; c <= high;) {
      const x = n - c
      const bound = left.at(c) + right.at(x)
      const stop = this.#best * (1 - SLACK)
      if (bound >= stop) break
      // As long as both indices stay in their blocks.
      const end = Math.min(high, left.blockEnd(c), n - right.blockStart(x))
      if (bound + left.gap(c) + right.gap(x) < stop) this.#evaluate(n, c, end)
      c = end + 1
    }
    left.rewind(star)
    right.rewind(n - star)
    for (let c = star - 1; c >= low;) {
      const x = n - c
      const bound = left.at(c) + right.at(x)
      const stop = this.#best * (1 - SLACK)
      if (bound >= stop) break
      const end = Math.max(low, left.blockStart(c), n - right.blockEnd(x))
      if (bound + left.gap(c) + right.gap(x) < stop) this.#evaluate(n, end, c)
      c = end - 1
    }
    left.rewind(star)
    right.rewind(n - star)
    return this.#best
  }

  // Down the slope of the bound.
  #settle(n: number, low: number, high: number): void {
    const left = this.#left
    const right = this.#right
    let star = Math.min(Math.max(this.#star, low), high)
    while (star < high && left.slopeAfter(star) < right.slopeAfter(n - star - 1)) star++
    while (star > low && right.slopeAfter(n - star) < left.slopeAfter(star - 1)) star--
    this.#star = star
    left.rewind(star)
    right.rewind(n - star)
  }

  #evaluate(n: number, from: number, to: number): void {
    const left = this.#left.values
    const right = this.#right.values
    for (let c = from; c <= to; c++) {
      const sum = left[c]! + right[n - c]!
      if (sum < this.#best) {
        this.#best = sum
        this.#last = c
      }
    }
  }
}
