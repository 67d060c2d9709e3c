/** Work in pieces: a generator that yields every millisecond or so, so that its caller can serve an event loop in between. */

/** Yields the part that is done, 0 to 1, or `undefined` if that is not known; returns the result. */
export type Pieces<T> = Generator<number | undefined, T, void>

/**
 * Does all of it at once.
 *
 * @example
 * ```ts
 * import { atOnce } from '@checkpoint-schedules/core'
 *
 * function* work() {
 *   yield 0.5
 *   return 42
 * }
 * atOnce(work()) // 42
 * ```
 */
export function atOnce<T>(work: Pieces<T>): T {
  let piece = work.next()
  while (piece.done !== true) piece = work.next()
  return piece.value
}

/** What may be a result, or work in pieces that returns it. */
export function* inPieces<T>(work: T | Pieces<T>): Pieces<T> {
  return isPieces(work) ? yield* work : work
}

function isPieces<T>(work: T | Pieces<T>): work is Pieces<T> {
  return Object.prototype.toString.call(work) === '[object Generator]'
}
