/** File errors in full sentences: which file, and what to do. */
import { CheckpointScheduleError, isCheckpointScheduleError, messageOf } from '@checkpoint-schedules/core'

const advice: Readonly<Record<string, string>> = {
  ENOSPC: 'The disk is full: free some space, keep fewer checkpoints on it, or choose another directory.',
  EDQUOT: 'The quota is used up: free some space, keep fewer checkpoints there, or choose another directory.',
  EFBIG:
    'The file system or a limit does not allow a file this large: keep fewer checkpoints on disk, or choose another directory.',
  EACCES: 'Permission is missing: choose a directory that this user may write to.',
  EPERM: 'Permission is missing: choose a directory that this user may write to.',
  EROFS: 'The file system is read-only: choose another directory.',
  ENOENT: 'Something removed it: leave the directory of a run alone until it has ended, then run again.',
  ENOTDIR: 'A part of the path is not a directory: choose another directory.',
  ELOOP: 'There is a link where none is allowed: choose a directory that only this user can write to.',
  EEXIST: 'A file already exists there: choose a separate directory for each run.',
  EMFILE: 'Too many files are open: raise the limit (ulimit -n).',
  EIO: 'The disk failed: check it, and choose another directory.',
}

/** The error for `what` failing because of `cause`. */
export function storeFailed(
  what: string,
  cause: unknown,
  details: Record<string, unknown>,
): CheckpointScheduleError {
  if (isCheckpointScheduleError(cause)) return cause
  const message = messageOf(cause)
  const { code } = (cause ?? {}) as NodeJS.ErrnoException
  return new CheckpointScheduleError(
    'STORE_FAILED',
    `storage-fs: ${what}: ${message}. ${advice[code ?? ''] ?? 'Run again, in another directory if the error persists.'}`,
    { cause, details: { ...details, reason: code } },
  )
}

/** The error for a checkpoint that has changed since it was written. */
export function damaged(
  where: { storage: string; step: number; file: string; at: number },
  why: string,
  cause?: unknown,
): CheckpointScheduleError {
  const { storage, step, file, at } = where
  return new CheckpointScheduleError(
    'INVALID_FILE',
    `storage-fs: the checkpoint of step ${step} in ${storage} (${file}, byte ${at}) is damaged: ${why}. ` +
      'Something else wrote to the file, or the disk is failing: check both, then run again from the start.',
    { details: { ...where, why }, ...(cause === undefined ? {} : { cause }) },
  )
}
