/** Listens to a signal on behalf of many requests: a signal with many listeners makes Node warn of a leak. */

interface Listeners {
  readonly all: Set<() => void>
  readonly stop: () => void
}

const listened = new WeakMap<AbortSignal, Listeners>()

/** Calls `listener` when the signal aborts, at once if it has. Returns what stops that. */
export function onAbort(signal: AbortSignal | undefined, listener: () => void): () => void {
  if (signal === undefined) return () => {}
  if (signal.aborted) {
    listener()
    return () => {}
  }
  const { all, stop } = listened.get(signal) ?? listenTo(signal)
  const own = () => listener() // the same function may listen twice
  all.add(own)
  return () => {
    if (!all.delete(own) || all.size > 0) return
    stop()
    listened.delete(signal)
  }
}

function listenTo(signal: AbortSignal): Listeners {
  const all = new Set<() => void>()
  const notify = () => {
    for (const listener of all) listener()
  }
  signal.addEventListener('abort', notify, { once: true })
  const listeners = { all, stop: () => signal.removeEventListener('abort', notify) }
  listened.set(signal, listeners)
  return listeners
}
