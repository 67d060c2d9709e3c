/** One opened store: what it holds is counted, what it returns is looked at, and its errors name storage, operation and step. */
import type { CheckpointKind } from '@checkpoint-schedules/core'
import {
  type Awaitable,
  type Codec,
  type HeldCheckpoint,
  isPromise,
  type OpenStore,
  treeCodec,
} from '@checkpoint-schedules/model'
import { Meter } from '../run/statistics.js'
import { Contents } from '../values/contents.js'
import { measured } from '../values/measured.js'
import { refused } from '../values/named.js'
import type { TapeWatch } from '../values/tape-watch.js'
import { notTheSame, storeFailed } from './store-failure.js'
import type { Load, Loaded } from './transfers.js'

/** The codecs of the two kinds of data. */
export type KindCodecs = { readonly [Kind in CheckpointKind]: Codec<unknown> }

export class OpenedStorage {
  readonly name: string
  readonly medium: string
  /** Nothing to overlap with: checkpoints are in this process's memory and count as such. */
  readonly inMemory: boolean
  readonly bytes = new Meter()
  readonly #store: OpenStore
  readonly #codecs: KindCodecs
  readonly #live: Meter
  // Each checkpoint held, by step.
  readonly #held = new Map<number, { readonly kind: CheckpointKind; readonly bytes: number }>()
  readonly #states: Contents
  readonly #tapes: Contents

  /** @param live - Counts the bytes of everything that is in memory. */
  constructor(
    name: string,
    { medium, inMemory = false }: { readonly medium: string; readonly inMemory?: boolean },
    store: OpenStore,
    settings: { readonly codecs: KindCodecs; readonly live: Meter; readonly watch: TapeWatch },
  ) {
    this.name = name
    this.medium = medium
    this.inMemory = inMemory
    this.#store = store
    this.#codecs = settings.codecs
    this.#live = settings.live
    this.#states = new Contents(settings.codecs.restart)
    this.#tapes = new Contents(settings.codecs.dependency, settings.watch)
  }

