/**
 * The least h(k) + V(k,j) over the splits k of a row, for one j after another, without looking at most k.
 *
 * The insight: from j-1 to j no V(k,j) of a block grows by less than the block's `growth`, so a bound on the block's sums is carried along.
 * Only blocks whose bound is below the best sum are evaluated, the most promising one first; that makes their bound exact again. Valid for
 * any costs.
 */
import type { LevelTable } from './level-table.js'

/** One scan after the other reuses the same memory. */
export class BlockScan {
  /** h(k), entered by the caller before `least` is asked for a j above k. */
  readonly h: Float64Array
  readonly #bounds: Float64Array
  readonly #blockBits: number
  #table!: LevelTable
  #i = 0
  #best = 0

  constructor(steps: number, blockBits: number) {
    this.h = new Float64Array(steps + 1)
    this.#bounds = new Float64Array((steps >> blockBits) + 1)
    this.#blockBits = blockBits
  }

  /** Begins the row of step i, over the values of `table`. */
  start(i: number, table: LevelTable): void {
    this.#i = i
    this.#table = table
    this.#bounds.fill(Infinity)
  }

  /**
   * The least sum for j if it is less than `limit`, else `limit` or more. To be called for each j from i+2 on.
   *
   * @param last - The last k that is permitted.
   */
  least(j: number, last: number, limit: number): number {
    const bounds = this.#bounds
    const { growth, blocks } = this.#table
    const first = (this.#i + 1) >> this.#blockBits
    const newest = (j - 1) >> this.#blockBits
    let least = first
    for (let block = first; block <= newest; block++) {
      bounds[block]! += growth[j * blocks + block]!
      if (!(bounds[block]! >= bounds[least]!)) least = block
    }
    bounds[newest] = Math.min(bounds[newest]!, this.h[j - 1]!)
    if (!(bounds[newest] >= bounds[least]!)) least = newest

    this.#best = limit
    this.#evaluate(least, j, last)
    for (let block = first; block <= newest; block++) {
      // A bound may be NaN, where infinite values became finite: then it says nothing.
      if (block !== least && !(bounds[block]! >= this.#best)) this.#evaluate(block, j, last)
    }
    return this.#best
  }

  // The bound is taken over all k, permitted or not: which are depends on j.
  #evaluate(block: number, j: number, last: number): void {
    const { h } = this
    const { v } = this.#table
    const column = this.#table.column(j)
    const from = Math.max(this.#i + 1, block << this.#blockBits)
    const to = Math.min(j - 1, ((block + 1) << this.#blockBits) - 1)
    let best = this.#best
    let exact = Infinity
    for (let k = from; k <= to; k++) {
      const sum = h[k]! + v[column + k]!
      if (sum < exact) exact = sum
      if (sum < best && k <= last) best = sum
    }
    this.#best = best
    this.#bounds[block] = exact
  }
}
