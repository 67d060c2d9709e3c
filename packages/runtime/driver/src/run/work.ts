/**
 * Work that runs without waiting as long as nothing must be awaited: a generator that yields the promises that must be, and is
 * resumed with their values. `const value = isPromise(it) ? yield it : it` reads like `await` and costs nothing where nothing waits.
 */

/** Work that ends with a T. What it yields is awaited; a rejection is thrown where it was yielded. */
export type Work<T> = Generator<PromiseLike<unknown>, T, unknown>

/** Does the work: at once up to the first promise, then whenever that has settled. */
export async function perform<T>(work: Work<T>): Promise<T> {
  let step = work.next()
  while (step.done !== true) {
    let value: unknown
    try {
      value = await step.value
    } catch (error) {
      step = work.throw(error)
      continue
    }
    step = work.next(value)
  }
  return step.value
}
