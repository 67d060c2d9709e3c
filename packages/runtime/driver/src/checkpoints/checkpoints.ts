/** The checkpoints of one run: those in memory are there at once, others are transferred while the run continues. */
import type { Action, CheckpointKind, Limits } from '@checkpoint-schedules/core'
import type { Awaitable, HeldCheckpoint, Store } from '@checkpoint-schedules/model'
import type { Meter } from '../run/statistics.js'
import type { TapeWatch } from '../values/tape-watch.js'
import type { Lookahead } from '@checkpoint-schedules/simulator'
import { type KindCodecs, kindOf, OpenedStorage } from './opened-storage.js'
import { type Discard, type Load, type Loaded, type Reads, Transfers } from './transfers.js'

export interface CheckpointSettings {
  readonly codecs: KindCodecs
  /** Those of stores in memory: they may copy into memory that the run has given up. */
  readonly memoryCodecs: KindCodecs
  /** Counts the bytes of everything that is in memory. */
  readonly live: Meter
  readonly watch: TapeWatch
  /** Transfers under way at once; 0: none, the run waits for each. */
  readonly buffers: number
  readonly signal: AbortSignal | undefined
}

export class Checkpoints {
  readonly #storages = new Map<string, OpenedStorage>()
  // The storage that was asked for last.
  #near: OpenedStorage | undefined
  readonly #settings: CheckpointSettings
  readonly #transfers: Transfers
  readonly #reads: Reads
  #hasSlowStore = false
  // The most checkpoints that were in memory at once so far.
  #mostInMemory = 0
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
      sizeOf: ({ from, n }) => this.#storage(from).sizeOf(n),
      read: (load) => this.#read(load),
    }
  }

  /** @param bytes - What to count for a checkpoint that a store holds already. */
  async open(stores: ReadonlyMap<string, Store>, limits: Limits, bytes: number): Promise<void> {
    const { codecs, memoryCodecs, signal } = this.#settings
    for (const [name, given] of stores) {
      const limit = limits[name] ?? null
      const opening = given.open({
        storage: name,
        limit,
        codecs: given.inMemory === true ? memoryCodecs : codecs,
        signal,
      })
      const store = await this.#transfers.patience.opened(opening, (late) => late.close())
      const storage = new OpenedStorage(name, given, store, this.#settings)
      this.#storages.set(name, storage)
      if (!storage.inMemory) this.#hasSlowStore = true
      this.found.push(...storage.find(bytes))
    }
  }

  /** Stores `value`, which belongs to the store from now on. */
  put(name: string, step: number, kind: CheckpointKind, value: unknown): PromiseLike<void> | undefined {
    const storage = this.#storage(name)
    const bytes = storage.expect(step, kind, value)
    if (!storage.inMemory) return this.#putSlowly(storage, step, kind, value, bytes)
    this.#mostInMemory = Math.max(this.#mostInMemory, this.#inMemory)
    return storage.put(step, kind, value)
  }

  /** Whether the checkpoints of a storage are values in this process's memory. */
  isInMemory(name: string): boolean {
    return this.#storage(name).inMemory
  }

  /** How many checkpoints fewer are in memory than there were. */
  get freeSlots(): number {
    return this.#mostInMemory - this.#inMemory
  }

  get #inMemory(): number {
    let count = 0
    for (const storage of this.#storages.values()) if (storage.inMemory) count += storage.count
    return count
  }

  /** What the action asks for. */
  load(load: Load): Awaitable<Loaded> {
    const storage = this.#storage(load.from)
    if (!storage.inMemory) return this.#loadSlowly(load)
    if (load.type === 'Move') storage.giveUp(load.n)
    this.#transfers.throwFailure()
    return storage.fetch(load)
  }

  /** Deletes a checkpoint, unread. */
  discard(discard: Discard): PromiseLike<void> | undefined {
    const { n: step, storage: name } = discard
    const storage = this.#storage(name)
    const kind = storage.giveUp(step)! // the course has checked that it exists
    storage.forget(step, kind)
    if (!storage.inMemory)
      return this.#transfers.discard(discard, keyOf(name, step), async () => storage.delete(step, kind))
    if (kind === 'dependency') this.#settings.watch.released()
    this.#transfers.throwFailure()
    return storage.delete(step, kind)
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
    const { codecs, signal } = this.#settings
    const errors: unknown[] = []
    await this.#transfers.end(
      (load, { value }) => codecs[kindOf(load)].dispose?.(value),
      signal?.aborted === true,
    )
    for (const storage of this.#storages.values()) errors.push(...(await storage.close()))
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

  async #putSlowly(
    storage: OpenedStorage,
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
    const key = keyOf(storage.name, step)
    await this.#transfers.write(key, bytes, async () => storage.put(step, kind, value))
  }

  async #loadSlowly(load: Load): Promise<Loaded> {
    const loaded =
      (await this.#transfers.readEarly(load)) ?? (await this.#transfers.patience.wait(this.#read(load)))
    this.#storage(load.from).handOver(load, loaded.value)
    return loaded
  }

  async #read(load: Load): Promise<Loaded> {
    const storage = this.#storage(load.from)
    if (load.type === 'Move') storage.giveUp(load.n)
    const writing = this.#transfers.written(keyOf(load.from, load.n))
    if (writing !== undefined) await writing // else the store is asked now, before the run computes on
    return storage.fetch(load)
  }

  #storage(name: string): OpenedStorage {
    if (this.#near?.name === name) return this.#near
    const storage = this.#storages.get(name)
    if (storage === undefined) throw new Error(`runAdjoint: no store was opened for ${name}; this is a bug.`)
    this.#near = storage
    return storage
  }
}

const keyOf = (storage: string, step: number) => `${step} ${storage}`

function isLoad(action: Action): action is Load {
  return action.type === 'Copy' || action.type === 'Move'
}
