/** What marks the objects of a journal, and tells versions apart. */
import { CheckpointScheduleError } from '@checkpoint-schedules/core'
import { isCount } from '@checkpoint-schedules/storage-slots'

export const FORMAT = 'checkpoint-schedules objects'
export const VERSION = 1

/** @throws `INVALID_FILE`: another version wrote it */
export function checkVersion(version: unknown): void {
  if (version === VERSION || !isCount(version)) return
  throw new CheckpointScheduleError(
    'INVALID_FILE',
    `objectJournal: the journal was written by another version of storage-object (format ${version}, this one reads ${VERSION}). ` +
      'Finish its run with that version, or choose another prefix and delete the objects under this one.',
    { details: { version } },
  )
}
