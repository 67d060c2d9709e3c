/** The lower convex hull of the values so far, of a sequence that grows. */

/** Indices start at 1. Lookups are fast near the last one: an edge is found by walking. */
export class PrefixHull {
  readonly values: Float64Array
  /** The last index on the hull; an infinite value ends it. */
  last = 0
  readonly #vertices: Int32Array
  readonly #slopes: Float64Array // of the edge from a vertex to the next one
  #size = 0
  #edge = 0 // where the last lookup was

  constructor(values: Float64Array) {
    this.values = values
    this.#vertices = new Int32Array(values.length)
    this.#slopes = new Float64Array(values.length)
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
  }

  /** The hull at x, which is on it. */
  at(x: number): number {
    this.#find(x)
    const vertex = this.#vertices[this.#edge]!
    return this.values[vertex]! + this.#slopes[this.#edge]! * (x - vertex)
  }

  /** The slope from x to x+1, both on the hull. */
  slopeAfter(x: number): number {
    this.#find(x)
    if (x === this.#vertices[this.#edge + 1]) this.#edge++
    return this.#slopes[this.#edge]!
  }

  #find(x: number): void {
    const vertices = this.#vertices
    let edge = this.#edge
    while (vertices[edge]! > x) edge--
    while (edge + 2 < this.#size && vertices[edge + 1]! < x) edge++
    this.#edge = edge
  }
}
