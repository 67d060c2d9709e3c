/** The checkpoints of one run: the opened stores, with bytes and time counted. */
import {
  type CheckpointKind,
  CheckpointScheduleError,
  type Limits,
  optionError,
} from '@checkpoint-schedules/core'
import type { Codec } from './codec.js'
import { memoryStore } from './memory-store.js'
import { Meter } from './statistics.js'
import type { OpenStore, Store } from './store.js'

interface Storage {
  readonly name: string
  readonly medium: string
  readonly store: OpenStore
  readonly sizes: Map<number, number>
  readonly bytes: Meter
}

/** The codecs of the two kinds of data. */
export type KindCodecs = { readonly [Kind in CheckpointKind]: Codec<unknown> }

/**
 * The store of each storage that the schedule uses; RAM has `memoryStore` where none is given.
 *
 * @throws `MISSING_STORE`
 */
export function storesFor(
  call: string,
  limits: Limits,
  given: Readonly<Record<string, Store>> = {},
): Map<string, Store> {
  const stores = new Map<string, Store>()
  for (const storage of Object.keys(limits)) {
    const store = Object.hasOwn(given, storage)
      ? given[storage]
      : storage === 'RAM'
        ? memoryStore()
        : undefined
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

export class Checkpoints {
  readonly #storages = new Map<string, Storage>()
  readonly #codecs: KindCodecs
  readonly #live: Meter
  /** Milliseconds spent here. */
  timeMs = 0

  /** @param live - Counts the bytes of everything that is alive. */
  constructor(codecs: KindCodecs, live: Meter) {
    this.#codecs = codecs
    this.#live = live
  }

  async open(stores: ReadonlyMap<string, Store>, limits: Limits): Promise<void> {
    for (const [name, store] of stores) {
      const opened = await store.open({ storage: name, limit: limits[name] ?? null, codecs: this.#codecs })
      this.#storages.set(name, {
        name,
        medium: store.medium,
        store: opened,
        sizes: new Map(),
        bytes: new Meter(),
      })
    }
  }

  /** Does `work`, such as copying a state, on the time of the checkpoints. */
  async timed<T>(work: () => T | PromiseLike<T>): Promise<T> {
    const started = performance.now()
    const result = await work()
    this.timeMs += performance.now() - started
    return result
  }

  /** Stores `value`, which belongs to the store from now on. */
  async put(name: string, step: number, kind: CheckpointKind, value: unknown): Promise<void> {
    const storage = this.#storages.get(name)!
    const bytes = this.#codecs[kind].byteLength(value)
    storage.sizes.set(step, bytes)
    storage.bytes.add(bytes)
    this.#live.add(bytes)
    await this.#guard(storage, 'put', step, () => storage.store.put({ step, kind }, value))
  }

  /** The checkpoint's data, owned by the caller, and its size; `keep`: a copy stays. */
  async load(
    name: string,
    step: number,
    kind: CheckpointKind,
    keep: boolean,
  ): Promise<{ value: unknown; bytes: number }> {
    const storage = this.#storages.get(name)!
    const operation = keep ? 'get' : 'take'
    const value = await this.#guard(storage, operation, step, () => storage.store[operation]({ step, kind }))
    const bytes = storage.sizes.get(step) ?? 0
    if (!keep) {
      storage.sizes.delete(step)
      storage.bytes.remove(bytes)
      this.#live.remove(bytes)
    }
    return { value, bytes }
  }

  /** Releases every checkpoint and every store, whatever happens; then throws the first error met. */
  async close(): Promise<void> {
    const errors: unknown[] = []
    for (const { store } of this.#storages.values()) {
      for (const operation of ['clear', 'close'] as const) {
        try {
          await store[operation]()
        } catch (error) {
          errors.push(error)
        }
      }
    }
    for (const { bytes } of this.#storages.values()) this.#live.remove(bytes.live)
    if (errors.length > 0) {
      throw new CheckpointScheduleError(
        'STORE_FAILED',
        `a store could not be closed: ${messageOf(errors[0])}`,
        { cause: errors[0] },
      )
    }
  }

  /** What served each storage, and the most bytes that it held. */
  get use(): { name: string; medium: string; peakBytes: number }[] {
    return Array.from(this.#storages.values(), ({ name, medium, bytes }) => ({
      name,
      medium,
      peakBytes: bytes.peak,
    }))
  }

  async #guard<T>(
    storage: Storage,
    operation: string,
    step: number,
    call: () => T | PromiseLike<T>,
  ): Promise<T> {
    try {
      return await this.timed(call)
    } catch (cause) {
      if (cause instanceof CheckpointScheduleError) throw cause
      throw new CheckpointScheduleError(
        'STORE_FAILED',
        `the store of ${storage.name} failed to ${operation} the checkpoint of step ${step}: ${messageOf(cause)}`,
        { cause, details: { storage: storage.name, operation, step } },
      )
    }
  }
}

/** The message of whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
