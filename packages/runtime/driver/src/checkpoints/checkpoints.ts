/**
 * The checkpoints of one run: the opened stores, with bytes and time counted.
 *
 * Transfers to and from a store that is not memory overlap with computing: a put goes on behind the run, and the next reads start
 * early, as the schedule's future is known. Each transfer under way, and each value read early, takes one of a bounded number of
 * buffers; when there is none the run waits, so a slow store slows the run instead of growing memory.
 */
import {
  type Action,
  type CheckpointKind,
  CheckpointScheduleError,
  type Limits,
  messageOf,
} from '@checkpoint-schedules/core'
import {
  type CheckpointKey,
  type Codec,
  type HeldCheckpoint,
  type OpenStore,
  type Store,
  treeCodec,
} from '@checkpoint-schedules/model'
import type { Lookahead } from './lookahead.js'
import { Meter } from '../run/statistics.js'
import { Contents } from '../values/contents.js'
import { measured } from '../values/measured.js'
import { named } from '../values/named.js'
import type { TapeWatch } from '../values/tape-watch.js'
import { Patience } from './patience.js'

type Load = Extract<Action, { type: 'Copy' | 'Move' }>

interface Storage {
  readonly name: string
  readonly medium: string
  /** Nothing to overlap with: checkpoints are in this process's memory and count as such. */
  readonly inMemory: boolean
  readonly store: OpenStore
  /** The bytes of each checkpoint held, by step. */
  readonly sizes: Map<number, number>
  readonly bytes: Meter
  /** Puts under way, by step. */
  readonly writes: Map<number, Promise<void>>
  readonly contents: { readonly [Kind in CheckpointKind]: Contents }
}

/** A checkpoint's data, owned by whoever asked for it. */
export interface Loaded {
  readonly value: unknown
  readonly bytes: number
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
  readonly #patience: Patience
  // Reads that were started early, by the action that will ask for them.
  readonly #early = new Map<Load, { readonly read: Promise<Loaded>; readonly bytes: number }>()
  // The next read to start early, if it cannot start yet.
  #candidate: Load | undefined
  #writing = 0
  #failure: unknown
  readonly buffers = new Meter()
  /** What the stores held when they were opened. */
  readonly found: HeldCheckpoint[] = []
  /** Milliseconds that the run spent here. */
  timeMs = 0

  constructor(settings: CheckpointSettings) {
    this.#settings = settings
    this.#patience = new Patience(settings.signal)
  }

