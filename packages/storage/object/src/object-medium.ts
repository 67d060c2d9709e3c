/** What is special about objects: how errors name them, and what to do about those. */
import type { CheckpointScheduleError } from '@checkpoint-schedules/core'
import { fastChecksum, type Medium, storeFailed as failed } from '@checkpoint-schedules/storage-slots'
import { adviceFor, ObjectError } from './object-error.js'

const isRequest = (error: unknown) => error instanceof ObjectError

export const objectMedium: Medium = {
  words: {
    package: 'storage-object',
    store: 'objectStore',
    journal: 'objectJournal',
    place: 'prefix',
    remove: 'removeObjectJournal',
    damage:
      'Something else wrote to the object or removed it, perhaps a rule of the bucket: leave the prefix of a run alone, then run again from the start.',
  },
  checksum: fastChecksum,
  advice: adviceFor,
  isSystemError: isRequest,
  isAway: isRequest,
}

/** The error for `what` failing because of `cause`. */
export function storeFailed(
  what: string,
  cause: unknown,
  details: Record<string, unknown>,
): CheckpointScheduleError {
  return failed(objectMedium, what, cause, details)
}
