/** Which store serves which storage. */
import { CheckpointScheduleError, type Limits, optionError, show } from '@checkpoint-schedules/core'
import { memoryStore, type Store } from '@checkpoint-schedules/model'

/**
 * The store of each storage that the schedule uses; RAM has `memoryStore` where none is given, further ones `others` if there is one.
 *
 * @throws `MISSING_STORE`
 */
export function storesFor(
  call: string,
  limits: Limits,
  given: Readonly<Record<string, Store>> = {},
  others?: Store,
): Map<string, Store> {
  if (typeof given !== 'object' || (given as unknown) === null)
    throw optionError(call, `stores must be an object such as { DISK: memoryStore() }; got ${show(given)}.`)
  const stores = new Map<string, Store>()
  for (const storage of Object.keys(limits)) {
    const store = Object.hasOwn(given, storage) ? given[storage] : storage === 'RAM' ? memoryStore() : others
    if (store === undefined) {
      throw new CheckpointScheduleError(
        'MISSING_STORE',
        `${call}: the schedule keeps checkpoints in ${storage} and there is no store for it; ` +
          `pass stores: { ${storage}: memoryStore() } to hold them in memory, or a schedule that does not use ${storage}.`,
        { details: { storage } },
      )
    }
    if (typeof store !== 'object' || typeof store.open !== 'function') {
      throw optionError(call, `stores.${storage} must be a store, such as memoryStore().`)
    }
    stores.set(storage, store)
  }
  return stores
}
