/** Waiting for a store, but not beyond an abort. */
import { type Awaitable, isPromise } from '@checkpoint-schedules/model'

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
    this.#aborted.catch(() => undefined) // only those who wait see it
  }

  /** The promise's value, or the signal's reason as soon as it aborts. */
  async wait<T>(promise: Promise<T>): Promise<T> {
    if (this.#aborted === undefined) return promise
    promise.catch(() => undefined) // perhaps nobody waits any more
    this.#signal!.throwIfAborted()
    return Promise.race([promise, this.#aborted])
  }

  /**
   * What `opening` opens. After an abort it has a second to end by itself, so that nothing is left behind; what opens even later is
   * handed to `close`.
   */
  async opened<T>(opening: Awaitable<T>, close: (opened: T) => unknown): Promise<T> {
    if (this.#signal === undefined || !isPromise(opening)) return opening
    const promise = Promise.resolve(opening)
    try {
      return await this.wait(promise)
    } catch (error) {
      if (!this.#signal.aborted) throw error
      const closed = promise.then(close).catch(() => undefined)
      await this.settle([closed], true)
      this.#signal.throwIfAborted()
      throw error
    }
  }

  /** Waits until all have settled; if `inHaste`, a second at most: a store may hang. */
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
