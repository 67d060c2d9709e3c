/** Copies that share no memory with the original. */
import { CheckpointScheduleError } from '@checkpoint-schedules/core'
import { type Awaitable, isPromise } from './awaitable.js'
import type { Codec } from './codec.js'
import { shares } from './memory.js'
import { treeCodec } from './tree-codec.js'

/**
 * A copy of the value by its codec.
 *
 * @throws `INVALID_VALUE`: the codec returned the value itself, or one that shares memory with it.
 * @example
 * ```ts
 * import { independentCopy, treeCodec } from '@checkpoint-schedules/model'
 *
 * const copy = await independentCopy(treeCodec, Float64Array.of(1, 2))
 * ```
 */
export function independentCopy<T>(codec: Codec<T>, value: T): Awaitable<T> {
  const copy = codec.clone(value)
  if ((codec as unknown) === treeCodec) return copy
  return isPromise(copy) ? copy.then((it) => checked(value, it)) : checked(value, copy)
}

function checked<T>(value: T, copy: T): T {
  if (copy === undefined || shares(copy, value, true))
    throw new CheckpointScheduleError(
      'INVALID_VALUE',
      copy === undefined
        ? 'the clone of its codec returned undefined; it must return a copy.'
        : 'the clone of its codec shares memory with the value; it must copy every array and object that a step may change.',
    )
  return copy
}
