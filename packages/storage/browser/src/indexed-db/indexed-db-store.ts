/** `indexedDbStore`: checkpoints in the database of a site. */
import type { Store, StoreSettings } from '@checkpoint-schedules/model'
import { SlotStore } from '@checkpoint-schedules/storage-slots'
import { media } from '../browser-medium.js'
import { closedOnce } from '../closed-once.js'
import { checkSpace } from '../free-space.js'
import { newStoreName } from '../names.js'
import { IndexedDbRun } from './indexed-db-run.js'

/**
 * A store that keeps checkpoints in IndexedDB, for browsers and windows in which OPFS or workers are missing; it is slower than `opfsStore`.
 * One store serves any number of storages and runs.
 *
 * A value must not be used after `put`. Each checkpoint has a checksum, which is verified when it is read; that is computed in the calling
 * thread, and so are the browser's copies made. Closing the store removes its records; what a dead tab left is removed by the next
 * store that is opened.
 *
 * Cost: in memory, the bytes of two checkpoints in addition to those in transfer; in the site's quota, the schedule's limit times the size
 * of the first checkpoint. If the limit is known, too little space is an error before anything is written.
 *
 * @throws `STORE_FAILED` (when a run opens it): no IndexedDB, or no secure context; (later): the quota is used up. `cause` is the
 * browser's error.
 * @throws `INVALID_FILE` (from `get` and `take`): a checkpoint has changed since it was written.
 * @example
 * ```ts
 * import { indexedDbStore } from '@checkpoint-schedules/storage-browser'
 *
 * const stores = { DISK: indexedDbStore() }
 * ```
 */
export function indexedDbStore(): Store {
  return {
    medium: 'IndexedDB',
    async open(settings: StoreSettings) {
      const { signal } = settings
      const run = await IndexedDbRun.take({ run: newStoreName(), isPatient: false, signal })
      const store = new SlotStore(settings, {
        medium: media.IndexedDB,
        directory: run.path,
        number: 0,
        thread: run.newThread('relaxed'),
        keep: false,
        flushNames: async () => undefined,
        checkSpace,
      })
      return closedOnce(store, () => run.release(false))
    },
  }
}
