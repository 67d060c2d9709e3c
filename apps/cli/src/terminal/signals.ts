/** SIGINT (Ctrl-C), SIGTERM, and SIGHUP (the terminal was closed). */

/** Calls `listener` for each of them instead of ending the process; the returned function restores the default. */
export function onInterruption(listener: () => void): () => void {
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
  for (const signal of signals) process.on(signal, listener)
  return () => {
    for (const signal of signals) process.off(signal, listener)
  }
}
