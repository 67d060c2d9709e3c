/** The checkpoints of one run: the opened stores, with bytes and time counted. */
import type { Action, CheckpointKind, Limits } from '@checkpoint-schedules/core'
import {
  type Codec,
  type HeldCheckpoint,
  type OpenStore,
  type Store,
  treeCodec,
} from '@checkpoint-schedules/model'
import { Meter } from '../run/statistics.js'
import { Contents } from '../values/contents.js'
import { measured } from '../values/measured.js'
import { named } from '../values/named.js'
import type { TapeWatch } from '../values/tape-watch.js'
import type { Lookahead } from './lookahead.js'
import { guarded, notTheSame, storeFailed } from './store-failure.js'
import { type Load, type Loaded, type Reads, Transfers } from './transfers.js'

interface Storage {
  readonly name: string
  readonly medium: string
  /** Nothing to overlap with: checkpoints are in this process's memory and count as such. */
  readonly inMemory: boolean
  readonly store: OpenStore
  /** The bytes of each checkpoint held, by step. */
  readonly sizes: Map<number, number>
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
  /** What the stores held when they were opened. */
  readonly found: HeldCheckpoint[] = []
  /** Milliseconds that the run spent here. */
  timeMs = 0

  constructor(settings: CheckpointSettings) {
    const { buffers, live, signal } = settings
    this.#settings = settings
    this.#transfers = new Transfers(buffers, live, signal)
    this.#reads = {
      isSlow: (action): action is Load =>
        isLoad(action) && this.#storages.get(action.from)?.inMemory === false,
      sizeOf: ({ from, n }) => this.#storage(from).sizes.get(n),
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
        sizes: new Map<number, number>(),
        bytes: new Meter(),
        contents,
      }
      this.#storages.set(name, storage)
      // What an earlier process left; it is measured when it is read.
      for (const { step, kind } of store.keys()) {
        storage.sizes.set(step, found)
        storage.bytes.add(found)
        this.found.push({ storage: name, step, kind })
      }
    }
  }

  /** Charges the time of `work`, such as copying a state, to the checkpoints. */
  async timed<T>(work: () => T | PromiseLike<T>): Promise<T> {
    const started = performance.now()
    try {
      return await work()
    } finally {
      this.timeMs += performance.now() - started
    }
  }

  /** Stores `value`, which belongs to the store from now on. */
  put(name: string, step: number, kind: CheckpointKind, value: unknown): Promise<void> {
    return this.timed(async () => {
      const storage = this.#storage(name)
      const codec = this.#settings.codecs[kind]
      const bytes = named(`the ${kind === 'restart' ? 'state' : 'tape'} of step ${step}`, () =>
        measured(codec, value),
      )
      if (this.#keepsBits(storage, kind)) storage.contents[kind].put(step, value)
      storage.sizes.set(step, bytes)
      storage.bytes.add(bytes)
      const write = () => guarded(name, 'put', step, () => storage.store.put({ step, kind }, value))
      if (storage.inMemory) {
        this.#settings.live.add(bytes)
        await write()
        return
      }
      try {
        await this.#transfers.bufferForWriting()
      } catch (error) {
        await codec.dispose?.(value) // no store owns it yet
        throw error
      }
      await this.#transfers.write(keyOf(name, step), bytes, write)
    })
  }

  /** Whether the checkpoints of a storage are values in this process's memory. */
  isInMemory(name: string): boolean {
    return this.#storage(name).inMemory
  }

  /** What the action asks for. */
  load(load: Load): Promise<Loaded> {
    return this.timed(async () => {
      if (this.isInMemory(load.from)) return this.#read(load)
      return (await this.#transfers.readEarly(load)) ?? this.#transfers.patience.wait(this.#read(load))
    })
  }

  /** Resolves when all that was put has been stored. */
  settled(): Promise<void> {
    return this.#transfers.settled()
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

  async #read(load: Load): Promise<Loaded> {
    const { n: step, from } = load
    const storage = this.#storage(from)
    const kind = kindOf(load)
    const key = { step, kind }
    const operation = load.type === 'Copy' ? 'get' : 'take'
    if (load.type === 'Move') {
      const counted = storage.sizes.get(step) ?? 0
      storage.sizes.delete(step)
      storage.bytes.remove(counted)
      if (storage.inMemory) this.#settings.live.remove(counted)
    }
    await this.#transfers.written(keyOf(from, step))
    const value = await guarded(from, operation, step, () => storage.store[operation](key))
    const what = `what the store of ${from} returned for step ${step}`
    const bytes = named(what, () => measured(this.#settings.codecs[kind], value))
    const contents = storage.contents[kind]
    const field = contents.difference(step, value)
    if (field !== undefined) throw notTheSame(from, key, field)
    if (operation === 'take') contents.forget(step)
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
