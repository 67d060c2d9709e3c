/** What is alive in working storage: each value has an owner that counts it and releases it. */
import { CheckpointScheduleError } from '@checkpoint-schedules/core'
import type { Awaitable, Codec } from '@checkpoint-schedules/model'
import { Meter } from '../run/statistics.js'
import { Contents } from './contents.js'
import { checkFields, checkWhole, measured } from './measured.js'
import type { Pool } from './pool.js'
import type { TapeWatch } from './tape-watch.js'

/** Holds one value, or none. */
export class Owner<T> {
  #value: T | undefined
  #held = false
  #bytes = 0
  /** The step at whose start the value stands. */
  at = 0
  /** The largest value held so far, in bytes. */
  largest = 0
  readonly #codec: Codec<T>
  readonly #live: Meter
  readonly #pool: Pool<T> | undefined
  #hasLooked = false

  /**
   * @param live - Counts the bytes of everything that is alive.
   * @param pool - Takes over values that are dropped.
   */
  constructor(codec: Codec<T>, live: Meter, pool?: Pool<T>) {
    this.#codec = codec
    this.#live = live
    this.#pool = pool
  }

  get held(): boolean {
    return this.#held
  }

  /** The value; only where one is held. */
  get value(): T {
    return this.#value as T
  }

  /** The value has become another one, that of step `at`. @throws `INVALID_VALUE`: it is no value; the old one is held no longer. */
  become(value: T, at: number): void {
    const bytes = measured(this.#codec, value)
    if (!this.#hasLooked) this.#look(value)
    this.#pool?.check(value)
    this.#value = value
    this.at = at
    if (bytes === this.#bytes) return
    this.#live.remove(this.#bytes)
    this.#live.add(bytes)
    this.#bytes = bytes
    if (bytes > this.largest) this.largest = bytes
  }

  get bytes(): number {
    return this.#bytes
  }

  /** Takes the value of step `at` over; only where none is held. */
  put(value: T, at: number, bytes = measured(this.#codec, value)): void {
    this.#pool?.handOver(value)
    this.#value = value
    this.at = at
    this.#held = true
    this.#bytes = bytes
    if (bytes > this.largest) this.largest = bytes
    this.#live.add(bytes)
  }

  /** Takes a value over that another process had, if it had one. */
  restore(value: unknown, at: number): void {
    if (value !== undefined) this.put(value as T, at)
  }

  /** Hands the value over; none is held then. */
  take(): T {
    const value = this.#value as T
    this.#forget()
    return value
  }

  /** Releases the value, if one is held. */
  drop(): Awaitable<void> {
    if (!this.#held) return undefined
    const value = this.take()
    return this.#pool === undefined ? this.#codec.dispose?.(value) : this.#pool.give(value)
  }

  #look(value: T): void {
    checkWhole(this.#codec, value)
    checkFields(this.#codec, value)
    this.#hasLooked = true
  }

  #forget(): void {
    this.#value = undefined
    this.#held = false
    this.#live.remove(this.#bytes)
    this.#bytes = 0
  }
}

/** Tapes of consecutive steps. */
interface Stretch<Tape> {
  readonly from: number
  readonly tapes: Tape[]
  /** The one that was begun before. */
  readonly before: Stretch<Tape> | undefined
}

/** Tapes by step. They come in the order of the steps, and go all at once. */
export class Tapes<Tape> {
  #last: Stretch<Tape> | undefined
  // The stretch that was used last, which is used next.
  #near: Stretch<Tape> | undefined
  #held = { count: 0, bytes: 0 }
  readonly #codec: Codec<Tape>
  readonly #count: Meter
  readonly #bytes: Meter
  readonly #live: Meter
  readonly #contents: Contents
  #hasLooked = false

  /** @param count - Counts tapes, `bytes` their bytes, `live` the bytes of everything that is alive. */
  constructor(codec: Codec<Tape>, watch: TapeWatch, count: Meter, bytes: Meter, live: Meter) {
    this.#codec = codec
    this.#count = count
    this.#bytes = bytes
    this.#live = live
    this.#contents = new Contents(codec, watch)
  }

  /** Takes the tape of step n over. */
  put(n: number, tape: Tape, bytes = measured(this.#codec, tape)): void {
    if (!this.#hasLooked) checkWhole(this.#codec, tape)
    this.#hasLooked = true
    this.#contents.put(n, tape)
    const near = this.#near
    if (near !== undefined && n === near.from + near.tapes.length) near.tapes.push(tape)
    else this.#near = this.#last = { from: n, tapes: [tape], before: this.#last }
    this.#held.count += 1
    this.#held.bytes += bytes
    this.#count.add(1)
    this.#bytes.add(bytes)
    this.#live.add(bytes)
  }

  /** The tape of step n, `undefined` if there is none. @throws `INVALID_VALUE`: something wrote over it. */
  get(n: number): Tape | undefined {
    const stretch = this.#stretchOf(n)
    if (stretch === undefined) return undefined
    const tape = stretch.tapes[n - stretch.from]
    if (!this.#contents.isSame(n, tape))
      throw new CheckpointScheduleError(
        'INVALID_VALUE',
        `the tape of step ${n} is not what model.tape returned: something wrote over it since. A tape must stay as it is: see that ` +
          'no step overwrites its memory, and that model.adjoint and model.tangent leave it alone.',
        { details: { step: n } },
      )
    return tape
  }

  /** Releases all tapes. */
  clear(): Awaitable<void> {
    const { count, bytes } = this.#held
    if (count === 0) return undefined
    const last = this.#last
    this.#last = this.#near = undefined
    this.#held.count = this.#held.bytes = 0
    this.#contents.clear()
    this.#count.remove(count)
    this.#bytes.remove(bytes)
    this.#live.remove(bytes)
    return this.#codec.dispose === undefined ? undefined : this.#dispose(last)
  }

  #stretchOf(n: number): Stretch<Tape> | undefined {
    if (isIn(this.#near, n)) return this.#near
    let stretch = this.#last
    while (stretch !== undefined && !isIn(stretch, n)) stretch = stretch.before
    if (stretch !== undefined) this.#near = stretch
    return stretch
  }

  async #dispose(last: Stretch<Tape> | undefined): Promise<void> {
    for (let stretch = last; stretch !== undefined; stretch = stretch.before)
      for (const tape of stretch.tapes) await this.#codec.dispose!(tape)
  }
}

function isIn<Tape>(stretch: Stretch<Tape> | undefined, n: number): boolean {
  return stretch !== undefined && n >= stretch.from && n < stretch.from + stretch.tapes.length
}
