/**
 * Copies of states into memory that the run has given up, for codecs that permit it by `copyInto`.
 *
 * What is in the pool, and what was copied for a store, belongs to the driver: a state that a model returns must not be in that memory.
 * Most models that break their promise return what they kept, so this is looked at in every step.
 */
import { CheckpointScheduleError } from '@checkpoint-schedules/core'
import { after, type Awaitable, type Codec, independentCopy, isTypedArray } from '@checkpoint-schedules/model'
import type { Meter } from '../run/statistics.js'
import { measured } from './measured.js'
import { partsOf } from './traces.js'

/** Smaller arrays may live inside their object: asking for their buffer takes as long as a small step. */
const SMALL_BYTES = 64

export class Pool<T> {
  readonly #codec: Codec<T>
  readonly #live: Meter
  readonly #most: () => number
  readonly #values: { readonly value: T; readonly bytes: number }[] = []
  // The memory that no state of the model may be in.
  readonly #owned = new WeakSet<object>()

  /**
   * @param live - Counts the bytes of everything that is in memory, of the pool too.
   * @param most - How many values the pool may hold now.
   */
  constructor(codec: Codec<T>, live: Meter, most: () => number) {
    this.#codec = codec
    this.#live = live
    this.#most = most
  }

  /** A copy of the value, in the pool's memory if it fits; its bytes are the caller's to count. */
  copy(value: T): Awaitable<T> {
    const pooled = this.#values.pop()
    if (pooled === undefined) return after(independentCopy(this.#codec, value), (it) => this.#own(it))
    this.#live.remove(pooled.bytes)
    const target = pooled.value
    return after(this.#codec.copyInto!(target, value), (fits) =>
      fits ? target : this.#cloned(target, value),
    )
  }

  /** Takes over a value that the run gives up. */
  give(value: T): Awaitable<void> {
    if (typeof value !== 'object' || value === null) return undefined
    if (this.#values.length >= this.#most()) return this.#codec.dispose?.(value)
    this.#own(value)
    const bytes = measured(this.#codec, value)
    this.#values.push({ value, bytes })
    this.#live.add(bytes)
    return undefined
  }

  /** The model may have the value. */
  handOver(value: T): void {
    for (const part of partsOf(value)) this.#owned.delete(memoryOf(part))
  }

  /** @throws `INVALID_VALUE`: the model returned what is the driver's. */
  check(value: T): void {
    for (const part of partsOf(value))
      if (this.#owned.has(memoryOf(part)))
        throw new CheckpointScheduleError(
          'INVALID_VALUE',
          'it is in memory that the model had returned before, and that the driver has used for a checkpoint since. A codec with ' +
            'copyInto promises that the model keeps no state. Return states of their own, or leave copyInto out.',
        )
  }

  /** Releases what is in the pool. */
  async clear(): Promise<void> {
    for (const { value, bytes } of this.#values.splice(0)) {
      this.#live.remove(bytes)
      await this.#codec.dispose?.(value)
    }
  }

  /** The shape has changed: the target is of no more use. */
  #cloned(target: T, value: T): Awaitable<T> {
    return after(this.#codec.dispose?.(target), () =>
      after(independentCopy(this.#codec, value), (copy) => this.#own(copy)),
    )
  }

  #own(value: T): T {
    for (const part of partsOf(value)) this.#owned.add(memoryOf(part))
    return value
  }
}

function memoryOf(part: object): object {
  return isTypedArray(part) && part.byteLength > SMALL_BYTES ? part.buffer : part
}
