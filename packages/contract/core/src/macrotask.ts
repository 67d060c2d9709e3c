/** Sharing the event loop. */

type SetImmediate = (callback: () => void) => unknown

/**
 * Resolves after one turn of the event loop: timers, I/O and aborts are served in between. `setTimeout(0)` costs 1 to 4 ms; this takes
 * `setImmediate` in Node and a message channel in browsers, which cost some microseconds.
 *
 * @example
 * ```ts
 * import { macrotask } from '@checkpoint-schedules/core'
 *
 * let isServed = false
 * setTimeout(() => (isServed = true))
 * while (!isServed) await macrotask()
 * ```
 */
export function macrotask(): Promise<void> {
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
