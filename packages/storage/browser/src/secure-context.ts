/** Whether this is a place in which a browser keeps anything. */
import { CheckpointScheduleError } from '@checkpoint-schedules/core'

/** Both storages of a browser, and locks, are for secure contexts. @throws `STORE_FAILED` */
export function checkSecure(): void {
  const { locks, storage } = (globalThis.navigator as Partial<Navigator> | undefined) ?? {}
  if (locks !== undefined && storage !== undefined) return
  throw new CheckpointScheduleError(
    'STORE_FAILED',
    'storage-browser: this is no secure context of a browser: serve the page by https, or from localhost, or pass memoryStore().',
    { details: { reason: 'INSECURE' } },
  )
}
