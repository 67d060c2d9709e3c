/** A codec for half the bytes: float64 arrays rounded to float32. */
import { CheckpointScheduleError } from '@checkpoint-schedules/core'
import { type Codec, type Tree, treeCodec } from '@checkpoint-schedules/model'
import { type Path, replaceArrays, replaceAt } from '@checkpoint-schedules/storage-slots'

/**
 * The codec for trees with each Float64Array stored as a Float32Array: half the bytes, and **lossy**. About 7 digits are kept; values
 * beyond 3.4e38 become infinite, and values below 1.4e-45 become zero. The gradient is then that of a slightly different trajectory:
 * measure the difference before you rely on it. Single numbers keep all digits.
 *
 * @param codec - Makes the bytes: `treeCodec` or `compressed(treeCodec)`, for example.
 * @throws `INVALID_VALUE` (from `encode`): the value is not a tree of plain data.
 * @throws `INVALID_FILE` (from `decode`)
 * @example
 * ```ts
 * import { treeCodec } from '@checkpoint-schedules/driver'
 * import { rounded } from '@checkpoint-schedules/storage-fs'
 *
 * const codec = rounded(treeCodec)
 * await codec.decode(await codec.encode(Float64Array.of(0.1))) // Float64Array(1) [ 0.10000000149011612 ]
 * ```
 */
export function rounded(codec: Codec<unknown>): Codec<unknown> {
  return {
    ...codec,
    async encode(value) {
      treeCodec.byteLength(value) // throws, naming the part that is not a tree
      const paths: Path[] = []
      const small = replaceArrays(value as Tree, (array, path) => {
        if (!(array instanceof Float64Array)) return array
        paths.push(path)
        return Float32Array.from(array)
      })
      return codec.encode([small, paths])
    },
    async decode(bytes) {
      try {
        let [tree, paths] = (await codec.decode(bytes)) as [Tree, Path[]]
        for (const path of paths)
          tree = replaceAt(tree, path, (array) => Float64Array.from(array as Float32Array))
        return tree
      } catch (cause) {
        if (cause instanceof CheckpointScheduleError) throw cause
        throw new CheckpointScheduleError('INVALID_FILE', 'rounded: these bytes are not a rounded value.', {
          cause,
        })
      }
    },
  }
}
