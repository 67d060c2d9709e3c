/** Checkpoints in memory. */
import { CheckpointScheduleError } from '@checkpoint-schedules/core'
import { independentCopy } from './independent.js'
import type { CheckpointKey, OpenStore, Store, StoreSettings } from './store.js'

/**
 * A store that keeps checkpoints in memory, as they are. `put` and `take` cost nothing, `get` one clone.
 *
 * @example
 * ```ts
 * import { memoryStore } from '@checkpoint-schedules/driver'
 *
 * const stores = { RAM: memoryStore(), DISK: memoryStore() }
 * ```
 */
export function memoryStore(): Store {
  return { medium: 'memory', inMemory: true, open: openMemory }
}

function openMemory({ storage, codecs }: StoreSettings): OpenStore {
  const held = new Map<number, { key: CheckpointKey; value: unknown }>()
  const find = (key: CheckpointKey) => {
    const checkpoint = held.get(key.step)
    if (checkpoint?.key.kind !== key.kind) {
      throw new CheckpointScheduleError(
        'STORE_FAILED',
        `memoryStore: ${storage} holds no ${key.kind} data of step ${key.step}.`,
      )
    }
    return checkpoint.value
  }
  return {
    put(key, value) {
      held.set(key.step, { key, value })
    },
    get: (key) => independentCopy(codecs[key.kind], find(key)),
    take(key) {
      const value = find(key)
      held.delete(key.step)
      return value
    },
    delete(key) {
      const value = find(key)
      held.delete(key.step)
      return codecs[key.kind].dispose?.(value)
    },
    keys: () => Array.from(held.values(), ({ key }) => key),
    flush() {},
    async clear() {
      const all = [...held.values()]
      held.clear()
      for (const { key, value } of all) await codecs[key.kind].dispose?.(value)
    },
    close() {},
  }
}
