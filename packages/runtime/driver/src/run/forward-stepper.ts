/** Takes forward steps: one by one, many at once, or taped; shows new states to `observe` and `isDone`. */
import { CheckpointScheduleError, show } from '@checkpoint-schedules/core'
import { type Awaitable, isPromise, type Model, treeCodec } from '@checkpoint-schedules/model'
import { Contents } from '../values/contents.js'
import type { TapeWatch } from '../values/tape-watch.js'
import type { Owner } from '../values/working-storage.js'
import type { Course } from './course.js'
import type { ModelGuard } from './model-guard.js'

/** `model.advance` is handed as many steps as take about this long (ms), so that the event loop is served. */
const ADVANCE_STRETCH = 10

/** What the stepper needs of the run around it. */
export interface StepperSettings<State, Tape, Adjoint> {
  readonly model: Model<State, Tape, Adjoint>
  readonly state: Owner<State>
  readonly course: Course
  readonly guard: ModelGuard
  readonly watch: TapeWatch
  /** Whether the model says where the forward ends. */
  readonly findsEnd: boolean
  /** Where it must have ended by then. */
  readonly maxSteps: number | undefined
  /** Called when the state stands at step n, `count` steps farther; its promise, if any, is awaited. */
  readonly arrived: (n: number, count: number) => Awaitable<void>
}

export class ForwardStepper<State, Tape, Adjoint> {
  readonly #settings: StepperSettings<State, Tape, Adjoint>
  // The first step that was never taken: before it, states are recomputed.
  #frontier = 0
  readonly #seen: Contents
  #stride = 1

  constructor(settings: StepperSettings<State, Tape, Adjoint>) {
    this.#settings = settings
    this.#seen = new Contents(settings.model.codecs?.state ?? treeCodec)
  }

  /** Whether `observe` and `isDone` have seen the state that is held. */
  get isSettled(): boolean {
    return !this.#watched || this.#settings.state.at <= this.#frontier
  }

  /** Shows the state that is held to `observe` and `isDone`, if they have not seen it. */
  async settle(): Promise<void> {
    if (!this.isSettled) await this.#explored(this.#settings.state.at)
  }

  /** Continues where another process was: the states up to step n were seen. */
  resumeAt(n: number): void {
    this.#frontier = n
  }

  /** Shows the initial state: the forward may end there. */
  async begin(): Promise<void> {
    if (this.#watched) await this.#explored(0)
  }

  /** From n0 to n1, or to where the model says that it is done. */
  async advance(n0: number, n1: number): Promise<void> {
    const { model, state, guard, watch, arrived } = this.#settings
    const exploring = n0 >= this.#frontier && this.#watched
    if (model.advance !== undefined && !exploring) {
      await this.#advanceInStrides(n0, n1)
    } else {
      for (let n = n0; n < n1; n++) {
        guard.enter('step', n)
        const next = model.step(state.value, n)
        const value = isPromise(next) ? await guard.wait(next) : next
        guard.returned()
        watch.stepped(value)
        state.become(value, n + 1)
        guard.leave()
        const isEnd = exploring && (await this.#explored(n + 1))
        const pause = arrived(n + 1, 1)
        if (isPromise(pause)) await pause
        if (isEnd) return
      }
    }
    this.#frontier = Math.max(this.#frontier, n1)
  }

  /**
   * From n0 to n1, or to where the model says that it is done, with a tape of each step.
   *
   * @param keep - Takes each tape over.
   */
  async tape(n0: number, n1: number, keep: (n: number, tape: Tape) => Awaitable<void>): Promise<void> {
    const { model, state, guard, watch, arrived } = this.#settings
    for (let n = n0; n < n1; n++) {
      watch.taping(state.value)
      guard.enter('tape', n)
      const next = model.tape(state.value, n)
      const result = isPromise(next) ? await guard.wait(next) : next
      guard.returned()
      if (typeof result !== 'object' || result === null)
        throw new TypeError(`it must be { state, tape }; got ${show(result)}.`)
      state.become(result.state, n + 1)
      watch.taped(n, result.state, result.tape)
      guard.leave()
      const kept = keep(n, result.tape)
      if (isPromise(kept)) await kept
      let isEnd = false
      if (n >= this.#frontier) {
        if (this.#watched) isEnd = await this.#explored(n + 1)
        else this.#frontier = n + 1
      }
      const pause = arrived(n + 1, 1)
      if (isPromise(pause)) await pause
      if (isEnd) return
    }
  }

  // Whether `observe` or `isDone` looks at new states.
  get #watched(): boolean {
    const { model, course, findsEnd } = this.#settings
    return model.observe !== undefined || (findsEnd && course.steps === undefined)
  }

  async #advanceInStrides(n0: number, n1: number): Promise<void> {
    const { model, state, guard, watch, arrived } = this.#settings
    for (let n = n0; n < n1;) {
      const to = Math.min(n1, n + this.#stride)
      const started = performance.now()
      guard.enter('advance', n)
      const next = model.advance!(state.value, n, to)
      const value = isPromise(next) ? await guard.wait(next) : next
      guard.returned()
      watch.stepped(value)
      state.become(value, to)
      guard.leave()
      const took = performance.now() - started
      if (took < ADVANCE_STRETCH / 2 && to - n === this.#stride) this.#stride *= 2
      else if (took > ADVANCE_STRETCH) this.#stride = Math.max(1, Math.floor(this.#stride / 2))
      await arrived(to, to - n)
      n = to
    }
  }

  // The forward is at step n for the first time. Says whether it ends there.
  async #explored(n: number): Promise<boolean> {
    const { model, course, state, guard, findsEnd, maxSteps } = this.#settings
    this.#frontier = n
    await this.#observe(n)
    if (!findsEnd || course.steps !== undefined) return false
    guard.enter('isDone', n)
    this.#seen.put(n, state.value)
    const answer = model.isDone!(state.value, n)
    const isDone = isPromise(answer) ? await guard.wait(answer) : answer
    this.#leftAlone(n)
    guard.leave()
    if (typeof isDone !== 'boolean') throw noAnswer(isDone, n)
    if (isDone) course.finalize(n)
    else if (maxSteps !== undefined && n >= maxSteps) throw neverDone(maxSteps)
    return isDone
  }

  async #observe(n: number): Promise<void> {
    const { model, state, guard } = this.#settings
    if (model.observe === undefined) return
    guard.enter('observe', n)
    this.#seen.put(n, state.value)
    const seen = model.observe(state.value, n)
    if (isPromise(seen)) await guard.wait(seen)
    this.#leftAlone(n)
    guard.leave()
  }

  /** A state that is looked at must not be changed: later it is computed again without being looked at. */
  #leftAlone(n: number): void {
    const { state, guard } = this.#settings
    guard.returned()
    if (!this.#seen.isSame(n, state.value))
      throw new TypeError('it changed the state that it was shown. Change a copy.')
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
