/** What is special about files of the system: their checksum, and what to do about their errors. */
import { crc32 } from 'node:zlib'
import type { CheckpointScheduleError } from '@checkpoint-schedules/core'
import { type Medium, storeFailed as failed } from '@checkpoint-schedules/storage-slots'

const advices: Readonly<Record<string, string>> = {
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

export const fileMedium: Medium = {
  words: {
    package: 'storage-fs',
    store: 'fileStore',
    journal: 'fileJournal',
    place: 'directory',
    remove: 'cleanDirectory',
  },
  checksum: crc32,
  advice: (code = '') => advices[code] ?? 'Run again, in another directory if the error persists.',
  isSystemError: (error) => (error as NodeJS.ErrnoException).syscall !== undefined,
}

/** The error for `what` failing because of `cause`. */
export function storeFailed(
  what: string,
  cause: unknown,
  details: Record<string, unknown>,
): CheckpointScheduleError {
  return failed(fileMedium, what, cause, details)
}
