/** The least rise of a sequence from one value to the next, within a window that slides along. */

/** O(1) for each value, amortised. */
export class LeastRises {
  readonly #values: Float64Array
  readonly #width: number
  readonly #least: Float64Array
  readonly #fromHere: Float64Array // in the last whole block: the least from a place to the block's end
  #inBlock = Infinity // in the block that is not whole
  #last = 1

  /** Values start at index 1. The window has `width` rises. */
  constructor(values: Float64Array, width: number) {
    this.#values = values
    this.#width = width
    this.#least = new Float64Array(values.length)
    this.#fromHere = new Float64Array(width + 1).fill(Infinity)
  }

  /** Values are known up to index `to`. */
  push(to: number): void {
    const width = this.#width
    while (this.#last < to) {
      const x = ++this.#last
      const place = x % width
      this.#inBlock = Math.min(place === 0 ? Infinity : this.#inBlock, this.#rise(x))
      // The window is the end of one block and the start of the next.
      this.#least[x] = Math.min(this.#fromHere[place + 1]!, this.#inBlock)
      if (place === width - 1) this.#turn(x)
    }
  }

  /** The least of values[y] - values[y-1] over the `width` indices y up to x. */
  at(x: number): number {
    return this.#least[x]!
  }

  #turn(end: number): void {
    const width = this.#width
    this.#fromHere[width] = Infinity
    for (let place = width - 1; place >= 0; place--) {
      const x = end - width + 1 + place
      this.#fromHere[place] = x < 2 ? Infinity : Math.min(this.#fromHere[place + 1]!, this.#rise(x))
    }
  }

  #rise(x: number): number {
    return this.#values[x]! - this.#values[x - 1]!
  }
}
