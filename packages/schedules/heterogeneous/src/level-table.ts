/** The values of one level, with what its block bounds need. */

/** Steps in a block of splits; a power of two. */
export const BLOCK_BITS = 5

/**
 * V(i,j), and with a disk K(i,j), of one level, for the steps from `first` on: the level does not occur before.
 *
 * The values of one j are contiguous, because scans over splits k read V(k,j).
 */
export class LevelTable {
  readonly v: Float64Array
  readonly k: Float64Array | undefined
  /** By j and by block of i: the least V(i,j) - V(i,j-1). No V(i,j) of the block is less than V(i,j-1) plus that. */
  readonly growth: Float64Array
  readonly blocks: number
  readonly #first: number
  readonly #blockBits: number

  constructor(steps: number, first: number, hasDisk: boolean, blockBits: number) {
    const n = steps - first
    this.v = new Float64Array((n * (n + 1)) / 2)
    this.k = hasDisk ? new Float64Array(this.v.length).fill(Infinity) : undefined
    this.blocks = (steps >> blockBits) + 1
    this.growth = new Float64Array(this.blocks * (steps + 1)).fill(Infinity)
    this.#first = first
    this.#blockBits = blockBits
  }

  /** Where the values of j start: V(i,j) is at `column(j) + i`. */
  column(j: number): number {
    const n = j - this.#first
    return (n * (n - 1)) / 2 - this.#first
  }

  /** Enters V(i,j); `before` is V(i,j-1). */
  enter(i: number, j: number, value: number, before: number): void {
    this.v[this.column(j) + i] = value
    if (j === i + 1 || value === Infinity) return
    const at = j * this.blocks + (i >> this.#blockBits)
    this.growth[at] = Math.min(this.growth[at]!, before === Infinity ? -Infinity : value - before)
  }
}
