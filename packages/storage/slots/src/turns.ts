/** Runs work on the same key in the order of the calls; work on other keys does not wait for it. */
export class Turns {
  // The latest work for each key, and how much is pending.
  readonly #last = new Map<number, { settled: Promise<unknown>; count: number }>()

  /** Runs `work` after all earlier work on `key`. */
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

  /** Resolves when all pending work has settled. */
  async all(): Promise<void> {
    await Promise.all(Array.from(this.#last.values(), ({ settled }) => settled))
  }
}
