/** `indexedDbJournal`: a run that survives its tab, where there is no OPFS. */
import type { Journal } from '@checkpoint-schedules/model'
import { type BrowserJournalOptions, checkedJournalOptions } from '../journal-options.js'
import { journalName } from '../names.js'
import { openJournal } from '../open-journal.js'
import { IndexedDbRun } from './indexed-db-run.js'

/**
 * A journal in IndexedDB, as `opfsJournal` is one in OPFS: a run whose tab is closed, reloaded, discarded or killed at any moment resumes when
 * the same call is repeated, and gives a bit-for-bit identical result.
 *
 * Cost: for each point one transaction with the state or the adjoint, during which the run waits.
 *
 * @param name - 1 to 64 letters, digits, hyphens and underscores. Names are shared by all pages of a site.
 * @throws `INVALID_OPTION`
 * @throws `JOURNAL_MISMATCH` (when a run opens it): there is a journal of another run.
 * @throws `INVALID_FILE` (when a run opens it): the journal was written by another version.
 * @throws `STORE_FAILED`: another tab has it, it cannot be written, or there is no IndexedDB.
 * @example
 * ```ts
 * import { indexedDbJournal } from '@checkpoint-schedules/storage-browser'
 *
 * const journal = indexedDbJournal('my-run', { everySeconds: 10 })
 * ```
 */
export function indexedDbJournal(name: string, options: BrowserJournalOptions = {}): Journal {
  const run = journalName('indexedDbJournal', name)
  const checked = checkedJournalOptions('indexedDbJournal', options)
  return {
    async open(settings) {
      const { signal, onEvent: tell } = settings
      const taken = await IndexedDbRun.take({ run, isPatient: true, signal, tell })
      return openJournal('IndexedDB', taken, checked, settings)
    },
  }
}
