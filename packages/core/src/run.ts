/** Drives a schedule's generator: keeps n and r, ends after the asked adjoints, and guards `finalize`. */
import { type Action, UNBOUNDED } from './actions.js'
import { CheckpointScheduleError, show } from './errors.js'
import type { Run } from './schedule.js'

/** What a schedule's generator may see of its run. */
export interface RunView {
  readonly n: number
  readonly r: number
  /** `undefined` until the run is finalised: an online generator emits Forwards as long as it is. */
  readonly steps: number | undefined
}

interface RunSettings {
  /** The name that messages begin with. */
  readonly call: string
  readonly online: boolean
  /** Offline: the plan's steps. Online: where to finalise, if known. */
  readonly steps: number | undefined
  readonly adjoints: number
  readonly actions: (run: RunView) => Iterator<Action>
}

const finished = { done: true, value: undefined } as const

export class ScheduleRun implements Run {
  n = 0
  r = 0
  steps: number | undefined
  isExhausted = false
  readonly #settings: RunSettings
  readonly #actions: Iterator<Action>
  // Online: where to finalise. Infinity when nobody said.
  readonly #end: number
  // The steps n0 and n1 of the last action if it was a Forward, else -1: only then finalize is legal.
  #from = -1
  #to = -1
  #adjointsDone = 0

  constructor(settings: RunSettings) {
    this.#settings = settings
    this.steps = settings.online ? undefined : settings.steps
    this.#end = settings.online ? (settings.steps ?? Infinity) : Infinity
    this.#actions = settings.actions(this)
  }

  [Symbol.iterator](): this {
    return this
  }

  next(): IteratorResult<Action, undefined> {
    if (this.isExhausted) return finished
    if (this.steps === undefined && this.#to >= UNBOUNDED) this.#needsEnd()
    const result = this.#actions.next()
    if (result.done) {
      this.isExhausted = true
      return finished
    }
    const action = result.value
    if (action.type === 'Forward') {
      this.#from = action.n0
      this.n = this.#to = action.n1
      if (this.#end <= this.#to && this.steps === undefined) this.n = this.steps = this.#end
    } else {
      this.#from = this.#to = -1
      switch (action.type) {
        case 'Reverse':
          this.r += action.n1 - action.n0
          break
        case 'Copy':
        case 'Move':
          this.n = action.n
          break
        case 'EndForward':
          this.isExhausted = this.#settings.adjoints === 0
          break
        case 'EndReverse':
          this.#adjointsDone += 1
          if (this.#adjointsDone === this.#settings.adjoints) this.isExhausted = true
          else this.r = 0
      }
    }
    return result
  }

  finalize(steps: number): void {
    const { call, online } = this.#settings
    const refuse = (why: string) =>
      new CheckpointScheduleError('INVALID_FINALIZE', `${call}: finalize(${show(steps)}) ${why}`, {
        details: { steps, n0: this.#from, n1: this.#to },
      })
    if (!online) throw refuse(`is not for an offline schedule: it has ${this.steps} steps from the start.`)
    if (this.steps !== undefined)
      throw refuse(`comes too late: the run was finalised with ${this.steps} steps.`)
    if (this.#to < 0) throw refuse('is legal only directly after a Forward; take the next action first.')
    if (!Number.isSafeInteger(steps) || steps <= this.#from || steps > this.#to) {
      throw refuse(`does not fit the last Forward: pass an integer from ${this.#from + 1} to ${this.#to}.`)
    }
    this.n = this.steps = steps
  }

  #needsEnd(): never {
    throw new CheckpointScheduleError(
      'NOT_FINALIZED',
      `${this.#settings.call}: the forward has no end yet; call run.finalize(steps) after the Forward, ` +
        'or start the run with start({ steps }).',
    )
  }
}
