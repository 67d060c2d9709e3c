/**
 * Waiting only for promises. A run is plain calls that return a promise where something must be awaited, and nothing where not: a
 * synchronous model on stores in memory is carried out like a loop written by hand. Where each action passes, the sources say what `after`
 * does by hand, so that a closure is made only where something waits.
 */
/** What is still under way; `undefined`: nothing, all was done at once. */
export type Rest = PromiseLike<void> | undefined

/**
 * Continues a loop that stopped at a promise.
 *
 * @param loop - Runs to its end or to the next promise, which it returns. It is neither an async function nor a generator, so that an
 * engine compiles it, with the model's step in it, like any other loop.
 */
export async function resumed(stopped: PromiseLike<void>, loop: () => Rest): Promise<void> {
  for (let rest: Rest = stopped; rest !== undefined; rest = loop()) await rest
}
