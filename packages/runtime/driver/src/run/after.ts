/**
 * Waiting only for promises. A run is plain calls that return a promise where something must be awaited, and nothing where not: a
 * synchronous model on stores in memory is carried out like a loop written by hand.
 */
import { type Awaitable, isPromise } from '@checkpoint-schedules/model'

/** What is still under way; `undefined`: nothing, all was done at once. */
export type Rest = PromiseLike<void> | undefined

/**
 * Calls `use` with the value: at once, or when its promise has settled. Where each action passes, the sources say the same by hand, so
 * that a closure is made only where something waits.
 */
export function after<T>(value: Awaitable<T>, use: (value: T) => Awaitable<void>): Rest
export function after<T, U>(value: Awaitable<T>, use: (value: T) => Awaitable<U>): Awaitable<U>
export function after<T, U>(value: Awaitable<T>, use: (value: T) => Awaitable<U>): Awaitable<U> {
  return isPromise(value) ? value.then<U>(use) : use(value)
}

/**
 * Goes on with a loop that has stopped at a promise.
 *
 * @param loop - Runs to its end or to the next promise, which it returns. It is neither an async function nor a generator, so that an
 * engine compiles it, with the model's step in it, like any other loop.
 */
export async function resumed(stopped: PromiseLike<void>, loop: () => Rest): Promise<void> {
  for (let rest: Rest = stopped; rest !== undefined; rest = loop()) await rest
}
