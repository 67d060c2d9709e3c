/** The codec contract: how a value is copied, measured, released, and turned into bytes and back. */
import type { Awaitable } from './awaitable.js'

/** How the driver and the stores handle values of one type that they cannot look into. */
export interface Codec<T> {
  /** An independent copy: nothing that a step may overwrite is in both. */
  clone(value: T): Awaitable<T>
  /**
   * Overwrites `target`, a value that the run has given up, with a copy of `source`. False if the target's shape does not fit: it is
   * released then, and `clone` is used. With it, the driver reuses the memory of states that it drops. Whoever implements it promises
   * that nobody sees such a state any longer: the model keeps no state that it was given or has returned, and neither does `observe`.
   */
  copyInto?(target: T, source: T): Awaitable<boolean>
  /** The bytes that the value occupies, for statistics and limits. Called for each new state, tape and adjoint. */
  byteLength(value: T): number
  /**
   * Releases what garbage collection does not, such as a GPU buffer. Called once for each value. With it, values have one owner at a
   * time: none may be returned twice, as a state and as a tape, or in two calculations.
   */
  dispose?(value: T): Awaitable<void>
  /**
   * The value as bytes; reading back from a GPU is async. They may be a view of the value or of memory that the codec reuses: the caller
   * copies or writes them before the codec is called again and before the value is released. `withEncoded` sees to that.
   */
  encode(value: T): Awaitable<Uint8Array>
  /** The value from bytes that `encode` made; it may be a view of them. The bytes are untrusted: refuse what does not fit. */
  decode(bytes: Uint8Array): Awaitable<T>
}
