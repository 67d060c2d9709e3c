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
 *
 * Between the stops, sums are looked at in blocks of c. From n-1 to n a sum grows by a rise of `right`; so the least sum of a block grows by
 * at least the least of these rises, and a block whose least sum was far above needs no look for a while.
 */
import { LeastRises } from './least-rises.js'
import { PrefixHull } from './prefix-hull.js'

// The bounds are rounded, sums of integers are not: the stops allow for that.
const SLACK = 1e-14

// More than the roundings of a block's bound.
const ROUNDED_DOWN = 1 - 2 ** -51

/** How many sums share a bound. */
const BLOCK = 64

/** Near-linear in practice, O(n) for each n at worst. */
export class HullSearch {
  readonly #left: PrefixHull
  readonly #right: PrefixHull
  readonly #rises: LeastRises
  readonly #grain: number
  readonly #bounds: Float64Array // of each block's sums, …
  readonly #counted: Int32Array // … for this n
  #star = 1 // the minimiser of the hulls' sum
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
    this.#rises = new LeastRises(right, BLOCK)
    this.#grain = grain
    const blocks = Math.ceil(left.length / BLOCK)
    this.#bounds = new Float64Array(blocks)
    this.#counted = new Int32Array(blocks)
  }

  /** The least sum for n if it is less than `limit`, else `limit`. To be called for n = 2, 3, … */
  least(n: number, limit: number): number {
    const left = this.#left
    const right = this.#right
    left.push(n - 1)
    right.push(n - 1)
    this.#rises.push(n - 1)
    const low = Math.max(1, n - right.last)
    const high = Math.min(n - 1, left.last)
    this.#best = limit
    if (low > high) return limit
    const star = this.#settle(n, low, high)
    for (const c of [star, this.#last, this.#last + 1]) {
      if (c >= low && c <= high) this.#evaluate(n, c, c)
    }
    const middle = Math.floor(star / BLOCK) * BLOCK
    this.#lookAt(n, middle, low, high)
    for (let c = middle + BLOCK; c <= high && left.at(c) + right.at(n - c) < this.#stop(); c += BLOCK)
      this.#lookAt(n, c, low, high)
    for (let c = middle - 1; c >= low && left.at(c) + right.at(n - c) < this.#stop(); c -= BLOCK)
      this.#lookAt(n, c - BLOCK + 1, low, high)
    return this.#best
  }

  // No sum that is less than the best one has a bound as high as this.
  #stop(): number {
    const best = this.#best
    if (this.#grain <= best * 1e-12) return best * (1 - SLACK)
    return best - this.#grain + best * 1e-13
  }

  // Down the slope of the hulls' sum.
  #settle(n: number, low: number, high: number): number {
    const left = this.#left
    const right = this.#right
    let star = Math.min(Math.max(this.#star, low), high)
    while (star < high && left.slopeAfter(star) < right.slopeAfter(n - star - 1)) star++
    while (star > low && right.slopeAfter(n - star) < left.slopeAfter(star - 1)) star--
    this.#star = star
    return star
  }

  // At the sums of the block that starts at c, if one may be less than the best.
  #lookAt(n: number, c: number, low: number, high: number): void {
    const end = c + BLOCK - 1
    // Its bound would not hold for sums that are not there yet.
    if (c < low || end > high) {
      this.#evaluate(n, Math.max(c, low), Math.min(end, high))
      return
    }
    const block = c / BLOCK
    const bounds = this.#bounds
    if (this.#counted[block] === n - 1) {
      this.#counted[block] = n
      const bound = (bounds[block]! + this.#rises.at(n - c)) * ROUNDED_DOWN
      bounds[block] = bound
      if (bound >= this.#stop()) return
    }
    this.#counted[block] = n
    bounds[block] = this.#evaluate(n, c, end)
  }

  // The least of these sums.
  #evaluate(n: number, from: number, to: number): number {
    const left = this.#left.values
    const right = this.#right.values
    let least = Infinity
    let where = 0
    for (let c = from; c <= to; c++) {
      const sum = left[c]! + right[n - c]!
      if (sum < least) {
        least = sum
        where = c
      }
    }
    if (least < this.#best) {
      this.#best = least
      this.#last = where
    }
    return least
  }
}
