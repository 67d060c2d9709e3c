/** Planning takes a while: it hands over the event loop often enough for timers, I/O and an abort to be served within 50 ms. */
import { macrotask, type Pieces } from '@checkpoint-schedules/core'

/** The longest stretch without a macrotask, in milliseconds, up to one piece of work more. */
const STRETCH = 15

export class Turns {
  readonly #signal: AbortSignal | undefined
  #since = performance.now()
  /** Pieces of work done so far: how much was done, whatever the speed of the machine. */
  pieces = 0

  constructor(signal: AbortSignal | undefined) {
    this.#signal = signal
    signal?.throwIfAborted()
  }

  /** After each piece of work. */
  async next(): Promise<void> {
    this.pieces += 1
    if (performance.now() - this.#since < STRETCH) return
    await macrotask()
    this.#since = performance.now()
    this.#signal?.throwIfAborted()
  }

  /**
   * Does all the work, in pieces.
   *
   * @returns `undefined` if it takes more than `most` pieces.
   */
  async finish<T>(work: Pieces<T>, most = Infinity): Promise<{ result: T } | undefined> {
    for (let count = 0; ; count++) {
      const piece = work.next()
      await this.next()
      if (piece.done === true) return { result: piece.value }
      if (count >= most) return undefined
    }
  }
}
