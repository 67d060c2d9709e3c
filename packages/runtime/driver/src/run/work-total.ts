/** The steps that a run takes in all: what theory says, else counted; a bit for each report, as either may take long. */
import type { Action, Optimum, Pieces, Schedule } from '@checkpoint-schedules/core'

/** Counted in less than a millisecond. */
const ACTIONS = 10_000

/** Forward and adjoint steps. */
export interface Work {
  readonly forwardSteps: number
  readonly adjointSteps: number
}

export class WorkTotal {
  readonly #schedule: Schedule
  readonly #steps: number
  readonly #adjoints: number
  readonly #theory: Pieces<Optimum | undefined>
  // What is counted, where theory says nothing.
  #actions: Iterator<Action> | undefined
  #forwardSteps = 0
  #total: Work | undefined

  constructor(schedule: Schedule, steps: number, adjoints: number) {
    this.#schedule = schedule
    this.#steps = steps
    this.#adjoints = adjoints
    this.#theory = schedule.optimumInPieces(steps)
  }

  /** The total, once it is known; each call goes on a bit. */
  next(): Work | undefined {
    if (this.#total === undefined && this.#actions === undefined) this.#ask()
    if (this.#total === undefined && this.#actions !== undefined) this.#count(this.#actions)
    return this.#total
  }

  #ask(): void {
    const piece = this.#theory.next()
    if (piece.done !== true) return
    if (piece.value === undefined) this.#actions = this.#schedule.start({ steps: this.#steps })
    else this.#total = this.#totalOf(piece.value.forwardSteps)
  }

  #count(actions: Iterator<Action>): void {
    for (let i = 0; i < ACTIONS; i++) {
      const { done, value } = actions.next()
      if (done === true) {
        this.#total = this.#totalOf(this.#forwardSteps)
        return
      }
      if (value.type === 'Forward') this.#forwardSteps += Math.min(value.n1, this.#steps) - value.n0
    }
  }

  // Each further adjoint calculation takes again what the first one took beyond the forward.
  #totalOf(once: number): Work {
    const [steps, adjoints] = [this.#steps, this.#adjoints]
    return { forwardSteps: steps + adjoints * (once - steps), adjointSteps: adjoints * steps }
  }
}
