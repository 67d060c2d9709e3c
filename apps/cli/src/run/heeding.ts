/**
 * Stores and journals that react to Ctrl-C while they open: a network file system may keep them waiting for minutes, a broken one forever.
 */
import type { Journal, Store } from '@checkpoint-schedules/driver'

/** The store; opening it ends when `signal` is aborted. */
export function heedingStore(store: Store, signal: AbortSignal): Store {
  return {
    ...store,
    open: (settings) =>
      unlessAborted(
        () => store.open(settings),
        signal,
        (late) => late.close(),
      ),
  }
}

/** The journal; opening it ends when `signal` is aborted. */
export function heedingJournal(journal: Journal, signal: AbortSignal): Journal {
  return {
    ...journal,
    open: (settings) =>
      unlessAborted(
        () => journal.open(settings),
        signal,
        (late) => late.close('unfinished'),
      ),
  }
}

/** The result of `open`, unless the signal is aborted first; a result that comes too late is closed. */
async function unlessAborted<T>(
  open: () => T | PromiseLike<T>,
  signal: AbortSignal,
  close: (late: T) => unknown,
): Promise<T> {
  signal.throwIfAborted()
  const opening = Promise.resolve(open())
  const { promise: aborted, stop } = abortOf(signal)
  try {
    return await Promise.race([opening, aborted])
  } catch (error) {
    if (signal.aborted) opening.then(close).catch(() => undefined)
    throw error
  } finally {
    stop()
  }
}

function abortOf(signal: AbortSignal): { promise: Promise<never>; stop: () => void } {
  let stop = (): void => undefined
  const promise = new Promise<never>((_, reject) => {
    const listener = () => reject(signal.reason as Error)
    if (signal.aborted) listener()
    signal.addEventListener('abort', listener)
    stop = () => signal.removeEventListener('abort', listener)
  })
  return { promise, stop }
}
