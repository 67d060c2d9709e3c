/** A store that leaves its run when it is closed. */
import type { OpenStore } from '@checkpoint-schedules/model'

/** The store; its first close also calls `leave`, and any further one does nothing. */
export function closedOnce(store: OpenStore, leave: () => Promise<void>): OpenStore {
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
