/** The lower convex hull of the values so far, of a sequence that grows. */

/** Values whose distances from the hull are summarised together; a power of two. */
const BLOCK_BITS = 5
const IN_BLOCK = (1 << BLOCK_BITS) - 1

/** Indices start at 1. Lookups are fast near the last one: an edge is found by walking. */
export class PrefixHull {
  readonly values: Float64Array
  /** The last index on the hull; an infinite value ends it. */
  last = 0
  readonly #vertices: Int32Array
  readonly #slopes: Float64Array // of the edge from a vertex to the next one
  #size = 0
  #edge = 0 // where the last lookup was
  readonly #gaps: Float64Array // by block, the least distance of a value from the hull
  #refresh = 4 << BLOCK_BITS

  constructor(values: Float64Array) {
    this.values = values
    this.#vertices = new Int32Array(values.length)
    this.#slopes = new Float64Array(values.length)
    this.#gaps = new Float64Array((values.length >> BLOCK_BITS) + 1)
  }

  /** Appends the values up to index `to`. Amortised O(1) each. */
  push(to: number): void {
    const { values } = this
    const vertices = this.#vertices
    const slopes = this.#slopes
    for (let x = this.last + 1; x <= to && values[x]! < Infinity; x++) {
      let size = this.#size
      let slope = 0
      while (size > 0) {
        const before = vertices[size - 1]!
        slope = (values[x]! - values[before]!) / (x - before)
        if (size === 1 || slopes[size - 2]! < slope) break
        size--
      }
      if (size > 0) slopes[size - 1] = slope
      vertices[size] = x
      this.#size = size + 1
      this.last = x
    }
    this.#edge = Math.max(0, Math.min(this.#edge, this.#size - 2))
    if (this.last >= this.#refresh) this.#measureGaps()
  }

  /** The hull at x; `x` is on it, and it has an edge. */
  at(x: number): number {
    this.rewind(x)
    const vertex = this.#vertices[this.#edge]!
    return this.values[vertex]! + this.#slopes[this.#edge]! * (x - vertex)
  }

  /** The slope from x to x+1, both on the hull. */
  slopeAfter(x: number): number {
    this.rewind(x)
    if (this.#vertices[this.#edge + 1]! === x) this.#edge++
    return this.#slopes[this.#edge]!
  }

  /** Walks to the edge of x. */
  rewind(x: number): void {
    const vertices = this.#vertices
    let edge = this.#edge
    while (vertices[edge]! > x) edge--
    while (edge + 2 < this.#size && vertices[edge + 1]! < x) edge++
    this.#edge = edge
  }

  /** No value in the block of x is closer to the hull. */
  gap(x: number): number {
    return this.#gaps[x >> BLOCK_BITS]!
  }

  blockStart(x: number): number {
    return Math.max(1, x & ~IN_BLOCK)
  }

  blockEnd(x: number): number {
    return x | IN_BLOCK
  }

  // The hull sinks as it grows, so old gaps stay true, and newer ones are better. Blocks that are not full have none.
  #measureGaps(): void {
    const full = (this.last + 1) >> BLOCK_BITS
    for (let block = 0; block < full; block++) {
      let gap = Infinity
      for (let x = Math.max(1, block << BLOCK_BITS); x <= (block << BLOCK_BITS) + IN_BLOCK; x++)
        gap = Math.min(gap, this.values[x]! - this.at(x))
      this.#gaps[block] = Math.max(0, gap)
    }
    this.#refresh = this.last + (this.last >> 3) + (1 << BLOCK_BITS)
  }
}
