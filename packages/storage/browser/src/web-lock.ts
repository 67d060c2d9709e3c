/** Web Locks: a run holds one for as long as it lives, and a tab that dies loses its own. */

/** Calls it to give the lock back. */
export type Release = () => void

/** A dying tab gives its locks back late. */
export const PATIENCE_MS = 5000

const lockName = (run: string) => `checkpoint-schedules ${run}`

/** Takes the lock of a run, waiting so many milliseconds for it at most; `undefined` if another one has it. */
export async function takeLock(run: string, waitMs = 0): Promise<Release | undefined> {
  const options = waitMs === 0 ? { ifAvailable: true } : { signal: AbortSignal.timeout(waitMs) }
  return new Promise((resolve, reject) => {
    navigator.locks
      .request(lockName(run), options, (lock) => {
        if (lock === null) return resolve(undefined)
        return new Promise<void>((release) => resolve(release))
      })
      .catch((error: Error) => (error.name === 'TimeoutError' ? resolve(undefined) : reject(error)))
  })
}

/** Calls `remove` for those of the runs that nobody holds. */
export async function sweepDead(
  runs: Iterable<string>,
  remove: (run: string) => Promise<unknown>,
): Promise<void> {
  for (const run of runs) {
    const release = await takeLock(run)
    if (release === undefined) continue
    try {
      await remove(run)
    } catch {
      // Not needed by this run; the next one will try again.
    } finally {
      release()
    }
  }
}
