/** Ctrl-C during a run: the first one ends it in order, a second one at once. */
import { INTERRUPTED, Interruption } from '../terminal/exit.js'
import { onInterruption } from '../terminal/signals.js'

/**
 * Does `work` with a signal that Ctrl-C aborts.
 *
 * @param hint - What to do next, asked when the work has ended.
 */
export async function interruptibly<T>(
  work: (signal: AbortSignal) => Promise<T>,
  hint?: () => Promise<string>,
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
    if (error === controller.signal.reason && hint !== undefined) throw new Interruption(await hint())
    throw error
  } finally {
    stopListening()
  }
}
