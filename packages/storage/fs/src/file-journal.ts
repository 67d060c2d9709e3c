/** `fileJournal`: a run that survives its process. */
import { readdir } from 'node:fs/promises'
import { resolve } from 'node:path'
import { optionError, show } from '@checkpoint-schedules/core'
import type { Journal } from '@checkpoint-schedules/model'
import { checkedPointOptions, SlotJournal } from '@checkpoint-schedules/storage-slots'
import { fileMedium, storeFailed } from './file-medium.js'
import { FileWorker } from './file-worker.js'
import { checkSpace } from './free-space.js'
import { filesIn } from './journal-files.js'
import { LOG } from './own-files.js'
import { MOST_LEASE_SECONDS } from './claim.js'
import { RunDirectory } from './run-directory.js'

/** How often a run is made durable. */
export interface FileJournalOptions {
  /** Seconds between two durable points, by default 30: the most work that a kill may cost. */
  readonly everySeconds?: number
  /** Steps between two durable points, if they come first; by default only time counts. */
  readonly everySteps?: number
  /**
   * Takes the journal over from a process on another host, or in another container, without waiting for its lease to expire, and even
   * if it is active. That process then ends with an error before its next durable point. By default false.
   */
  readonly takeOver?: boolean
  /**
   * How long this run may show no sign of life before another host considers it dead, in seconds, by default 30. A separate thread gives
   * six signs in that time.
   */
  readonly leaseSeconds?: number
  /** Plain JSON that `readJournal` returns, such as the arguments of the program. */
  readonly note?: unknown
}

/**
 * A journal in a directory: a run that is killed at any moment resumes when the same call is repeated, and gives a bit-for-bit identical
 * result.
 *
 * Every `everySeconds` the run makes a durable point: its position, its forward state or its adjoint, and the list of checkpoints that the
 * schedule holds on disk, all flushed. On resuming, the checkpoints that were in memory are recomputed in at most one forward sweep.
 * Storages without a store of their own are kept in the journal's directory. When the run has finished, the directory is emptied, and
 * removed if it was made for the run; after an error or an abort it stays, so that the run can be resumed.
 *
 * Only one process at a time owns the journal. If its owner has died on the same host, the journal is free at once. An owner on another
 * host can only be watched: if it shows no sign of life during its lease, it is considered dead; `takeOver` does not wait. An owner that
 * was replaced by mistake notices before its next durable point and ends with an error: two never continue. Clocks are not compared.
 *
 * Cost: for each point one write and flush of the state or the adjoint, during which the run waits; on disk, twice that size plus
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
  const { everySeconds, everySteps, note } = checkedPointOptions('fileJournal', options)
  const { takeOver = false, leaseSeconds = 30 } = options
  if (typeof directory !== 'string' || directory === '')
    throw optionError('fileJournal', 'directory must be the path of a directory, such as "/tmp/my-run".')
  if (typeof takeOver !== 'boolean')
    throw optionError('fileJournal', `takeOver must be true or false; got ${show(takeOver)}.`)
  if (!(typeof leaseSeconds === 'number' && leaseSeconds > 0 && leaseSeconds <= MOST_LEASE_SECONDS))
    throw optionError(
      'fileJournal',
      `leaseSeconds must be a number > 0 and <= ${MOST_LEASE_SECONDS}; got ${show(leaseSeconds)}.`,
    )
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
      const journal = new SlotJournal(
        {
          medium: fileMedium,
          directory: path,
          files: filesIn(path, () => taken.flush()),
          thread: () => new FileWorker(),
          checkSpace: (needed) => checkSpace(path, needed),
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
        await taken.release(hadJournal) // after any failure, an existing journal stays
        signal?.throwIfAborted()
        throw storeFailed(`the journal in ${path} cannot be opened`, error, { directory: path })
      }
      return journal
    },
  }
}
