/** A codec for fewer bytes: lossless compression. */
import { promisify } from 'node:util'
import { constants, deflateRaw, inflateRaw } from 'node:zlib'
import { CheckpointScheduleError } from '@checkpoint-schedules/core'
import type { Codec } from '@checkpoint-schedules/model'

const deflate = promisify(deflateRaw)
const inflate = promisify(inflateRaw)
const MOST_RATIO = 1032 // deflate cannot do better
const LENGTH_BYTES = 8

/**
 * The codec with its bytes compressed without loss: deflate at its fastest level, on another thread. It pays off for states with many
 * exact zeros or repeated values. Smooth floating-point fields gain next to nothing, and any disk is faster: do not use it for those.
 *
 * @throws `INVALID_FILE` (from `decode`): the bytes were not made by `encode`, or are damaged.
 * @example
 * ```ts
 * import { treeCodec } from '@checkpoint-schedules/driver'
 * import { compressed } from '@checkpoint-schedules/storage-fs'
 *
 * const codec = compressed(treeCodec)
 * const bytes = await codec.encode(new Float64Array(1000))
 * bytes.length < 100 // true
 * ```
 */
export function compressed<T>(codec: Codec<T>): Codec<T> {
  return {
    ...codec,
    async encode(value) {
      const bytes = await codec.encode(value)
      const small = await deflate(bytes, { level: constants.Z_BEST_SPEED })
      const result = new Uint8Array(LENGTH_BYTES + small.length)
      new DataView(result.buffer).setFloat64(0, bytes.length, true)
      result.set(small, LENGTH_BYTES)
      return result
    },
    async decode(bytes) {
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
      const length = bytes.length < LENGTH_BYTES ? -1 : view.getFloat64(0, true)
      if (!Number.isSafeInteger(length) || length < 0 || length > MOST_RATIO * bytes.length)
        throw damaged('the length does not fit')
      let large: Uint8Array
      try {
        large = await inflate(bytes.subarray(LENGTH_BYTES), { maxOutputLength: Math.max(length, 1) })
      } catch (cause) {
        throw damaged((cause as Error).message, cause)
      }
      if (large.length !== length) throw damaged(`they hold ${large.length} bytes, not ${length}`)
      // Not the Buffer itself: its `slice` returns a view, while that of a Uint8Array returns a copy.
      return codec.decode(new Uint8Array(large.buffer, large.byteOffset, large.length))
    },
  }
}

function damaged(why: string, cause?: unknown): CheckpointScheduleError {
  return new CheckpointScheduleError(
    'INVALID_FILE',
    `compressed: these bytes are not a compressed value: ${why}.`,
    cause === undefined ? {} : { cause },
  )
}
