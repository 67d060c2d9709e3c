/** The codec contract: how a value is copied, measured, released, and turned into bytes and back. */
import type { Awaitable } from './awaitable.js'

/** How the driver and the stores handle values of one type that they cannot look into. */
export interface Codec<T> {
  /** An independent copy. */
  clone(value: T): Awaitable<T>
  /** The bytes that the value occupies, for statistics and limits. */
  byteLength(value: T): number
  /** Releases what garbage collection does not, such as a GPU buffer. Called once for each value. */
  dispose?(value: T): Awaitable<void>
  /** The value as bytes; reading back from a GPU is async. */
  encode(value: T): Awaitable<Uint8Array>
  /** The value from bytes that `encode` made. Bytes from elsewhere are data: refuse what does not fit. */
  decode(bytes: Uint8Array): Awaitable<T>
}
