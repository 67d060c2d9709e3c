/** One tab at a time: a Web Lock, which a tab that dies gives back. */

/** A reloaded page gives its lock back late. */
const PATIENCE_MS = 5000

/** Does `work` while no other tab does; `onWait` is called if another one has to end first. @returns whether the work was done */
export async function alone(name: string, onWait: () => void, work: () => Promise<void>): Promise<boolean> {
  if (navigator.locks === undefined) {
    await work() // such browsers keep nothing that two tabs could share
    return true
  }
  const attempt = (options: LockOptions) =>
    navigator.locks.request(name, options, async (lock) => {
      if (lock === null) return false
      await work()
      return true
    })
  if (await attempt({ ifAvailable: true })) return true
  onWait()
  const waiting = new AbortController()
  const timer = setTimeout(() => waiting.abort(), PATIENCE_MS)
  return navigator.locks
    .request(name, { signal: waiting.signal }, async () => {
      clearTimeout(timer)
      await work()
      return true
    })
    .catch((error: unknown) => {
      if (waiting.signal.aborted) return false
      throw error
    })
}
