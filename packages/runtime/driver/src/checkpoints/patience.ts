/** Waiting for a store, but not beyond an abort. */

/** How long the end of an aborted run waits for transfers that are under way, in milliseconds. */
const GRACE = 1000

export class Patience {
  readonly #signal: AbortSignal | undefined
  readonly #aborted: Promise<never> | undefined
  #stop = () => {}

  constructor(signal: AbortSignal | undefined) {
    this.#signal = signal
    if (signal === undefined) return
    this.#aborted = new Promise<never>((_, reject) => {
      const onAbort = () => reject(signal.reason)
      signal.addEventListener('abort', onAbort, { once: true })
      this.#stop = () => signal.removeEventListener('abort', onAbort)
    })
    this.#aborted.catch(() => undefined) // only told to those who wait
  }

  /** The promise's value, or the signal's reason as soon as it aborts. */
  wait<T>(promise: Promise<T>): Promise<T> {
    if (this.#aborted === undefined) return promise
    this.#signal!.throwIfAborted()
    return Promise.race([promise, this.#aborted])
  }

  /** Waits until all have settled; where `inHaste`, a second at most: a store may hang. */
  async settle(promises: readonly Promise<unknown>[], inHaste: boolean): Promise<void> {
    if (promises.length === 0) return
    const all = Promise.allSettled(promises)
    if (!inHaste) {
      await all
      return
    }
    let timer: ReturnType<typeof setTimeout> | undefined
    await Promise.race([all, new Promise((resolve) => (timer = setTimeout(resolve, GRACE)))])
    clearTimeout(timer)
  }

  /** No more waiting: lets go of the signal. */
  end(): void {
    this.#stop()
  }
}
