/** Every value is looked at when it becomes a state, a tape or an adjoint: is it one, and how large is it? */
import { CheckpointScheduleError, show } from '@checkpoint-schedules/core'
import {
  checkApart,
  checkTree,
  type Codec,
  isPromise,
  isTreeCodec,
  measureTree,
  treeCodec,
} from '@checkpoint-schedules/model'

/**
 * The bytes of a value.
 *
 * @throws `INVALID_VALUE`: it is none that the codec can hold.
 */
export function measured<T>(codec: Codec<T>, value: T): number {
  if ((codec as unknown) === treeCodec) {
    if (typeof value === 'number') return 8
    const bytes = measureTree(value)
    return bytes >= 0 ? bytes : refused(value)
  }
  if (value === undefined || isPromise(value)) return refused(value)
  if (isTreeCodec(codec)) {
    const bytes = measureTree(value)
    return bytes >= 0 ? bytes : refused(value)
  }
  const bytes = codec.byteLength(value)
  if (bytes >= 0) return bytes
  throw new CheckpointScheduleError(
    'INVALID_VALUE',
    `the byteLength of its codec is ${show(bytes)}; it must be a number >= 0, in bytes.`,
  )
}

/** Refuses what a file would change. Cost: one visit of each node. */
export function checkWhole<T>(codec: Codec<T>, value: T): void {
  if (isTreeCodec(codec)) checkTree(value)
}

/** Refuses what a copy would change: two fields that share memory, in a value that steps write to. */
export function checkFields<T>(codec: Codec<T>, value: T): void {
  if (isTreeCodec(codec)) checkApart(value)
}

/** Refuses what no codec could hold, and what the default codec would change, however deep it is hidden. */
export function checkFirst<T>(codec: Codec<T>, value: T): void {
  if (value === undefined || isPromise(value)) refused(value)
  if (isTreeCodec(codec)) checkTree(value, { thorough: true })
  checkFields(codec, value)
}

function refused(value: unknown): never {
  if (value === undefined)
    throw new CheckpointScheduleError(
      'INVALID_VALUE',
      'it is undefined. Return the value: is a `return` missing?',
    )
  if (isPromise(value))
    throw new CheckpointScheduleError(
      'INVALID_VALUE',
      'it is a Promise, or has a method `then` and would be taken for one. Await it before it is returned, in an async function.',
    )
  checkTree(value)
  throw new CheckpointScheduleError('INVALID_VALUE', 'its properties are inherited; use own properties.')
}
