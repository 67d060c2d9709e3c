/** The checkpoints of one run: the opened stores, with bytes and time counted. */
import type { Action, CheckpointKind, Limits } from '@checkpoint-schedules/core'
import {
  type Awaitable,
  type Codec,
  type HeldCheckpoint,
  isPromise,
  type OpenStore,
  type Store,
  treeCodec,
} from '@checkpoint-schedules/model'
import { Meter } from '../run/statistics.js'
import { Contents } from '../values/contents.js'
import { measured } from '../values/measured.js'
import { refused } from '../values/named.js'
import type { TapeWatch } from '../values/tape-watch.js'
import type { Lookahead } from '@checkpoint-schedules/simulator'
import { guarded, notTheSame, storeFailed } from './store-failure.js'
import { type Discard, type Load, type Loaded, type Reads, Transfers } from './transfers.js'

interface Storage {
  readonly name: string
  readonly medium: string
  /** Nothing to overlap with: checkpoints are in this process's memory and count as such. */
  readonly inMemory: boolean
  readonly store: OpenStore
  /** Each checkpoint held, by step. */
  readonly held: Map<number, { readonly kind: CheckpointKind; readonly bytes: number }>
  readonly bytes: Meter
  readonly contents: { readonly [Kind in CheckpointKind]: Contents }
}

/** The codecs of the two kinds of data. */
export type KindCodecs = { readonly [Kind in CheckpointKind]: Codec<unknown> }

export interface CheckpointSettings {
  readonly codecs: KindCodecs
  /** Counts the bytes of everything that is in memory. */
  readonly live: Meter
  readonly watch: TapeWatch
  /** Transfers under way at once; 0: none, the run waits for each. */
  readonly buffers: number
  readonly signal: AbortSignal | undefined
}

export class Checkpoints {
  readonly #storages = new Map<string, Storage>()
  readonly #settings: CheckpointSettings
  readonly #transfers: Transfers
  readonly #reads: Reads
  #hasSlowStore = false
  /** What the stores held when they were opened. */
  readonly found: HeldCheckpoint[] = []