  /** Counts what an earlier process left, as `bytes` bytes each: it is measured when it is read. */
  find(bytes: number): HeldCheckpoint[] {
    return Array.from(this.#store.keys(), ({ step, kind }) => {
      this.#held.set(step, { kind, bytes })
      this.bytes.add(bytes)
      return { storage: this.name, step, kind }
    })
  }

  /** How many checkpoints it holds. */
  get count(): number {
    return this.#held.size
  }

  /** The bytes of a checkpoint, `undefined` if there is none. */
  sizeOf(step: number): number | undefined {
    return this.#held.get(step)?.bytes
  }

  /** Counts a value that is stored next, and remembers what is in it. Returns its bytes. */
  expect(step: number, kind: CheckpointKind, value: unknown): number {
    const codec = this.#codecOf(kind)
    let bytes: number
    try {
      bytes = measured(codec, value)
    } catch (error) {
      throw refused(`the ${kind === 'restart' ? 'state' : 'tape'} of step ${step}`, error)
    }
    // What is read has the bits of what was put; not so where a codec may round when the store encodes.
    if (this.inMemory || codec === treeCodec) this.#contentsOf(kind).put(step, value)
    this.#held.set(step, { kind, bytes })
    this.bytes.add(bytes)
    if (this.inMemory) this.#live.add(bytes)
    return bytes
  }

  /** Stores a value that was expected; it belongs to the store from now on. */
  put(step: number, kind: CheckpointKind, value: unknown): PromiseLike<void> | undefined {
    let result: Awaitable<void>
    try {
      result = this.#store.put({ step, kind }, value)
    } catch (cause) {
      throw this.#failed('put', step, cause)
    }
    return isPromise(result) ? this.#named('put', step, result) : undefined
  }

  /** What an action asks for: the checkpoint itself by a Move, a copy by a Copy. */
  fetch(load: Load): Awaitable<Loaded> {
    const key = { step: load.n, kind: kindOf(load) }
    const operation = load.type === 'Copy' ? 'get' : 'take'
    let value: unknown
    try {
      value = operation === 'get' ? this.#store.get(key) : this.#store.take(key)
    } catch (cause) {
      throw this.#failed(operation, load.n, cause)
    }
    return isPromise(value) ? this.#fetched(load, operation, value) : this.#loaded(load, value)
  }

  /** Deletes a checkpoint that is counted no longer. */
  delete(step: number, kind: CheckpointKind): PromiseLike<void> | undefined {
    let result: Awaitable<void>
    try {
      result = this.#store.delete({ step, kind })
    } catch (cause) {
      throw this.#failed('delete', step, cause)
    }
    return isPromise(result) ? this.#named('delete', step, result) : undefined
  }

  /** The checkpoint of a step is counted no longer: it is given up. Returns what it was. */
  giveUp(step: number): CheckpointKind | undefined {
    const checkpoint = this.#held.get(step)
    if (checkpoint === undefined) return undefined
    this.#held.delete(step)
    this.bytes.remove(checkpoint.bytes)
    if (this.inMemory) this.#live.remove(checkpoint.bytes)
    return checkpoint.kind
  }

  /** What is in a checkpoint that is gone need not be remembered. */
  forget(step: number, kind: CheckpointKind): void {
    this.#contentsOf(kind).forget(step)
  }

  /** Releases every checkpoint and the store, whatever happens; returns the errors met. */
  async close(): Promise<unknown[]> {
    const errors: unknown[] = []
    for (const operation of ['clear', 'close'] as const) {
      try {
        await this.#store[operation]()
      } catch (error) {
        errors.push(storeFailed(this.name, `could not ${operation}`, error))
      }
    }
    if (this.inMemory) this.#live.remove(this.bytes.live)
    return errors
  }

  async #fetched(load: Load, operation: string, value: PromiseLike<unknown>): Promise<Loaded> {
    return this.#loaded(load, await this.#named(operation, load.n, value))
  }

  #loaded(load: Load, value: unknown): Loaded {
    const { n: step, type } = load
    const kind = kindOf(load)
    let bytes: number
    try {
      bytes = measured(this.#codecOf(kind), value)
    } catch (error) {
      throw refused(`what the store of ${this.name} returned for step ${step}`, error)
    }
    this.#compare(load, value)
    if (this.inMemory && type === 'Move') this.forget(step, kind)
    return { value, bytes }
  }

  /** What was read early is handed to the run: it is still what was put, though the run may have changed what it was given before. */
  handOver(load: Load, value: unknown): void {
    this.#compare(load, value)
    if (load.type === 'Move') this.forget(load.n, kindOf(load))
  }

  #compare(load: Load, value: unknown): void {
    const [step, kind] = [load.n, kindOf(load)]
    const field = this.#contentsOf(kind).difference(step, value)
    if (field !== undefined) throw notTheSame(this.name, { step, kind }, field)
  }

  // Not by `codecs[kind]`: a property whose name varies is looked up each time.
  #codecOf(kind: CheckpointKind): Codec<unknown> {
    return kind === 'restart' ? this.#codecs.restart : this.#codecs.dependency
  }

  #contentsOf(kind: CheckpointKind): Contents {
    return kind === 'restart' ? this.#states : this.#tapes
  }

  async #named<T>(operation: string, step: number, result: PromiseLike<T>): Promise<T> {
    try {
      return await result
    } catch (cause) {
      throw this.#failed(operation, step, cause)
    }
  }

  #failed(operation: string, step: number, cause: unknown): unknown {
    const details = { operation, step }
    return storeFailed(this.name, `failed to ${operation} the checkpoint of step ${step}`, cause, details)
  }
}

/** What kind of data a Copy or Move loads. */
export function kindOf({ to }: Load): CheckpointKind {
  return to === 'ADJ_DEPS' ? 'dependency' : 'restart'
}
