/** A codec for objects with two members, each with a codec of its own. */
import { CheckpointScheduleError } from '@checkpoint-schedules/core'
import type { Codec } from '@checkpoint-schedules/model'

/** The bytes before the two values: the length of the first. */
const HEADER = 8

/** The codec of `{ [keys[0]]: A, [keys[1]]: B }`. */
export function pairCodec<A, B, Pair>(
  keys: readonly [keyof Pair, keyof Pair],
  a: Codec<A>,
  b: Codec<B>,
): Codec<Pair> {
  const [first, second] = keys
  const at = (pair: Pair) => ({ a: pair[first] as A, b: pair[second] as B })
  const pair = (one: A, other: B) => ({ [first]: one, [second]: other }) as Pair
  return {
    clone: async (value) => pair(await a.clone(at(value).a), await b.clone(at(value).b)),
    byteLength: (value) => a.byteLength(at(value).a) + b.byteLength(at(value).b),
    ...((a.dispose !== undefined || b.dispose !== undefined) && {
      async dispose(value: Pair) {
        await a.dispose?.(at(value).a)
        await b.dispose?.(at(value).b)
      },
    }),
    async encode(value) {
      // Each codec may reuse the memory of its bytes.
      const head = (await a.encode(at(value).a)).slice()
      const tail = await b.encode(at(value).b)
      const bytes = new Uint8Array(HEADER + head.length + tail.length)
      new DataView(bytes.buffer).setFloat64(0, head.length)
      bytes.set(head, HEADER)
      bytes.set(tail, HEADER + head.length)
      return bytes
    },
    async decode(bytes) {
      const length = bytes.length < HEADER ? NaN : new DataView(bytes.buffer, bytes.byteOffset).getFloat64(0)
      if (!Number.isSafeInteger(length) || length < 0 || length > bytes.length - HEADER)
        throw new CheckpointScheduleError(
          'INVALID_FILE',
          'secondOrder: the bytes are not those of a pair of values.',
        )
      // Copies, so that both begin where typed arrays of any kind may begin.
      return pair(
        await a.decode(bytes.slice(HEADER, HEADER + length)),
        await b.decode(bytes.slice(HEADER + length)),
      )
    },
  }
}
