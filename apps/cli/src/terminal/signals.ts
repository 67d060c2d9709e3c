/** Ctrl-C, what a system sends to end a process, and what a terminal sends when it is closed. */

/** Calls `listener` at each of them instead of dying; the returned function lets the process die of them again. */
export function onInterruption(listener: () => void): () => void {
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
  for (const signal of signals) process.on(signal, listener)
  return () => {
    for (const signal of signals) process.off(signal, listener)
  }
}