  constructor(settings: CheckpointSettings) {
    const { buffers, live, signal } = settings
    this.#settings = settings
    this.#transfers = new Transfers(buffers, live, signal)
    this.#reads = {
      isSlow: (action): action is Load | Discard => {
        const name = isLoad(action) ? action.from : action.type === 'Discard' ? action.storage : undefined
        return name !== undefined && this.#storages.get(name)?.inMemory === false
      },
      sizeOf: ({ from, n }) => this.#storage(from).held.get(n)?.bytes,
      read: (load) => this.#read(load),
    }
  }

  /** @param found - What to count for a checkpoint that a store holds already, in bytes. */
  async open(stores: ReadonlyMap<string, Store>, limits: Limits, found: number): Promise<void> {
    const { codecs, signal, watch } = this.#settings
    for (const [name, given] of stores) {
      const { medium, inMemory = false } = given
      const opening = given.open({ storage: name, limit: limits[name] ?? null, codecs, signal })
      const store = await this.#transfers.patience.opened(opening, (late) => late.close())
      const contents = {
        restart: new Contents(codecs.restart),
        dependency: new Contents(codecs.dependency, watch),
      }
      const storage = {
        name,
        medium,
        inMemory,
        store,
        held: new Map<number, { kind: CheckpointKind; bytes: number }>(),
        bytes: new Meter(),
        contents,
      }
      this.#storages.set(name, storage)
      if (!inMemory) this.#hasSlowStore = true
      // What an earlier process left; it is measured when it is read.
      for (const { step, kind } of store.keys()) {
        storage.held.set(step, { kind, bytes: found })
        storage.bytes.add(found)
        this.found.push({ storage: name, step, kind })
      }
    }
  }

  /** Stores `value`, which belongs to the store from now on. */
  put(name: string, step: number, kind: CheckpointKind, value: unknown): PromiseLike<void> | undefined {
    const storage = this.#storage(name)
    const bytes = this.#measured(kind, step, value)
    if (this.#keepsBits(storage, kind)) storage.contents[kind].put(step, value)
    storage.held.set(step, { kind, bytes })
    storage.bytes.add(bytes)
    if (!storage.inMemory) return this.#putSlowly(storage, step, kind, value, bytes)
    this.#settings.live.add(bytes)
    const put = guarded(name, 'put', step, () => storage.store.put({ step, kind }, value))
    return isPromise(put) ? put : undefined
  }

  /** Whether the checkpoints of a storage are values in this process's memory. */
  isInMemory(name: string): boolean {
    return this.#storage(name).inMemory
  }

  /** What the action asks for. */
  load(load: Load): Awaitable<Loaded> {
    const storage = this.#storage(load.from)
    return storage.inMemory ? this.#readInMemory(storage, load) : this.#loadSlowly(load)
  }

  /** Deletes a checkpoint, unread. */
  discard(discard: Discard): PromiseLike<void> | undefined {
    const { n: step, storage: name } = discard
    const storage = this.#storage(name)
    const { kind } = storage.held.get(step)! // the course has checked that it exists
    this.#forget(storage, step)
    storage.contents[kind].forget(step)
    if (storage.inMemory && kind === 'dependency') this.#settings.watch.released()
    const remove = () => guarded(name, 'delete', step, () => storage.store.delete({ step, kind }))
    if (!storage.inMemory) return this.#transfers.discard(discard, keyOf(name, step), async () => remove())
    this.#transfers.throwFailure()
    const removed = remove()
    return isPromise(removed) ? removed : undefined
  }

  /** Resolves when all that was put has been stored. */
  settled(): Promise<void> {
    return this.#transfers.settled()
  }

  /** Whether there is a store that takes time. */
  get mayReadAhead(): boolean {
    return this.#hasSlowStore
  }

  /** Starts the reads that come next, while there are buffers. */
  readAhead(future: Lookahead): void {
    this.#transfers.readAhead(future, this.#reads)
  }

  /** Releases every checkpoint and every store, whatever happens; then throws the first error met. */
  async close(): Promise<void> {
    const { codecs, signal, live } = this.#settings
    const errors: unknown[] = []
    await this.#transfers.end(
      (load, { value }) => codecs[kindOf(load)].dispose?.(value),
      signal?.aborted === true,
    )
    for (const { store, name } of this.#storages.values()) {
      for (const operation of ['clear', 'close'] as const) {
        try {
          await store[operation]()
        } catch (error) {
          errors.push(storeFailed(name, `could not ${operation}`, error))
        }
      }
    }
    for (const { bytes, inMemory } of this.#storages.values()) if (inMemory) live.remove(bytes.live)
    this.#transfers.patience.end()
    if (errors.length > 0) throw errors[0]
  }

  /** What served each storage, and the most bytes that it held. */
  get use(): { name: string; medium: string; peakBytes: number }[] {
    return Array.from(this.#storages.values(), ({ name, medium, bytes }) => ({
      name,
      medium,
      peakBytes: bytes.peak,
    }))
  }

  /** Most transfers under way at once. */
  get peakBuffers(): number {
    return this.#transfers.buffers.peak
  }

  #measured(kind: CheckpointKind, step: number, value: unknown): number {
    try {
      return measured(this.#settings.codecs[kind], value)
    } catch (error) {
      throw refused(`the ${kind === 'restart' ? 'state' : 'tape'} of step ${step}`, error)
    }
  }

  async #putSlowly(
    { name, store }: Storage,
    step: number,
    kind: CheckpointKind,
    value: unknown,
    bytes: number,
  ): Promise<void> {
    try {
      await this.#transfers.bufferForWriting()
    } catch (error) {
      await this.#settings.codecs[kind].dispose?.(value) // no store owns it yet
      throw error
    }
    await this.#transfers.write(keyOf(name, step), bytes, async () =>
      guarded(name, 'put', step, () => store.put({ step, kind }, value)),
    )
  }

  async #loadSlowly(load: Load): Promise<Loaded> {
    return (await this.#transfers.readEarly(load)) ?? this.#transfers.patience.wait(this.#read(load))
  }

  async #read(load: Load): Promise<Loaded> {
    const { n: step, from } = load
    const storage = this.#storage(from)
    if (load.type === 'Move') this.#forget(storage, step)
    const writing = this.#transfers.written(keyOf(from, step))
    if (writing !== undefined) await writing // else the store is asked now, before the run computes on
    return this.#loaded(storage, load, await this.#fetch(storage, load))
  }

  #readInMemory(storage: Storage, load: Load): Awaitable<Loaded> {
    if (load.type === 'Move') this.#forget(storage, load.n)
    this.#transfers.throwFailure()
    const value = this.#fetch(storage, load)
    return isPromise(value)
      ? value.then((it) => this.#loaded(storage, load, it))
      : this.#loaded(storage, load, value)
  }

  /** The checkpoint of a step is given up. */
  #forget(storage: Storage, step: number): void {
    const counted = storage.held.get(step)?.bytes ?? 0
    storage.held.delete(step)
    storage.bytes.remove(counted)
    if (storage.inMemory) this.#settings.live.remove(counted)
  }

  #fetch({ name, store }: Storage, load: Load): Awaitable<unknown> {
    const operation = load.type === 'Copy' ? 'get' : 'take'
    const key = { step: load.n, kind: kindOf(load) }
    return guarded(name, operation, load.n, () => store[operation](key))
  }

  #loaded({ name, contents }: Storage, load: Load, value: unknown): Loaded {
    const { n: step, type } = load
    const kind = kindOf(load)
    let bytes: number
    try {
      bytes = measured(this.#settings.codecs[kind], value)
    } catch (error) {
      throw refused(`what the store of ${name} returned for step ${step}`, error)
    }
    const field = contents[kind].difference(step, value)
    if (field !== undefined) throw notTheSame(name, { step, kind }, field)
    if (type === 'Move') contents[kind].forget(step)
    return { value, bytes }
  }

  /** Whether what is read has the bits of what was put: a codec may round if the store encodes. */
  #keepsBits({ inMemory }: Storage, kind: CheckpointKind): boolean {
    return inMemory || this.#settings.codecs[kind] === treeCodec
  }

  #storage(name: string): Storage {
    const storage = this.#storages.get(name)
    if (storage === undefined) throw new Error(`runAdjoint: no store was opened for ${name}; this is a bug.`)
    return storage
  }
}

/** What kind of data a Copy or Move loads. */
export function kindOf({ to }: Load): CheckpointKind {
  return to === 'ADJ_DEPS' ? 'dependency' : 'restart'
}

const keyOf = (storage: string, step: number) => `${step} ${storage}`

function isLoad(action: Action): action is Load {
  return action.type === 'Copy' || action.type === 'Move'
}
