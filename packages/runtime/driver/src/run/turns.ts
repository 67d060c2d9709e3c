/**
 * Sharing the event loop: synchronous models would starve it, so the driver hands it over whenever some 30 ms have
 * passed. Timers, I/O, progress and abort are then served.
 */
import { macrotask } from '@checkpoint-schedules/core'

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
