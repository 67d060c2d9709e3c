/**
 * The least left[c] + right[n-c] over 1 <= c < n, for one n after another, where both sequences grow with n and neither is convex.
 *
 * The insight: put the lower convex hulls below both. The sum of the hulls is convex in c and nowhere above the sum itself, its minimiser
 * moves little from one n to the next, and once it exceeds the least sum found, it does so everywhere further out. If all values are
 * multiples of one number, the scan may stop earlier: as soon as the bound leaves no room for a smaller multiple.
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

/** How many sums are evaluated between two looks at the bound. */
const STRIDE = 16

/** Near-linear in practice, O(n) for each n at worst. */
export class HullSearch {
  readonly #left: PrefixHull
  readonly #right: PrefixHull
  readonly #grain: number
  #star = 1 // the minimiser of the bound
  #last = 1 // the last best c
  #best = 0

  /**
   * The values of both, from index 1 on, are entered by the caller before an n above them is asked for; after an infinite one all are.
   *
   * @param grain - All values are multiples of it; 0 if of none.
   */
  constructor(left: Float64Array, right: Float64Array, grain: number) {
    this.#left = new PrefixHull(left)
    this.#right = new PrefixHull(right)
    this.#grain = grain
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
    const star = this.#settle(n, low, high)
    for (const c of [star, this.#last, this.#last + 1]) {
      if (c >= low && c <= high) this.#evaluate(n, c, c)
    }
    for (let c = star + 1; c <= high && left.at(c) + right.at(n - c) < this.#stop(); c += STRIDE)
      this.#evaluate(n, c, Math.min(high, c + STRIDE - 1))
    for (let c = star - 1; c >= low && left.at(c) + right.at(n - c) < this.#stop(); c -= STRIDE)
      this.#evaluate(n, Math.max(low, c - STRIDE + 1), c)
    return this.#best
  }

  // No sum that is less than the best one has a bound as high as this.
  #stop(): number {
    const best = this.#best
    if (this.#grain <= best * 1e-12) return best * (1 - SLACK)
    return best - this.#grain + best * 1e-13
  }

  // Down the slope of the bound.
  #settle(n: number, low: number, high: number): number {
    const left = this.#left
    const right = this.#right
    let star = Math.min(Math.max(this.#star, low), high)
    while (star < high && left.slopeAfter(star) < right.slopeAfter(n - star - 1)) star++
    while (star > low && right.slopeAfter(n - star) < left.slopeAfter(star - 1)) star--
    this.#star = star
    return star
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
