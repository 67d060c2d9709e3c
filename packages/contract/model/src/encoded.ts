/**
 * The bytes that a codec makes, used before the codec can touch them again: they may be a view of memory that it owns, which its next
 * call or the value's release overwrites.
 */
import { type Awaitable, isPromise } from './awaitable.js'
import type { Codec } from './codec.js'

// A codec that encodes asynchronously is asked for one value at a time.
const underWay = new WeakMap<object, Promise<unknown>>()

/**
 * What `use` makes of a value's bytes. It is called as soon as they are available and must copy what it keeps. For stores.
 *
 * A codec may give a view of memory that it reuses, so that bytes which are awaited and then kept can be overwritten.
 *
 * @throws What the codec or `use` throws.
 * @example
 * ```ts
 * import { treeCodec, withEncoded } from '@checkpoint-schedules/model'
 *
 * const copy = await withEncoded(treeCodec, Float64Array.of(1, 2), (bytes) => bytes.slice())
 * ```
 */
export async function withEncoded<T, Result>(
  codec: Codec<T>,
  value: T,
  use: (bytes: Uint8Array) => Result,
): Promise<Awaited<Result>> {
  for (let before; (before = underWay.get(codec)) !== undefined;) await before
  const bytes: Awaitable<Uint8Array> = codec.encode(value)
  if (!isPromise(bytes)) return await use(bytes)
  const used = Promise.resolve(bytes).then(use)
  const end = () => underWay.delete(codec)
  underWay.set(codec, used.then(end, end))
  return await used
}
