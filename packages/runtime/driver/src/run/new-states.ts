/** Shows each state that is new to `observe` and `isDone`, in order; states that are computed again are not shown again. */
import { CheckpointScheduleError, show } from '@checkpoint-schedules/core'
import { after, type Awaitable, isPromise, type Model, treeCodec } from '@checkpoint-schedules/model'
import { Contents } from '../values/contents.js'
import type { Owner } from '../values/working-storage.js'
import type { Course } from './course.js'
import type { ModelGuard } from './model-guard.js'

/** What is needed of the run around it. */
export interface NewStatesSettings<State, Tape, Adjoint> {
  readonly model: Model<State, Tape, Adjoint>
  readonly state: Owner<State>
  readonly course: Course
  readonly guard: ModelGuard
  /** Whether the model says where the forward ends. */
  readonly findsEnd: boolean
  /** Where it must have ended by then. */
  readonly maxSteps: number | undefined
}

export class NewStates<State, Tape, Adjoint> {
  readonly #settings: NewStatesSettings<State, Tape, Adjoint>
  // The last step that the forward has reached: up to it, states are computed again.
  #frontier = 0
  readonly #seen: Contents

  constructor(settings: NewStatesSettings<State, Tape, Adjoint>) {
    this.#settings = settings
    this.#seen = new Contents(settings.model.codecs?.state ?? treeCodec)
  }

  /** Whether `observe` and `isDone` have seen the state that is held. */
  get isSettled(): boolean {
    return !this.#isWatched || this.#settings.state.at <= this.#frontier
  }

  /** Shows the state that is held, if it has not been seen. */
  async settle(): Promise<void> {
    if (!this.isSettled) await this.#shown(this.#settings.state.at)
  }

  /** Continues where another process was: the states up to step n were seen. */
  resumeAt(n: number): void {
    this.#frontier = n
  }

  /** Shows the initial state: the forward may end there. */
  async begin(): Promise<void> {
    if (this.#isWatched) await this.#shown(0)
  }

  /** The state stands at step n. */
  passed(n: number): Awaitable<void> {
    if (n <= this.#frontier) return undefined
    if (this.#isWatched) return this.#shown(n)
    this.#frontier = n
    return undefined
  }

  /** Where a forward to n1 ends. */
  endOf(n1: number): number {
    const { steps } = this.#settings.course
    return steps === undefined ? n1 : Math.min(n1, steps)
  }

  /** Up to where no state need be shown, if it is before n1. */
  unwatched(n1: number): number {
    return this.#isWatched ? Math.min(n1, this.#frontier) : n1
  }

  // Whether `observe` or `isDone` looks at new states.
  get #isWatched(): boolean {
    const { model, course, findsEnd } = this.#settings
    return model.observe !== undefined || (findsEnd && course.steps === undefined)
  }

  /** The forward is at step n for the first time, and may end there. */
  #shown(n: number): Awaitable<void> {
    this.#frontier = n
    return after(this.#observe(n), () => this.#askWhetherDone(n))
  }

  #observe(n: number): Awaitable<void> {
    const { model, state, guard } = this.#settings
    if (model.observe === undefined) return undefined
    guard.enter('observe', n)
    this.#seen.put(n, state.value)
    const seen = model.observe(state.value, n)
    return after(isPromise(seen) ? guard.wait(seen) : seen, () => this.#leftAlone(n))
  }

  #askWhetherDone(n: number): Awaitable<void> {
    const { model, course, state, guard, findsEnd } = this.#settings
    if (!findsEnd || course.steps !== undefined) return undefined
    guard.enter('isDone', n)
    this.#seen.put(n, state.value)
    const answer = model.isDone!(state.value, n)
    return after(isPromise(answer) ? guard.wait(answer) : answer, (isDone) => this.#answered(isDone, n))
  }

  #answered(isDone: unknown, n: number): void {
    const { course, maxSteps } = this.#settings
    this.#leftAlone(n)
    if (typeof isDone !== 'boolean') throw noAnswer(isDone, n)
    if (isDone) course.finalize(n)
    else if (maxSteps !== undefined && n >= maxSteps) throw neverDone(maxSteps)
  }

  /** A state that is looked at must not be changed: later it is computed again without being looked at. */
  #leftAlone(n: number): void {
    const { state, guard } = this.#settings
    guard.returned()
    if (!this.#seen.isSame(n, state.value))
      throw new TypeError('it changed the state that it was shown. Change a copy.')
    guard.leave()
  }
}

function noAnswer(received: unknown, step: number): CheckpointScheduleError {
  return new CheckpointScheduleError(
    'INVALID_VALUE',
    `model.isDone must return true or false, or a promise of one; at step ${step} it returned ${show(received)}.`,
    { details: { phase: 'isDone', step } },
  )
}

function neverDone(maxSteps: number): CheckpointScheduleError {
  return new CheckpointScheduleError(
    'MAX_STEPS_REACHED',
    `runAdjoint: the forward has taken maxSteps = ${maxSteps} steps, and model.isDone has not ended it. ` +
      'See why it does not end, or pass a larger maxSteps.',
    { details: { maxSteps } },
  )
}
