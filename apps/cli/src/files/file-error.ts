/** What is wrong with a file, as one sentence that names the file. */
import { CheckpointScheduleError, isCheckpointScheduleError } from '@checkpoint-schedules/core'

/** `FILE: what is wrong.` */
export function fileError(path: string, what: string, cause?: unknown): CheckpointScheduleError {
  return new CheckpointScheduleError('INVALID_FILE', `${path}: ${what}.`, {
    details: { path },
    ...(cause === undefined ? {} : { cause }),
  })
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'it does not exist',
  ENOTDIR: 'it does not exist',
  EISDIR: 'it is a directory',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
  ELOOP: 'too many links',
  ENAMETOOLONG: 'the name is too long',
}

/** An error of the system as a sentence; any other error unchanged. */
export function systemFileError(path: string, expected: string, error: unknown): unknown {
  if (isCheckpointScheduleError(error)) return error
  if (error instanceof RangeError)
    return fileError(path, `expected ${expected} that fits into memory; it is too large`, error)
  const { code } = error as NodeJS.ErrnoException
  return code === undefined ? error : fileError(path, `expected ${expected}; ${reasons[code] ?? code}`, error)
}
