/** Ctrl-C during a run: the first one ends it in order, a second one at once. */
import { INTERRUPTED, Interruption } from '../terminal/exit.js'
import { onInterruption } from '../terminal/signals.js'

/**
 * Does `work` with a signal that Ctrl-C aborts.
 *
 * @param kept - What an interrupted run has left, asked when its work has ended; `undefined` where that is nothing.
 */
export async function interruptibly<T>(
  work: (signal: AbortSignal) => Promise<T>,
  kept: () => Promise<string | undefined>,
): Promise<T> {
  const controller = new AbortController()
  const stopListening = onInterruption(() => {
    if (controller.signal.aborted) process.exit(INTERRUPTED)
    controller.abort(new Interruption())
  })
  try {
    const result = await work(controller.signal)
    controller.signal.throwIfAborted()
    return result
  } catch (error) {
    throw error instanceof Interruption ? new Interruption(await kept()) : error
  } finally {
    stopListening()
  }
}
