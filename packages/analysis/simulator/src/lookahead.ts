/** A run's actions with a view of those that come next: the future of a schedule is known. */
import type { Action } from '@checkpoint-schedules/core'

/** How many actions to look ahead at most: bounds memory, and is more than any transfer takes to hide. */
const FARTHEST = 1000

/**
 * Reads a run's actions in order, and searches those to come: how the driver, and the simulation of it, find the next reads.
 *
 * Memory: at most 1,000 actions ahead. Each action is looked at once.
 *
 * @example
 * ```ts
 * import { revolve } from '@checkpoint-schedules/revolve'
 * import { Lookahead } from '@checkpoint-schedules/simulator'
 *
 * const actions = new Lookahead(revolve({ steps: 9, snapshotsInRam: 2 }).start())
 * actions.search(({ type }) => type === 'Reverse') // { type: 'Reverse', n1: 9, n0: 8, clearAdjDeps: true }
 * actions.next()?.type // 'Forward'
 * ```
 */
export class Lookahead {
  readonly #run: Iterator<Action>
  readonly #coming: Action[] = []
  // The head of the queue, and how far it was searched: both only grow, so each action is looked at once.
  #head = 0
  #searched = 0

  constructor(run: Iterator<Action>) {
    this.#run = run
  }

  /** The actions in order. */
  *[Symbol.iterator](): Generator<Action> {
    try {
      for (let action = this.next(); action !== undefined; action = this.next()) yield action
    } finally {
      this.#run.return?.()
    }
  }

  /** The next action. */
  next(): Action | undefined {
    if (this.#head === this.#coming.length) {
      if (this.#head > 0) this.#coming.length = this.#head = this.#searched = 0
      const { done, value } = this.#run.next()
      return done ? undefined : value
    }
    const action = this.#coming[this.#head]!
    this.#head += 1
    if (this.#searched < this.#head) this.#searched = this.#head
    if (this.#head > FARTHEST) this.#forget()
    return action
  }

  /**
   * The first action to come, from where the last search ended, for which `wanted` holds. `wanted` is called once for each action, in
   * order, until it returns true; the next search continues after it. `undefined`: none so far.
   */
  search(wanted: (action: Action) => boolean): Action | undefined {
    for (;;) {
      if (this.#searched === this.#coming.length) {
        if (this.#coming.length - this.#head >= FARTHEST) return undefined
        const { done, value } = this.#run.next()
        if (done) return undefined
        this.#coming.push(value)
      }
      const action = this.#coming[this.#searched]!
      this.#searched += 1
      if (wanted(action)) return action
    }
  }

  #forget(): void {
    this.#coming.splice(0, this.#head)
    this.#searched -= this.#head
    this.#head = 0
  }
}
