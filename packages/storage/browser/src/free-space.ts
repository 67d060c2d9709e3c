/** Whether everything that a storage will hold fits into what the browser gives this site. */
import { CheckpointScheduleError } from '@checkpoint-schedules/core'
import type { NeededSpace } from '@checkpoint-schedules/storage-slots'

/**
 * Checks that `limit` slots fit, if the browser reports its quota.
 *
 * @throws `STORE_FAILED`
 */
export async function checkSpace({ storage, limit, slotBytes }: NeededSpace): Promise<void> {
  const { quota, usage = 0 } = await estimate()
  const needed = limit * slotBytes
  if (quota === undefined || needed <= quota - usage) return
  const free = Math.max(0, quota - usage)
  throw new CheckpointScheduleError(
    'STORE_FAILED',
    `storage-browser: ${storage} needs ${limit} x ${slotBytes} = ${needed} bytes and the browser has ${free} free for this site. ` +
      'Keep fewer checkpoints there, remove data of this site, or ask the user for more by navigator.storage.persist().',
    { details: { storage, limit, slotBytes, needed, free, reason: 'QuotaExceededError' } },
  )
}

/** Asks the browser not to remove the data of this site when space is short. It may ask the user, so nobody waits for the answer. */
export function askToPersist(): void {
  // Only pages have it, workers do not.
  const { persist, persisted } = navigator.storage as Partial<StorageManager>
  if (persist === undefined || persisted === undefined) return
  persisted
    .call(navigator.storage)
    .then((isPersisted) => isPersisted || persist.call(navigator.storage))
    .catch(() => undefined)
}

async function estimate(): Promise<StorageEstimate> {
  try {
    return await navigator.storage.estimate()
  } catch {
    return {}
  }
}
