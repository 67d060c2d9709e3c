/**
 * Transfers to and from stores that are not memory, overlapped with computation: a write continues behind the run, and the next reads start
 * early, because the schedule's future is known.
 *
 * Each transfer under way, and each value read early, takes one of a bounded number of buffers. If there is none the run waits, so that
 * a slow store slows the run down instead of growing memory.
 */
import type { Action } from '@checkpoint-schedules/core'
import { Meter } from '../run/statistics.js'
import { macrotask } from '../run/turns.js'
import type { Lookahead } from '@checkpoint-schedules/simulator'
import { Patience } from './patience.js'

export type Load = Extract<Action, { type: 'Copy' | 'Move' }>
export type Discard = Extract<Action, { type: 'Discard' }>

/** A checkpoint's data, owned by the caller. */
export interface Loaded {
  readonly value: unknown
  readonly bytes: number
}

/** How the reads are made. */
export interface Reads {
  /** Whether the action reads or deletes a checkpoint in a store that is not memory. */
  isSlow(action: Action): action is Load | Discard
  /** The bytes to expect; `undefined`: the checkpoint is not stored yet. */
  sizeOf(load: Load): number | undefined
  read(load: Load): Promise<Loaded>
}

export class Transfers {
  readonly buffers = new Meter()
  readonly patience: Patience
  readonly #most: number
  readonly #live: Meter
  readonly #writes = new Map<string, Promise<void>>()
  // Reads that were started early, by the action that will ask for them.
  readonly #early = new Map<Load, { readonly read: Promise<Loaded>; readonly bytes: number }>()
  // The next read to start early, if it cannot start yet; or the next Discard, as none starts before it: what comes after it may be
  // about another checkpoint of the same step.
  #candidate: Load | Discard | undefined
  // The last deletion: an abort does not wait for it, the end does.
  #deletion: Promise<void> = Promise.resolve()
  #failure: unknown

  /**
   * @param most - Transfers under way at once; 0: none, the run waits for each.
   * @param live - Counts the bytes of everything that is in memory.
   */
  constructor(most: number, live: Meter, signal: AbortSignal | undefined) {
    this.#most = most
    this.#live = live
    this.patience = new Patience(signal)
  }

  /** Resolves when there is a buffer for a write. */
  async bufferForWriting(): Promise<void> {
    for (;;) {
      this.throwFailure()
      if (this.#writes.size < Math.max(1, this.#most - this.#early.size)) return
      await this.patience.wait(Promise.race(this.#writes.values()))
    }
  }

  /** Starts a write of `bytes` bytes; only if there is a buffer. */
  async write(key: string, bytes: number, start: () => Promise<void>): Promise<void> {
    this.#take(bytes)
    const done = start()
    this.#writes.set(key, done)
    const settled = () => {
      this.#give(bytes)
      this.#writes.delete(key)
    }
    done.then(settled, (error: unknown) => {
      settled()
      this.#failure ??= error
    })
    if (this.#most === 0) await this.patience.wait(done)
    // Before the run computes on: the store gets to hand its bytes over, and transfers that have ended are noticed.
    else await macrotask()
  }

  /** Resolves when the write of this key has ended; `undefined`: none is under way, and a read may start at once. */
  written(key: string): Promise<void> | undefined {
    const write = this.#writes.get(key)
    if (write !== undefined) {
      const ended = () => this.throwFailure() // the first failure, whichever write it was
      return write.then(ended, ended)
    }
    this.throwFailure()
    return undefined
  }

  /** Resolves when all writes have ended. */
  async settled(): Promise<void> {
    while (this.#writes.size > 0) await this.patience.wait(Promise.race(this.#writes.values()))
    this.throwFailure()
  }

  /** What the action asks for, if it was read early. */
  async readEarly(load: Load): Promise<Loaded | undefined> {
    if (this.#candidate === load) this.#candidate = undefined
    const early = this.#early.get(load)
    if (early === undefined) return undefined
    const loaded = await this.patience.wait(early.read)
    this.#early.delete(load)
    this.#give(early.bytes)
    return loaded
  }

  /** Deletes the checkpoint of this key, once its write has ended. */
  async discard(discard: Discard, key: string, remove: () => Promise<void>): Promise<void> {
    if (this.#candidate === discard) this.#candidate = undefined
    const writing = this.written(key)
    if (writing !== undefined) await this.patience.wait(writing)
    this.#deletion = remove()
    await this.patience.wait(this.#deletion)
  }

  /** Starts the reads that come next, while there are buffers. */
  readAhead(future: Lookahead, reads: Reads): void {
    // One buffer is left to the writes, so that they never wait for a value that was read too early.
    while (this.#early.size < this.#most - 1 && this.#early.size + this.#writes.size < this.#most) {
      this.#candidate ??= future.search((action) => reads.isSlow(action)) as Load | Discard | undefined
      const next = this.#candidate
      if (next === undefined || next.type === 'Discard') return
      const bytes = reads.sizeOf(next)
      if (bytes === undefined || this.#isReading(next)) return // not written yet, or in use
      this.#candidate = undefined
      this.#take(bytes)
      const read = reads.read(next)
      read.catch(() => undefined) // reported when the action asks for it
      this.#early.set(next, { read, bytes })
    }
  }

  /** Whether the same checkpoint is read early already: no two operations on one at a time. */
  #isReading({ from, n }: Load): boolean {
    for (const early of this.#early.keys()) if (early.n === n && early.from === from) return true
    return false
  }

  /** Waits for what is under way, after an abort a second at most; `discard` takes what was read early and is not wanted. */
  async end(discard: (load: Load, loaded: Loaded) => unknown, isAborted: boolean): Promise<void> {
    const unwanted = Array.from(this.#early, ([load, { read }]) => read.then((it) => discard(load, it)))
    await this.patience.settle([...unwanted, ...this.#writes.values(), this.#deletion], isAborted)
  }

  /** @throws what a write has failed with */
  throwFailure(): void {
    if (this.#failure !== undefined) throw this.#failure
  }

  #take(bytes: number): void {
    this.buffers.add(1)
    this.#live.add(bytes)
  }

  #give(bytes: number): void {
    this.buffers.remove(1)
    this.#live.remove(bytes)
  }
}
