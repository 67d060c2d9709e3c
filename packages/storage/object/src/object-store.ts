/** `objectStore`: checkpoints in an object store. */
import { optionError, show } from '@checkpoint-schedules/core'
import type { ObjectClient, Store, StoreSettings } from '@checkpoint-schedules/model'
import { SlotStore } from '@checkpoint-schedules/storage-slots'
import { newWriter, ObjectFiles } from './object-files.js'
import { objectMedium, storeFailed } from './object-medium.js'
import { objectThread } from './object-thread.js'
import { checkedPrefix } from './prefix.js'
import { checkedRetries, type RetryOptions } from './retry-options.js'
import { RetryingClient } from './retrying.js'

/** Where the objects go, and how. */
export interface ObjectOptions extends RetryOptions {
  /**
   * A checkpoint larger than this is cut into several objects, four of which are under way at once, so that only a failed one is made again. In
   * bytes, by default 16 MiB.
   */
  readonly partBytes?: number
}

/** Where the objects go, and how. */
export interface ObjectStoreOptions extends ObjectOptions {
  /** What all keys begin with, by default `checkpoints`. Each run that opens the store has a random key of its own below it. */
  readonly prefix?: string
}

/**
 * A store that keeps checkpoints in an object store, such as S3: for checkpoints that outgrow local disks. One store serves any number of storages and
 * runs, at the same time and from many machines.
 *
 * A value must not be used after `put`. Each checkpoint has a checksum, which is verified when it is read. Requests that fail are made again for two
 * minutes. Closing the store deletes its objects. A process that is killed leaves them: give the prefix a rule of the bucket that
 * deletes objects after some days, longer than a run takes.
 *
 * Cost: for each checkpoint one PUT, one GET for each reading and one DELETE, or as many as it has parts; in memory, the bytes of one checkpoint and
 * of four parts in addition to those in transfer.
 *
 * @throws `INVALID_OPTION`
 * @throws `STORE_FAILED` (from a run): the store is away for too long, or refuses. `cause` has the error of the client.
 * @throws `INVALID_FILE` (from `get` and `take`): a checkpoint has changed since it was written, or is missing.
 * @example
 * ```ts
 * import type { ObjectClient } from '@checkpoint-schedules/model'
 * import { objectStore } from '@checkpoint-schedules/storage-object'
 *
 * const storesOver = (client: ObjectClient) => ({ DISK: objectStore(client, { prefix: 'scratch' }) })
 * ```
 */
export function objectStore(client: ObjectClient, options: ObjectStoreOptions = {}): Store {
  const retries = checkedRetries('objectStore', client, options)
  const partBytes = checkedPartBytes('objectStore', options)
  const prefix = checkedPrefix('objectStore', options.prefix ?? 'checkpoints')
  return {
    medium: 'objects',
    open(settings: StoreSettings) {
      const { signal } = settings
      const writer = newWriter()
      const files = new ObjectFiles({
        client: new RetryingClient(client, retries, { hurry: signal }),
        prefix,
        writer,
        partBytes,
        signal,
      })
      const closing = async () => {
        try {
          await files.swept(0)
        } catch (error) {
          const place = `${prefix}/${writer}/`
          throw storeFailed(`the objects under ${place} cannot all be deleted`, error, { prefix: place })
        }
      }
      return new SlotStore(settings, {
        medium: objectMedium,
        directory: `${prefix}/${writer}`,
        number: 0,
        thread: objectThread(files, closing),
        alone: true,
        keep: false,
        flushNames: async () => undefined,
        checkSpace: async () => undefined,
      })
    },
  }
}

/** The bytes of a part, checked. @throws `INVALID_OPTION` */
export function checkedPartBytes(call: string, { partBytes = 2 ** 24 }: ObjectOptions): number {
  if (!(Number.isSafeInteger(partBytes) && partBytes >= 1024 && partBytes <= 5 * 2 ** 30))
    throw optionError(
      call,
      `partBytes must be an integer from 1024 to ${5 * 2 ** 30}, the most that S3 takes at once; got ${show(partBytes)}.`,
    )
  return partBytes
}
