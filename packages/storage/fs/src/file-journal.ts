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
import { MOST_LEASE_SECONDS } from './claim.js'
import { RunDirectory } from './run-directory.js'

/** How often a run is made durable. */
export interface FileJournalOptions {
  /** Seconds between two durable points, by default 30: what a kill may cost. */
  readonly everySeconds?: number
  /** Or so many steps, whichever comes first; by default only time counts. */
  readonly everySteps?: number
  /**
   * Takes the journal over from a process on another host, or in another container, of which nothing is known here: without waiting for
   * its lease to expire, and even if it is at work. That one then ends with an error before its next durable point. By default false.
   */
  readonly takeOver?: boolean
  /**
   * How long this run may show no sign of life before another host takes it for dead, in seconds, by default 30. It shows one six times
   * in that time, from a thread of its own.
   */
  readonly leaseSeconds?: number
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
 * One process at a time has the journal. That of a dead process on the same host is free at once. Of one on another host only signs of
 * life are seen: it is watched for as long as its lease, and taken for dead if it shows none; `takeOver` does not wait. Whoever was
 * replaced by mistake notices before its next durable point, and ends with an error: two never continue. Clocks are not compared.
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
  const {
    everySeconds = 30,
    everySteps = Infinity,
    note = null,
    takeOver = false,
    leaseSeconds = 30,
  } = options
  if (typeof directory !== 'string' || directory === '')
    throw optionError('fileJournal', 'directory must be the path of a directory, such as "/tmp/my-run".')
  if (!(everySeconds >= 0))
    throw optionError('fileJournal', `everySeconds must be a number >= 0; got ${show(everySeconds)}.`)
  if (!(everySteps >= 1))
    throw optionError('fileJournal', `everySteps must be a number >= 1; got ${show(everySteps)}.`)
  if (typeof takeOver !== 'boolean')
    throw optionError('fileJournal', `takeOver must be true or false; got ${show(takeOver)}.`)
  if (!(leaseSeconds > 0 && leaseSeconds <= MOST_LEASE_SECONDS))
    throw optionError(
      'fileJournal',
      `leaseSeconds must be a number > 0 and <= ${MOST_LEASE_SECONDS}; got ${show(leaseSeconds)}.`,
    )
  try {
    JSON.stringify(note)
  } catch (cause) {
    throw optionError('fileJournal', `note must be plain JSON: ${(cause as Error).message}.`)
  }
  const path = resolve(directory)
  return {
    async open(settings) {
      const { signal, onEvent } = settings
      const taken = await RunDirectory.take(path, {
        purpose: 'journal',
        lease: leaseSeconds,
        takeOver,
        signal,
        tell: onEvent,
      })
      const journal = new OpenFileJournal(
        {
          directory: path,
          files: filesIn(path, () => taken.flush()),
          thread: () => new FileWorker(),
          release: (keep) => taken.release(keep),
          owner: taken.owner,
          confirm: () => taken.confirm(),
          isShared: taken.isShared,
          everySeconds,
          everySteps,
          note,
        },
        settings,
      )
      const hadJournal = (await readdir(path)).includes(LOG)
      try {
        await journal.begin()
        signal?.throwIfAborted()
      } catch (error) {
        await taken.release(hadJournal) // whatever went wrong, a journal that is there stays
        signal?.throwIfAborted()
        throw storeFailed(`the journal in ${path} cannot be opened`, error, { directory: path })
      }
      return journal
    },
  }
}
