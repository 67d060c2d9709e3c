/** `fileStore`: checkpoints in a directory. */
import { resolve } from 'node:path'
import { optionError } from '@checkpoint-schedules/core'
import type { OpenStore, Store, StoreSettings } from '@checkpoint-schedules/model'
import { SlotStore } from '@checkpoint-schedules/storage-slots'
import { ownMarker } from './marker.js'
import { fileMedium } from './file-medium.js'
import { FileWorker } from './file-worker.js'
import { checkSpace } from './free-space.js'
import { inUse } from './claim.js'
import { RunDirectory } from './run-directory.js'

/** Where the files go. */
export interface FileStoreOptions {
  /** A directory that is empty or does not exist; the run owns it until it ends. */
  readonly directory: string
  /** Flushes and keeps the files when the run ends, for inspection. Default false. `cleanDirectory` removes them. */
  readonly keep?: boolean
}

/**
 * A store that keeps checkpoints in files: one file of slots for each storage, overwritten in place, written and read by a separate
 * thread. One store serves all storages of a run that go to this directory, and one run at a time.
 *
 * The buffers of a restart state's large arrays are transferred to that thread, not copied: a value must not be used after `put`.
 * Other large data are copied once. Each checkpoint has a checksum, which is verified when it is read. Nothing is flushed
 * unless `flush` or `keep` ask for it. Closing the store removes its files, and also the directory if it was made for it.
 *
 * Cost: one thread for each storage; in memory, the bytes of one checkpoint in addition to those in transfer; on disk, the schedule's
 * limit times the size of the first checkpoint, allocated as needed. If the limit is known, too little free space is an error
 * before anything is written.
 *
 * @throws `INVALID_OPTION`
 * @throws `STORE_FAILED` (when a run opens it): the directory is in use, cannot be used, or holds other files; (later): the disk is full or
 * fails, or a file is missing. `cause` is the system's error.
 * @throws `INVALID_FILE` (from `get` and `take`): a checkpoint has changed since it was written.
 * @example
 * ```ts
 * import { fileStore } from '@checkpoint-schedules/storage-fs'
 *
 * const stores = { DISK: fileStore({ directory: '/tmp/my-run' }) }
 * ```
 */
export function fileStore(options: FileStoreOptions): Store {
  // What calls from JavaScript leave out is refused in a sentence, too.
  const { directory, keep = false } = (options as FileStoreOptions | undefined) ?? { directory: '' }
  if (typeof directory !== 'string' || directory === '')
    throw optionError('fileStore', 'directory must be the path of a directory, such as "/tmp/my-run".')
  if (typeof keep !== 'boolean') throw optionError('fileStore', 'keep must be true or false.')
  const path = resolve(directory)

  // The current run and its storages.
  let run: { readonly directory: Promise<RunDirectory>; readonly storages: Set<string> } | undefined
  let released: Promise<unknown> = Promise.resolve()

  async function open(settings: StoreSettings): Promise<OpenStore> {
    const { storage, signal } = settings
    await released
    if (run?.storages.has(storage)) throw inUse(path, ownMarker(0))
    const mine = (run ??= {
      directory: RunDirectory.take(path, { purpose: 'store', signal }),
      storages: new Set(),
    })
    mine.storages.add(storage)
    const leave = () => {
      mine.storages.delete(storage)
      if (mine.storages.size > 0) return
      run = undefined
      const left = mine.directory.then((it) => it.release(keep))
      released = left.catch(() => undefined)
      return left
    }
    try {
      const taken = await mine.directory
      const store = new SlotStore(settings, {
        medium: fileMedium,
        directory: taken.path,
        number: taken.nextStorage(),
        thread: new FileWorker(),
        keep,
        flushNames: () => taken.flush(),
        checkSpace: (needed) => checkSpace(taken.path, needed),
      })
      return withClosing(store, leave)
    } catch (error) {
      await Promise.resolve(leave()).catch(() => undefined)
      throw error
    }
  }
  return { medium: 'files', open }
}

/** The store; its first close also calls `leave`. */
function withClosing(store: SlotStore, leave: () => Promise<void> | undefined): OpenStore {
  let closed: Promise<void> | undefined
  const close = async () => {
    try {
      await store.close()
    } finally {
      await leave()
    }
  }
  return {
    put: (key, value) => store.put(key, value),
    get: (key) => store.get(key),
    take: (key) => store.take(key),
    delete: (key) => store.delete(key),
    keys: () => store.keys(),
    flush: () => store.flush(),
    clear: () => store.clear(),
    close: () => (closed ??= close()),
  }
}
