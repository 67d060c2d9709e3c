/** Ctrl-C during a run: the first one ends it in order, a second one at once. */
import { INTERRUPTED, Interruption } from '../terminal/exit.js'
import { onInterruption } from '../terminal/signals.js'

/**
 * Does `work` with a signal that Ctrl-C aborts.
 *
 * @param hint - What to do next, where something was kept.
 */
export async function interruptibly<T>(work: (signal: AbortSignal) => Promise<T>, hint?: string): Promise<T> {
  const controller = new AbortController()
  const stopListening = onInterruption(() => {
    if (controller.signal.aborted) process.exit(INTERRUPTED)
    controller.abort(new Interruption(hint))
  })
  try {
    const result = await work(controller.signal)
    controller.signal.throwIfAborted()
    return result
  } finally {
    stopListening()
  }
}
