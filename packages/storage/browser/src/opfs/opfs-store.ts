/** `opfsStore`: checkpoints in the private files of a site. */
import { optionError } from '@checkpoint-schedules/core'
import type { Store, StoreSettings } from '@checkpoint-schedules/model'
import { SlotStore } from '@checkpoint-schedules/storage-slots'
import { media } from '../browser-medium.js'
import { closedOnce } from '../closed-once.js'
import { checkSpace } from '../free-space.js'
import { newStoreName } from '../names.js'
import { OpfsRun } from './opfs-run.js'
import type { WorkerMaker } from './opfs-thread.js'

/** How the files are reached. */
export interface OpfsOptions {
  /**
   * Makes a worker that calls `serveOpfs`, such as `() => new Worker(new URL('./files-worker.js', import.meta.url), { type: 'module' })`. Needed
   * only if the page's content security policy refuses the worker that the store brings along.
   */
  readonly worker?: (() => Worker) | undefined
}

/**
 * A store that keeps checkpoints in the browser's private files for this site (OPFS): one file of slots for each storage, overwritten in
 * place, written and read by a worker that the store brings along. So it works in a page as well as in a worker. One store serves any
 * number of storages and runs.
 *
 * The buffers of a restart state's large arrays are transferred to that worker, not copied: a value must not be used after `put`. Other
 * large data are copied once. Each checkpoint has a checksum, which is verified when it is read. Closing the store removes its files; what
 * a dead tab left is removed by the next store that is opened.
 *
 * Cost: one worker for each storage; in memory, the bytes of one checkpoint in addition to those in transfer; in the site's quota, the
 * schedule's limit times the size of the first checkpoint. If the limit is known, too little space is an error before anything is written.
 *
 * @throws `INVALID_OPTION`
 * @throws `STORE_FAILED` (when a run opens it): no OPFS, no worker, or no secure context; (later): the quota is used up, or a file is missing.
 * `cause` is the browser's error.
 * @throws `INVALID_FILE` (from `get` and `take`): a checkpoint has changed since it was written.
 * @example
 * ```ts
 * import { opfsStore } from '@checkpoint-schedules/storage-browser'
 *
 * const stores = { DISK: opfsStore() }
 * ```
 */
export function opfsStore(options: OpfsOptions = {}): Store {
  const worker = workerOf('opfsStore', options)
  return {
    medium: 'OPFS',
    async open(settings: StoreSettings) {
      const run = await OpfsRun.take({
        run: newStoreName(),
        worker,
        isPatient: false,
        signal: settings.signal,
      })
      const store = new SlotStore(settings, {
        medium: media.OPFS,
        directory: run.path,
        number: 0,
        thread: run.thread,
        keep: false,
        flushNames: async () => undefined,
        checkSpace,
      })
      return closedOnce(store, () => run.release(false))
    },
  }
}

/** @throws `INVALID_OPTION` */
export function workerOf(call: string, options: OpfsOptions): WorkerMaker | undefined {
  const { worker } = (options as OpfsOptions | undefined) ?? {}
  if (worker !== undefined && typeof worker !== 'function')
    throw optionError(call, 'worker must be a function that returns a Worker; leave it out for the own one.')
  return worker
}
