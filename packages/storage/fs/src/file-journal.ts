/** `fileJournal`: a run that survives its process. */
import { readdir } from 'node:fs/promises'
import { resolve } from 'node:path'
import { optionError, show } from '@checkpoint-schedules/core'
import type { Journal } from '@checkpoint-schedules/model'
import { FileWorker } from './file-worker.js'
import { filesIn } from './journal-files.js'
import { LOG } from './own-files.js'
import { storeFailed } from './store-errors.js'
import { OpenFileJournal } from './open-file-journal.js'
import { RunDirectory } from './run-directory.js'

/** How often a run is made durable. */
export interface FileJournalOptions {
  /** Seconds between two durable points, by default 30: what a kill may cost. */
  readonly everySeconds?: number
  /** Or so many steps, whichever comes first; by default only time counts. */
  readonly everySteps?: number
  /** Plain JSON that `readJournal` finds again, such as the arguments of the program. */
  readonly note?: unknown
}

/**
 * A journal in a directory: a run that is killed at any moment goes on when the same call is made again, and ends with the same bits.
 *
 * Every `everySeconds` the run makes a durable point: how far it is, its forward state or its adjoint, flushed to the disk, and the list of
 * checkpoints that the schedule holds on disk, flushed as well. What was in memory is recomputed in one forward sweep at most when
 * the run goes on. Storages for which no store is given are kept in the journal's directory. When the run has finished the directory
 * is emptied, and removed if it was made for the run; after an error or an abort it stays, so that the run can go on.
 *
 * Cost: for each point one write and flush of the state or the adjoint, during which the run waits; on disk, that much twice, and
 * the checkpoints that the last point still needs.
 *
 * @throws `INVALID_OPTION`
 * @throws `JOURNAL_MISMATCH` (when a run opens it): there is a journal of another run.
 * @throws `STORE_FAILED`: the directory is in use, is not ours, or cannot be written.
 * @example
 * ```ts
 * import { fileJournal } from '@checkpoint-schedules/storage-fs'
 *
 * const journal = fileJournal('/tmp/my-run', { everySeconds: 60 })
 * ```
 */
export function fileJournal(directory: string, options: FileJournalOptions = {}): Journal {
  const { everySeconds = 30, everySteps = Infinity, note = null } = options
  if (typeof directory !== 'string' || directory === '')
    throw optionError('fileJournal', 'directory must be the path of a directory, such as "/tmp/my-run".')
  if (!(everySeconds >= 0))
    throw optionError('fileJournal', `everySeconds must be a number >= 0; got ${show(everySeconds)}.`)
  if (!(everySteps >= 1))
    throw optionError('fileJournal', `everySteps must be a number >= 1; got ${show(everySteps)}.`)
  try {
    JSON.stringify(note)
  } catch (cause) {
    throw optionError('fileJournal', `note must be plain JSON: ${(cause as Error).message}.`)
  }
  const path = resolve(directory)
  return {
    async open(settings) {
      const taken = await RunDirectory.take(path, 'journal')
      const journal = new OpenFileJournal(
        {
          directory: path,
          files: filesIn(path, () => taken.flush()),
          thread: () => new FileWorker(),
          release: (keep) => taken.release(keep),
          everySeconds,
          everySteps,
          note,
        },
        settings,
      )
      const hadJournal = (await readdir(path)).includes(LOG)
      try {
        await journal.begin()
      } catch (error) {
        await taken.release(hadJournal) // whatever went wrong, a journal that is there stays
        throw storeFailed(`the journal in ${path} cannot be opened`, error, { directory: path })
      }
      return journal
    },
  }
}
