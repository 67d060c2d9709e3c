/** Work in pieces: a generator that yields every millisecond or so, so that its caller can serve an event loop in between. */

/**
 * Does all of it at once.
 *
 * @example
 * ```ts
 * import { atOnce } from '@checkpoint-schedules/core'
 *
 * function* work() {
 *   yield
 *   return 42
 * }
 * atOnce(work()) // 42
 * ```
 */
export function atOnce<T>(work: Generator<undefined, T>): T {
  let piece = work.next()
  while (piece.done !== true) piece = work.next()
  return piece.value
}

/** What may be a result, or work in pieces that returns it. */
export function* inPieces<T>(work: T | Generator<undefined, T>): Generator<undefined, T> {
  return isGenerator(work) ? yield* work : work
}

function isGenerator<T>(work: T | Generator<undefined, T>): work is Generator<undefined, T> {
  return Object.prototype.toString.call(work) === '[object Generator]'
}
