/** Sync or async: synchronous models pay nothing for the choice. */

/** A value or the promise of one. */
export type Awaitable<T> = T | PromiseLike<T>

/**
 * Whether `value` must be awaited.
 *
 * @example
 * ```ts
 * import { isPromise } from '@checkpoint-schedules/model'
 *
 * isPromise(Promise.resolve(1)) // true
 * ```
 */
export function isPromise<T>(value: Awaitable<T>): value is PromiseLike<T> {
  return typeof value === 'object' && value !== null && typeof (value as PromiseLike<T>).then === 'function'
}
