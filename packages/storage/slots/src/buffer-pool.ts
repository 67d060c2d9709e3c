/**
 * Buffers that have been written and are free: reading into memory that is already mapped is two to four times faster than into new
 * memory. Holds no more bytes than the largest checkpoint.
 */
export class BufferPool {
  readonly #free: ArrayBuffer[] = []
  #bytes = 0
  #most = 0

  /** A buffer of exactly this size, not cleared. */
  take(bytes: number): ArrayBuffer | undefined {
    const i = this.#free.findLastIndex((buffer) => buffer.byteLength === bytes)
    if (i === -1) return undefined
    this.#bytes -= bytes
    return this.#free.splice(i, 1)[0]
  }

  /** Adds the buffers of one checkpoint; the oldest buffers are dropped. */
  give(buffers: readonly ArrayBuffer[]): void {
    let bytes = 0
    for (const buffer of buffers) bytes += buffer.byteLength
    this.#most = Math.max(this.#most, bytes)
    this.#free.push(...buffers)
    this.#bytes += bytes
    while (this.#bytes > this.#most) this.#bytes -= this.#free.shift()!.byteLength
  }

  clear(): void {
    this.#free.length = this.#bytes = this.#most = 0
  }
}
