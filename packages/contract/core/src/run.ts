/** Drives a schedule's generator: keeps n and r, ends after the requested adjoints, and guards `finalize`. */
import {
  type Action,
  endForward,
  type EndForwardAction,
  endReverse,
  type EndReverseAction,
  UNBOUNDED,
} from './actions.js'
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
  // Begun with the first action: until then, nothing is planned.
  #actions: Iterator<Action> | undefined
  // Online: where to finalise. Infinity if not known.
  readonly #end: number
  // The last action: finalize is legal only directly after a Forward, and with 0 before there is any.
  #last: Action | undefined
  #adjointsDone = 0

  constructor(settings: RunSettings) {
    this.#settings = settings
    this.steps = settings.online ? undefined : settings.steps
    this.#end = settings.online ? (settings.steps ?? Infinity) : Infinity
    if (settings.steps === 0) this.#takeNoSteps()
  }

  [Symbol.iterator](): this {
    return this
  }

  next(): IteratorResult<Action, undefined> {
    if (this.isExhausted) return finished
    if (this.steps === undefined && this.n >= UNBOUNDED) this.#needsEnd()
    const result = (this.#actions ??= this.#settings.actions(this)).next()
    if (result.done) {
      this.isExhausted = true
      return finished
    }
    const action = result.value
    this.#last = action
    switch (action.type) {
      case 'Forward':
        this.n = action.n1
        if (this.n >= this.#end && this.steps === undefined) this.n = this.steps = this.#end
        break
      case 'Reverse':
        this.r += action.n1 - action.n0
        break
      case 'Copy':
      case 'Move':
        this.n = action.n
        break
      case 'Discard':
        break
      default:
        this.#ended(action)
    }
    return result
  }

  finalize(steps: number): void {
    const { call, online } = this.#settings
    const last = this.#last?.type === 'Forward' ? this.#last : undefined
    const refuse = (why: string) =>
      new CheckpointScheduleError('INVALID_FINALIZE', `${call}: finalize(${show(steps)}) ${why}`, {
        details: { steps, n0: last?.n0, n1: last?.n1 },
      })
    if (!online) throw refuse(`is not for an offline schedule: it has ${this.steps} steps from the start.`)
    if (this.steps !== undefined)
      throw refuse(`comes too late: the run was finalised with ${this.steps} steps.`)
    if (this.#last === undefined && steps === 0) {
      this.#takeNoSteps()
      return
    }
    if (last === undefined)
      throw refuse('is legal only directly after a Forward; take the next action first.')
    if (!Number.isSafeInteger(steps) || steps <= last.n0 || steps > last.n1) {
      throw refuse(`does not fit the last Forward: pass an integer from ${last.n0 + 1} to ${last.n1}.`)
    }
    this.n = this.steps = steps
  }

  // The run ends where it starts: there is nothing to plan.
  #takeNoSteps(): void {
    this.steps = 0
    this.#actions = noSteps()
  }

  #ended(action: EndForwardAction | EndReverseAction): void {
    const { adjoints } = this.#settings
    if (action.type === 'EndForward') {
      this.isExhausted = adjoints === 0
      return
    }
    this.#adjointsDone += 1
    if (this.#adjointsDone === adjoints) this.isExhausted = true
    else this.r = 0
  }

  #needsEnd(): never {
    throw new CheckpointScheduleError(
      'NOT_FINALIZED',
      `${this.#settings.call}: the forward has no end yet; call run.finalize(steps) after the Forward, ` +
        'or start the run with start({ steps }).',
    )
  }
}

function* noSteps(): Generator<Action, never> {
  yield endForward()
  while (true) yield endReverse()
}
