/** Errors of files in full sentences: which checkpoint or file, and what to do. */
import { CheckpointScheduleError, isCheckpointScheduleError, messageOf } from '@checkpoint-schedules/core'
import type { Medium } from './medium.js'

/**
 * The error for `what` failing because of `cause`, with the medium's advice. One of ours is returned as it is.
 *
 * @example
 * ```ts
 * import { storeFailed } from '@checkpoint-schedules/storage-slots'
 *
 * const words = { package: 'mine', store: 'myStore', journal: 'myJournal', place: 'name', remove: 'remove' }
 * const advice = () => 'Try again.'
 * storeFailed({ words, advice }, 'cannot write', new Error('the disk is full'), {}).message // 'mine: cannot write: the disk is full. Try again.'
 * ```
 */
export function storeFailed(
  { words, advice }: Pick<Medium, 'words' | 'advice'>,
  what: string,
  cause: unknown,
  details: Record<string, unknown>,
): CheckpointScheduleError {
  if (isCheckpointScheduleError(cause)) return cause
  const message = messageOf(cause)
  const { code } = (cause ?? {}) as { readonly code?: string }
  return new CheckpointScheduleError(
    'STORE_FAILED',
    `${words.package}: ${what}: ${message.replace(/\.$/, '')}. ${advice(code)}`,
    { cause, details: { ...details, reason: code } },
  )
}

const DISK_DAMAGE =
  'Something else wrote to the file, or the disk is failing: check both, then run again from the start.'

/** The error for a checkpoint that has changed since it was written. */
export function damaged(
  { words }: Pick<Medium, 'words'>,
  where: { storage: string; step: number; file: string; at: number },
  why: string,
  cause?: unknown,
): CheckpointScheduleError {
  const { storage, step, file, at } = where
  return new CheckpointScheduleError(
    'INVALID_FILE',
    `${words.package}: the checkpoint of step ${step} in ${storage} (${file}, byte ${at}) is damaged: ${why.replace(/\.$/, '')}. ` +
      (words.damage ?? DISK_DAMAGE),
    { details: { ...where, why }, ...(cause === undefined ? {} : { cause }) },
  )
}
