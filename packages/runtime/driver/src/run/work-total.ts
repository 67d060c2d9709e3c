/** The steps that a run takes in all: what theory says, else counted, some actions for each report, as counting all of them may take long. */
import type { Action, Schedule } from '@checkpoint-schedules/core'

/** Counted in less than a millisecond. */
const ACTIONS = 10_000

/** Forward and adjoint steps. */
export interface Work {
  readonly forwardSteps: number
  readonly adjointSteps: number
}

export class WorkTotal {
  readonly #steps: number
  readonly #adjoints: number
  readonly #actions: Iterator<Action> | undefined
  #forwardSteps: number
  #isKnown: boolean

  constructor(schedule: Schedule, steps: number, adjoints: number) {
    this.#steps = steps
    this.#adjoints = adjoints
    const optimum = schedule.optimum(steps)
    this.#isKnown = optimum !== undefined
    this.#forwardSteps = optimum?.forwardSteps ?? 0
    if (!this.#isKnown) this.#actions = schedule.start({ steps })
  }

  /** The total, once it is known; each call counts on. */
  next(): Work | undefined {
    for (let i = 0; i < ACTIONS && !this.#isKnown; i++) this.#count(this.#actions!.next())
    if (!this.#isKnown) return undefined
    const [steps, adjoints, once] = [this.#steps, this.#adjoints, this.#forwardSteps]
    // Each further adjoint calculation takes again what the first one took beyond the forward.
    return { forwardSteps: steps + adjoints * (once - steps), adjointSteps: adjoints * steps }
  }

  #count({ done, value }: IteratorResult<Action, unknown>): void {
    if (done === true) this.#isKnown = true
    else if (value.type === 'Forward') this.#forwardSteps += Math.min(value.n1, this.#steps) - value.n0
  }
}
