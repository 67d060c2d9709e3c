/** What is special about files in a browser: their checksum, how errors name them, and what to do about those. */
import { CheckpointScheduleError, isCheckpointScheduleError } from '@checkpoint-schedules/core'
import { fastChecksum, type Medium, storeFailed as failed } from '@checkpoint-schedules/storage-slots'

/** Which of the two storages of a browser. */
export type Kind = 'OPFS' | 'IndexedDB'

// By the names of DOMExceptions.
const advices: Readonly<Record<string, string>> = {
  QuotaExceededError:
    'The space that the browser gives this site is used up: keep fewer checkpoints there, or free space by removing data of this site.',
  NoModificationAllowedError:
    'Another tab or worker has the file open: close it, or wait until its run has ended.',
  NotFoundError:
    'Something removed it: leave the data of this site alone until the run has ended, then run again.',
  SecurityError:
    'The browser lets this page keep nothing: private windows and blocked site data are the usual causes. Use memoryStore, or another window.',
  NotAllowedError:
    'The browser lets this page keep nothing: private windows and blocked site data are the usual causes. Use memoryStore, or another window.',
  InvalidStateError: 'The browser closed it, for instance because data of this site were removed: run again.',
  VersionError:
    'A newer version of storage-browser wrote there: update this program, or remove the data of this site to start again.',
}

const mediumOf = (kind: Kind): Medium => ({
  words: {
    package: 'storage-browser',
    store: kind === 'OPFS' ? 'opfsStore' : 'indexedDbStore',
    journal: kind === 'OPFS' ? 'opfsJournal' : 'indexedDbJournal',
    place: 'name',
    remove: 'removeJournal',
  },
  checksum: fastChecksum,
  advice: (code = '') => advices[code] ?? 'Run again; use memoryStore if the error persists.',
  isSystemError: (error) =>
    !isCheckpointScheduleError(error) && typeof (error as { readonly code?: unknown }).code === 'string',
})

export const media: Readonly<Record<Kind, Medium>> = {
  OPFS: mediumOf('OPFS'),
  IndexedDB: mediumOf('IndexedDB'),
}

/** The error for `what` failing because of `cause`. */
export function storeFailed(
  what: string,
  cause: unknown,
  details: Record<string, unknown>,
): CheckpointScheduleError {
  return failed(media.OPFS, what, cause, details)
}

/** The error for a run that another tab or worker is carrying out. */
export function inUse(what: string, details: Record<string, unknown>): CheckpointScheduleError {
  return new CheckpointScheduleError(
    'STORE_FAILED',
    `storage-browser: ${what} is in use by another tab or worker of this site. Close that one, wait for its run to end, or pass another name.`,
    { details: { ...details, reason: 'IN_USE' } },
  )
}
