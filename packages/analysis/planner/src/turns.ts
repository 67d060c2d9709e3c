/** Planning takes a while: it hands over the event loop often enough for timers, I/O and an abort to be served within 50 ms. */
import type { Pieces } from '@checkpoint-schedules/core'

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

type SetImmediate = (callback: () => void) => unknown

// setTimeout(0) costs 1 to 4 ms a turn; Node has setImmediate, browsers message channels.
function macrotask(): Promise<void> {
  const { setImmediate } = globalThis as { setImmediate?: SetImmediate }
  if (setImmediate !== undefined) return new Promise((resolve) => setImmediate(resolve))
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel()
    port1.addEventListener('message', () => {
      port1.close()
      resolve()
    })
    port1.start()
    port2.postMessage(null)
  })
}
