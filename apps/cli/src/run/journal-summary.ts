/** The summary of the journal in a directory that the user named: if it cannot be read, that is bad input. */
import { isCheckpointScheduleError } from '@checkpoint-schedules/core'
import type { JournalSummary } from '@checkpoint-schedules/storage-fs'
import { checkDirectory } from '../files/directory.js'
import { fileError, systemFileError } from '../files/file-error.js'

const EXPECTED = 'a journal that can be read'

/** @throws `INVALID_FILE` */
export async function journalIn(directory: string): Promise<JournalSummary> {
  await checkDirectory(directory, 'the directory of a journal')
  const { readJournal } = await import('@checkpoint-schedules/storage-fs')
  try {
    return await readJournal(directory)
  } catch (error) {
    if (!isCheckpointScheduleError(error) || error.code !== 'STORE_FAILED') throw error
    const cause = error.cause as NodeJS.ErrnoException
    if (cause.code !== undefined) throw systemFileError(directory, EXPECTED, cause)
    throw fileError(directory, `expected ${EXPECTED}; ${cause.message}`, error)
  }
}
