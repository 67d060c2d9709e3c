/** Work on one thing is done in the order in which it was asked for; work on others does not wait for it. */
export class Turns {
  // The work that was asked for last, and how many are under way.
  readonly #last = new Map<number, { settled: Promise<unknown>; count: number }>()

  /** Does `work` when all earlier work on `key` is done. */
  async take<T>(key: number, work: () => Promise<T>): Promise<T> {
    const turn = this.#last.get(key) ?? { settled: Promise.resolve(), count: 0 }
    this.#last.set(key, turn)
    const result = turn.count === 0 ? work() : turn.settled.then(work)
    turn.settled = result.catch(() => undefined)
    turn.count += 1
    try {
      return await result
    } finally {
      turn.count -= 1
      if (turn.count === 0) this.#last.delete(key)
    }
  }

  /** Resolves when all work that was asked for is done, whatever came of it. */
  async all(): Promise<void> {
    await Promise.all(Array.from(this.#last.values(), ({ settled }) => settled))
  }
}
