/** Continues at once where nothing has to be awaited. */
import { type Awaitable, isPromise } from '@checkpoint-schedules/model'

/** `use(value)`, after `value` has settled if it is a promise. */
export function after<T, Result>(
  value: Awaitable<T>,
  use: (value: T) => Awaitable<Result>,
): Awaitable<Result> {
  return isPromise(value) ? value.then(use) : use(value)
}
