/**
 * Sharing the event loop: synchronous models would starve it, so the driver hands it over whenever some 30 ms have
 * passed. Timers, I/O, progress and abort are then served.
 */

/** The longest stretch without a macrotask, in milliseconds, not counting the step under way. */
const STRETCH = 30

export class Turns {
  #since = performance.now()

  /** Whether it is time to hand over the event loop. */
  get due(): boolean {
    return this.isDueAt(performance.now())
  }

  isDueAt(now: number): boolean {
    return now - this.#since > STRETCH
  }

  /** Hands over the event loop once. */
  async take(): Promise<void> {
    await macrotask()
    this.#since = performance.now()
  }
}

type SetImmediate = (callback: () => void) => unknown

/** One turn of the event loop: setTimeout(0) costs 1 to 4 ms; Node has setImmediate, browsers message channels. */
export function macrotask(): Promise<void> {
  const setImmediate = (globalThis as { setImmediate?: SetImmediate }).setImmediate
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
