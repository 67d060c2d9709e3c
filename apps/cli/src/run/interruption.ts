/** Ctrl-C during a run: the first one ends it cleanly, a second one at once. */
import { INTERRUPTED, Interruption } from '../terminal/exit.js'
import { onInterruption } from '../terminal/signals.js'

/**
 * Runs `work` with a signal that Ctrl-C aborts.
 *
 * @param kept - Called after the work of an interrupted run has ended: what it left behind; `undefined` if nothing.
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
