/** A store whose operations take a while, one that can fail or hang, and that counts what it does. */
import type { CheckpointKey, OpenStore, Store, StoreSettings } from '@checkpoint-schedules/driver'

export interface SlowSettings {
  /** How long each operation takes, in milliseconds; by default 0 to 2, at random, so that operations end out of order. */
  readonly delay?: () => number
  /** Called at the beginning of each operation; what it throws rejects the operation. */
  readonly on?: (operation: 'put' | 'get' | 'take', key: CheckpointKey) => void
  /** Operations never settle, unless the run is aborted. */
  readonly hangs?: boolean
}

export class SlowStore implements Store {
  readonly medium = 'slow'
  readonly #settings: SlowSettings
  underWay = 0
  mostUnderWay = 0
  /** Operations that began while another one on the same key was under way. */
  clashes = 0
  opened = 0
  closed = 0
  /** Checkpoints left when the store was closed. */
  left = 0

  constructor(settings: SlowSettings = {}) {
    this.#settings = settings
  }

  open({ codecs, signal }: StoreSettings): OpenStore {
    this.opened += 1
    const held = new Map<number, { key: CheckpointKey; value: unknown }>()
    const dispose = (key: CheckpointKey, value: unknown) => codecs[key.kind].dispose?.(value)
    const busy = new Set<number>()
    const operation = async <T>(
      name: 'put' | 'get' | 'take',
      key: CheckpointKey,
      work: () => T,
    ): Promise<T> => {
      this.underWay += 1
      if (busy.has(key.step)) this.clashes += 1
      busy.add(key.step)
      this.mostUnderWay = Math.max(this.mostUnderWay, this.underWay)
      try {
        await this.#pause(signal)
        this.#settings.on?.(name, key)
        return await work()
      } finally {
        this.underWay -= 1
        busy.delete(key.step)
      }
    }
    const found = ({ step, kind }: CheckpointKey) => {
      const checkpoint = held.get(step)
      if (checkpoint?.key.kind !== kind) throw new Error(`there is no ${kind} data of step ${step}`)
      return checkpoint.value
    }
    return {
      async put(key, value) {
        let isStored = false
        try {
          await operation('put', key, () => held.set(key.step, { key, value }))
          isStored = true
        } finally {
          if (!isStored) await dispose(key, value)
        }
      },
      get: (key) => operation('get', key, () => codecs[key.kind].clone(found(key))),
      take: (key) =>
        operation('take', key, () => {
          const value = found(key)
          held.delete(key.step)
          return value
        }),
      async delete(key) {
        const value = found(key)
        held.delete(key.step)
        await dispose(key, value)
      },
      keys: () => Array.from(held.values(), ({ key }) => key),
      async flush() {},
      async clear() {
        const all = [...held.values()]
        held.clear()
        for (const { key, value } of all) await dispose(key, value)
      },
      close: () => {
        this.closed += 1
        this.left += held.size
      },
    }
  }

  async #pause(signal: AbortSignal | undefined): Promise<void> {
    if (this.#settings.hangs) {
      await new Promise((_, reject) =>
        signal?.addEventListener('abort', () => reject(signal.reason as Error)),
      )
    }
    const { delay = () => 2 * Math.random() } = this.#settings
    await new Promise((resolve) => setTimeout(resolve, delay()))
  }
}
