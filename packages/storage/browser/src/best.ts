/** `bestStore` and `bestJournal`: OPFS where it works, IndexedDB where only that does. */
import { CheckpointScheduleError, messageOf } from '@checkpoint-schedules/core'
import type { Journal, Store } from '@checkpoint-schedules/model'
import type { Kind } from './browser-medium.js'
import { indexedDbJournal } from './indexed-db/indexed-db-journal.js'
import { IndexedDbRun } from './indexed-db/indexed-db-run.js'
import { indexedDbStore } from './indexed-db/indexed-db-store.js'
import type { OpfsJournalOptions } from './journal-options.js'
import { newStoreName } from './names.js'
import { opfsJournal } from './opfs/opfs-journal.js'
import { OpfsRun } from './opfs/opfs-run.js'
import { opfsStore, type OpfsOptions, workerOf } from './opfs/opfs-store.js'
import { kindOfJournal } from './read-journal.js'

/**
 * The best store that works here: `opfsStore`, or else `indexedDbStore`. It tries them, so that a private window, a missing worker or a
 * content security policy is found out before a run begins. `medium` of the result says which one it is.
 *
 * Cost: some 10 ms.
 *
 * @throws `STORE_FAILED`: neither works; the message says why, for each.
 * @example
 * ```ts
 * import { bestStore } from '@checkpoint-schedules/storage-browser'
 *
 * const inThePage = async () => ({ DISK: await bestStore() }) // the option `stores` of runAdjoint
 * ```
 */
export async function bestStore(options: OpfsOptions = {}): Promise<Store> {
  const kind = await best('bestStore', options)
  return kind === 'OPFS' ? opfsStore(options) : indexedDbStore()
}

/**
 * The best journal that works here: that of an earlier run of this name, wherever it is, or else `opfsJournal`, or else `indexedDbJournal`.
 *
 * @throws `INVALID_OPTION`
 * @throws `STORE_FAILED`: neither works; the message says why, for each.
 * @example
 * ```ts
 * import { bestJournal } from '@checkpoint-schedules/storage-browser'
 *
 * const inThePage = () => bestJournal('my-run', { everySeconds: 10 }) // the option `journal` of runAdjoint
 * ```
 */
export async function bestJournal(name: string, options: OpfsJournalOptions = {}): Promise<Journal> {
  const [inOpfs, inIndexedDb] = [opfsJournal(name, options), indexedDbJournal(name, options)] // checks the options
  const kind = (await kindOfJournal(name)) ?? (await best('bestJournal', options))
  return kind === 'OPFS' ? inOpfs : inIndexedDb
}

async function best(call: string, options: OpfsOptions): Promise<Kind> {
  const worker = workerOf(call, options)
  const asking = { run: newStoreName(), isPatient: false }
  const faults: unknown[] = []
  try {
    const run = await OpfsRun.take({ ...asking, worker })
    try {
      await run.journalFiles.create('probe', Uint8Array.of(1), 'unflushed')
    } finally {
      await run.release(false)
    }
    return 'OPFS'
  } catch (error) {
    faults.push(error)
  }
  try {
    await (await IndexedDbRun.take(asking)).release(false)
    return 'IndexedDB'
  } catch (error) {
    faults.push(error)
  }
  throw new CheckpointScheduleError(
    'STORE_FAILED',
    `${call}: this browser keeps nothing for this page. ${faults.map(messageOf).join(' ')} Without it, pass memoryStore().`,
    { cause: faults[0], details: { reason: 'NO_STORAGE' } },
  )
}
