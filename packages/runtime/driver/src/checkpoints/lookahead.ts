/** A run's actions with a view of those that come next: the future of a schedule is known. */
import type { Action, Run } from '@checkpoint-schedules/core'

/** How many actions to look ahead at most: bounds memory, and is more than any transfer takes to hide. */
const FARTHEST = 1000

export class Lookahead {
  readonly #run: Run
  readonly #coming: Action[] = []
  // The head of the queue, and how far it was searched: both only grow, so each action is looked at once.
  #head = 0
  #searched = 0

  constructor(run: Run) {
    this.#run = run
  }

  /** The next action. */
  next(): Action | undefined {
    if (this.#head === this.#coming.length) {
      if (this.#head > 0) this.#coming.length = this.#head = this.#searched = 0
      return this.#run.next().value
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
        const { value } = this.#run.next()
        if (value === undefined) return undefined
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