  /** @param found - What to count for a checkpoint that a store holds already, in bytes. */
  async open(stores: ReadonlyMap<string, Store>, limits: Limits, found: number): Promise<void> {
    const { codecs, signal } = this.#settings
    for (const [name, given] of stores) {
      const { medium, inMemory = false } = given
      const opening = given.open({ storage: name, limit: limits[name] ?? null, codecs, signal })
      const store = await this.#patience.opened(opening, (late) => late.close())
      const storage = {
        name,
        medium,
        inMemory,
        store,
        sizes: new Map<number, number>(),
        bytes: new Meter(),
        writes: new Map(),
        contents: {
          restart: new Contents(codecs.restart),
          dependency: new Contents(codecs.dependency, this.#settings.watch),
        },
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

  /** Does `work`, such as copying a state, on the time of the checkpoints. */
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
      const storage = this.#storages.get(name)!
      const what = `the ${kind === 'restart' ? 'state' : 'tape'} of step ${step}`
      const bytes = named(what, () => measured(this.#settings.codecs[kind], value))
      if (this.#keepsBits(storage, kind)) storage.contents[kind].put(step, value)
      storage.sizes.set(step, bytes)
      storage.bytes.add(bytes)
      const write = () => guarded(storage, 'put', step, () => storage.store.put({ step, kind }, value))
      if (storage.inMemory) {
        this.#settings.live.add(bytes)
        await write()
        return
      }
      try {
        await this.#bufferForWriting()
      } catch (error) {
        await this.#settings.codecs[kind].dispose?.(value) // no store owns it yet
        throw error
      }
      this.#take(bytes)
      this.#writing += 1
      const done = write()
      storage.writes.set(step, done)
      const settled = () => {
        this.#give(bytes)
        this.#writing -= 1
        storage.writes.delete(step)
      }
      done.then(settled, (error: unknown) => {
        settled()
        this.#failure ??= error
      })
      if (this.#settings.buffers === 0) await this.#patience.wait(done)
    })
  }

  /** Whether the checkpoints of a storage are values in this process's memory. */
  isInMemory(name: string): boolean {
    return this.#storages.get(name)!.inMemory
  }

  /** What the action asks for. */
  load(action: Load): Promise<Loaded> {
    return this.timed(async () => {
      const { inMemory } = this.#storages.get(action.from)!
      if (this.#candidate === action) this.#candidate = undefined
      const early = this.#early.get(action)
      if (early !== undefined) {
        const loaded = await this.#patience.wait(early.read)
        this.#early.delete(action)
        this.#give(early.bytes)
        return loaded
      }
      return inMemory ? this.#read(action) : this.#patience.wait(this.#read(action))
    })
  }

  /** Resolves when all that was put has been stored. */
  async settled(): Promise<void> {
    while (this.#writing > 0) await this.#patience.wait(Promise.race(this.#underWay))
    if (this.#failure !== undefined) throw this.#failure
  }

  /** Starts the reads that come next, as far as there are buffers. */
  readAhead(future: Lookahead): void {
    const { buffers } = this.#settings
    // One buffer is left to the writes, so that they never wait for a value that was read too early.
    while (this.#early.size < buffers - 1 && this.#early.size + this.#writing < buffers) {
      this.#candidate ??= future.search((action) => this.#isSlowRead(action)) as Load | undefined
      const next = this.#candidate
      const bytes = next && this.#storages.get(next.from)!.sizes.get(next.n)
      if (next === undefined || bytes === undefined) return // nothing to read, or not written yet
      this.#candidate = undefined
      this.#take(bytes)
      const read = this.#read(next)
      read.catch(() => undefined) // whoever asks for it is told
      this.#early.set(next, { read, bytes })
    }
  }

  /** Releases every checkpoint and every store, whatever happens; then throws the first error met. */
  async close(): Promise<void> {
    const { codecs, signal, live } = this.#settings
    const errors: unknown[] = []
    const unwanted = Array.from(this.#early, ([action, { read }]) => {
      const codec = codecs[kindOf(action)]
      return read.then(({ value }) => codec.dispose?.(value))
    })
    await this.#patience.settle([...unwanted, ...this.#underWay], signal?.aborted === true)
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
    this.#patience.end()
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

  #isSlowRead(action: Action): action is Load {
    return (action.type === 'Copy' || action.type === 'Move') && !this.#storages.get(action.from)?.inMemory
  }

  async #read(action: Load): Promise<Loaded> {
    const { n: step, from } = action
    const storage = this.#storages.get(from)!
    const { store, sizes, inMemory } = storage
    const key = { step, kind: kindOf(action) }
    const counted = sizes.get(step) ?? 0
    const operation = action.type === 'Copy' ? 'get' : 'take'
    if (action.type === 'Move') {
      sizes.delete(step)
      storage.bytes.remove(counted)
      if (inMemory) this.#settings.live.remove(counted)
    }
    await storage.writes.get(step)
    if (this.#failure !== undefined) throw this.#failure
    const value = await guarded(storage, operation, step, () => store[operation](key))
    const what = `what the store of ${from} returned for step ${step}`
    const bytes = named(what, () => measured(this.#settings.codecs[key.kind], value))
    const contents = storage.contents[key.kind]
    const field = contents.difference(step, value)
    if (field !== undefined) throw notTheSame(from, key, field)
    if (operation === 'take') contents.forget(step)
    return { value, bytes }
  }

  /** Whether what is read has the bits of what was put: a codec may round, where the store encodes. */
  #keepsBits({ inMemory }: Storage, kind: CheckpointKind): boolean {
    return inMemory || this.#settings.codecs[kind] === treeCodec
  }

  async #bufferForWriting(): Promise<void> {
    for (;;) {
      if (this.#failure !== undefined) throw this.#failure
      const mostWrites = Math.max(1, this.#settings.buffers - this.#early.size)
      if (this.#writing < mostWrites) return
      await this.#patience.wait(Promise.race(this.#underWay))
    }
  }

  /** The puts under way. */
  get #underWay(): Promise<void>[] {
    return [...this.#storages.values()].flatMap(({ writes }) => [...writes.values()])
  }

  /** A buffer is in use. */
  #take(bytes: number): void {
    this.buffers.add(1)
    this.#settings.live.add(bytes)
  }

  /** A buffer is free again. */
  #give(bytes: number): void {
    this.buffers.remove(1)
    this.#settings.live.remove(bytes)
  }
}

/** What kind of data a Copy or Move loads. */
export function kindOf({ to }: Load): CheckpointKind {
  return to === 'ADJ_DEPS' ? 'dependency' : 'restart'
}

function notTheSame(storage: string, { step, kind }: CheckpointKey, field: string): CheckpointScheduleError {
  const [what, culprit] =
    kind === 'restart'
      ? ['state', 'the clone of its codec shares memory with the state']
      : ['tape', 'the model writes over a tape that it has returned']
  return new CheckpointScheduleError(
    'NOT_REPRODUCIBLE',
    `runAdjoint: the ${what} at step ${step} is not the one that was put into ${storage}: ${field} differs. It was read back from a ` +
      `store, which must return what was put. Either the store is at fault (get must return a copy that is the caller's alone), or ${culprit}.`,
    { details: { storage, step, kind, field } },
  )
}

async function guarded<T>(
  { name }: Storage,
  operation: string,
  step: number,
  call: () => T | PromiseLike<T>,
): Promise<T> {
  try {
    return await call()
  } catch (cause) {
    throw storeFailed(name, `failed to ${operation} the checkpoint of step ${step}`, cause, {
      operation,
      step,
    })
  }
}

function storeFailed(
  storage: string,
  what: string,
  cause: unknown,
  details: Record<string, unknown> = {},
): unknown {
  if (cause instanceof CheckpointScheduleError) return cause
  const message = `the store of ${storage} ${what}: ${messageOf(cause)}`
  return new CheckpointScheduleError('STORE_FAILED', message, { cause, details: { storage, ...details } })
}
