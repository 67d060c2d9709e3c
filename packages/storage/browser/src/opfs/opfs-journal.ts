/** `opfsJournal`: a run that survives its tab. */
import type { Journal } from '@checkpoint-schedules/model'
import { checkedJournalOptions, type OpfsJournalOptions } from '../journal-options.js'
import { journalName } from '../names.js'
import { openJournal } from '../open-journal.js'
import { OpfsRun } from './opfs-run.js'
import { workerOf } from './opfs-store.js'

/**
 * A journal in the browser's private files for this site: a run whose tab is closed, reloaded, discarded or killed at any moment resumes when
 * the same call is repeated, and gives a bit-for-bit identical result.
 *
 * Every `everySeconds` the run makes a durable point: its position, its forward state or its adjoint, and the list of checkpoints that the
 * schedule holds in OPFS, all flushed. On resuming, the checkpoints that were in memory are recomputed in at most one forward sweep.
 * Storages without a store of their own are kept with the journal. When the run has finished, its files are removed; after an error or an
 * abort they stay, so that the run can be resumed.
 *
 * Only one tab or worker of a site runs a journal of one name at a time (a Web Lock); another one waits five seconds for it, as the tab may
 * just be closing.
 *
 * Cost: for each point one write and flush of the state or the adjoint, during which the run waits; in the site's quota, twice that size
 * plus the checkpoints that the last point still needs.
 *
 * @param name - 1 to 64 letters, digits, hyphens and underscores. Names are shared by all pages of a site.
 * @throws `INVALID_OPTION`
 * @throws `JOURNAL_MISMATCH` (when a run opens it): there is a journal of another run.
 * @throws `INVALID_FILE` (when a run opens it): the journal was written by another version.
 * @throws `STORE_FAILED`: another tab has it, it cannot be written, or there is no OPFS.
 * @example
 * ```ts
 * import { opfsJournal } from '@checkpoint-schedules/storage-browser'
 *
 * const journal = opfsJournal('my-run', { everySeconds: 10 })
 * ```
 */
export function opfsJournal(name: string, options: OpfsJournalOptions = {}): Journal {
  const run = journalName('opfsJournal', name)
  const checked = checkedJournalOptions('opfsJournal', options)
  const worker = workerOf('opfsJournal', options)
  return {
    async open(settings) {
      const { signal, onEvent: tell } = settings
      const taken = await OpfsRun.take({ run, worker, isPatient: true, signal, tell })
      return openJournal('OPFS', taken, checked, settings)
    },
  }
}
