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

/**
 * Calls `use` with the value: at once, or when its promise has settled. What is synchronous stays so, and waits for no turn of the event loop.
 *
 * @example
 * ```ts
 * import { after } from '@checkpoint-schedules/model'
 *
 * after(20, (it) => 2 * it) // 40
 * await after(Promise.resolve(20), (it) => 2 * it) // 40
 * ```
 */
export function after<T>(
  value: Awaitable<T>,
  use: (value: T) => Awaitable<void>,
): PromiseLike<void> | undefined
export function after<T, U>(value: Awaitable<T>, use: (value: T) => Awaitable<U>): Awaitable<U>
export function after<T, U>(value: Awaitable<T>, use: (value: T) => Awaitable<U>): Awaitable<U> {
  return isPromise(value) ? value.then<U>(use) : use(value)
}
