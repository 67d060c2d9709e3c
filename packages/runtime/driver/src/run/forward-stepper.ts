/**
 * Takes forward steps: one by one, many at once, or taped; shows new states to `observe` and `isDone`.
 *
 * Each kind of step has one plain loop, for synchronous and asynchronous models alike. It runs to its end or until something must be
 * awaited: then it leaves the promise in `#waits`, returns, and is called again when the promise has settled. The loops are neither
 * async functions nor generators, so that an engine compiles them, with the model's step in them, like a loop written by hand.
 */
import { CheckpointScheduleError, show } from '@checkpoint-schedules/core'
import { type Awaitable, isPromise, type Model, treeCodec } from '@checkpoint-schedules/model'
import { Contents } from '../values/contents.js'
import type { TapeWatch } from '../values/tape-watch.js'
import type { Owner } from '../values/working-storage.js'
import type { Course } from './course.js'
import type { ModelGuard } from './model-guard.js'
import type { Work } from './work.js'

/** `model.advance` is handed as many steps as take about this long (ms), so that the event loop is served. */
const ADVANCE_STRETCH = 10

/** Takes a tape over; its promise, if any, is awaited before the next step. */
export type Keep<Tape> = (n: number, tape: Tape) => Awaitable<void>

/** Takes steps from n on and returns the step reached. */
type Loop = (n: number) => number

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
  // What must be awaited before the next step.
  #waits: PromiseLike<void> | undefined

  constructor(settings: StepperSettings<State, Tape, Adjoint>) {
    this.#settings = settings
    this.#seen = new Contents(settings.model.codecs?.state ?? treeCodec)
  }

  /** Whether `observe` and `isDone` have seen the state that is held. */
  get isSettled(): boolean {
    return !this.#isWatched || this.#settings.state.at <= this.#frontier
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
    if (this.#isWatched) await this.#explored(0)
  }

  /** From n0 to n1, or to where the model says that it is done. Returns what is left to do if something must be awaited. */
  advance(n0: number, n1: number): Work<void> | undefined {
    const isNew = n0 >= this.#frontier && this.#isWatched
    if (this.#settings.model.advance !== undefined && !isNew)
      return this.#taken(this.#strides(n0, n1), (n) => this.#strides(n, n1))
    return this.#taken(this.#steps(n0, n1), (n) => this.#steps(n, n1))
  }

  /** The same with a tape of each step, which `keep` takes over. */
  tape(n0: number, n1: number, keep: Keep<Tape>): Work<void> | undefined {
    return this.#taken(this.#tapes(n0, n1, keep), (n) => this.#tapes(n, n1, keep))
  }

  #taken(reached: number, loop: Loop): Work<void> | undefined {
    return this.#waits === undefined ? undefined : this.#continue(reached, loop)
  }

  *#continue(n: number, loop: Loop): Work<void> {
    while (this.#waits !== undefined) {
      const waits = this.#waits
      this.#waits = undefined
      yield waits
      n = loop(n)
    }
  }

  #steps(n: number, n1: number): number {
    const { model, state, guard, watch } = this.#settings
    const isWatched = this.#isWatched
    for (let end = this.#endOf(n1); n < end;) {
      guard.enter('step', n)
      const next = model.step(state.value, n)
      n += 1
      if (isPromise(next)) {
        this.#waits = this.#becomes(guard.wait(next), n, 1)
        return n
      }
      guard.returned()
      watch.stepped(next)
      state.become(next, n)
      guard.leave()
      const pause = this.#passed(n, 1)
      if (pause !== undefined) {
        this.#waits = pause
        return n
      }
      if (isWatched) end = this.#endOf(n1)
    }
    return n
  }

  #tapes(n: number, n1: number, keep: Keep<Tape>): number {
    const { model, state, guard, watch } = this.#settings
    const isWatched = this.#isWatched
    for (let end = this.#endOf(n1); n < end;) {
      watch.taping(state.value)
      guard.enter('tape', n)
      const next = model.tape(state.value, n)
      n += 1
      if (isPromise(next)) {
        this.#waits = this.#becomesTaped(guard.wait(next), n, keep)
        return n
      }
      const kept = this.#keepTape(next, n, keep)
      const pause = isPromise(kept) ? this.#passedAfter(kept, n) : this.#passed(n, 1)
      if (pause !== undefined) {
        this.#waits = pause
        return n
      }
      if (isWatched) end = this.#endOf(n1)
    }
    return n
  }

  #strides(n: number, n1: number): number {
    const { model, state, guard, watch } = this.#settings
    while (n < n1) {
      const count = Math.min(n1 - n, this.#stride)
      const started = performance.now()
      guard.enter('advance', n)
      const next = model.advance!(state.value, n, n + count)
      n += count
      if (isPromise(next)) {
        this.#waits = this.#becomes(guard.wait(next), n, count, started)
        return n
      }
      guard.returned()
      watch.stepped(next)
      state.become(next, n)
      guard.leave()
      this.#adjustStride(count, started)
      const pause = this.#passed(n, count)
      if (pause !== undefined) {
        this.#waits = pause
        return n
      }
    }
    return n
  }

  /** The state that the model has promised; `started`: when a stride began. */
  async #becomes(next: PromiseLike<State>, n: number, count: number, started?: number): Promise<void> {
    const { state, guard, watch } = this.#settings
    const value = await next
    guard.returned()
    watch.stepped(value)
    state.become(value, n)
    guard.leave()
    if (started !== undefined) this.#adjustStride(count, started)
    await this.#passed(n, count)
  }

  async #becomesTaped(
    next: PromiseLike<{ readonly state: State; readonly tape: Tape }>,
    n: number,
    keep: Keep<Tape>,
  ): Promise<void> {
    await this.#keepTape(await next, n, keep)
    await this.#passed(n, 1)
  }

  async #passedAfter(kept: PromiseLike<void>, n: number): Promise<void> {
    await kept
    await this.#passed(n, 1)
  }

  #keepTape(
    result: { readonly state: State; readonly tape: Tape },
    n: number,
    keep: Keep<Tape>,
  ): Awaitable<void> {
    const { state, guard, watch } = this.#settings
    guard.returned()
    if (typeof result !== 'object' || result === null)
      throw new TypeError(`it must be { state, tape }; got ${show(result)}.`)
    state.become(result.state, n)
    watch.taped(n - 1, result.state, result.tape)
    guard.leave()
    return keep(n - 1, result.tape)
  }

  #adjustStride(count: number, started: number): void {
    const took = performance.now() - started
    if (took < ADVANCE_STRETCH / 2 && count === this.#stride) this.#stride *= 2
    else if (took > ADVANCE_STRETCH) this.#stride = Math.max(1, Math.floor(this.#stride / 2))
  }

  /** The state stands at step n: shows it if it is new, then lets the run have its turn. */
  #passed(n: number, count: number): PromiseLike<void> | undefined {
    const { arrived } = this.#settings
    if (n > this.#frontier) {
      if (this.#isWatched) return this.#passedNew(n, count)
      this.#frontier = n
    }
    return arrived(n, count) as PromiseLike<void> | undefined
  }

  #passedNew(n: number, count: number): PromiseLike<void> | undefined {
    const { arrived } = this.#settings
    const explored = this.#explored(n)
    if (!isPromise(explored)) return arrived(n, count) as PromiseLike<void> | undefined
    return explored.then<void>(() => arrived(n, count))
  }

  #endOf(n1: number): number {
    const { steps } = this.#settings.course
    return steps === undefined ? n1 : Math.min(n1, steps)
  }

  // Whether `observe` or `isDone` looks at new states.
  get #isWatched(): boolean {
    const { model, course, findsEnd } = this.#settings
    return model.observe !== undefined || (findsEnd && course.steps === undefined)
  }

  /** The forward is at step n for the first time, and may end there. */
  #explored(n: number): Awaitable<void> {
    this.#frontier = n
    const observed = this.#observe(n)
    return isPromise(observed) ? observed.then(() => this.#askWhetherDone(n)) : this.#askWhetherDone(n)
  }

  #observe(n: number): Awaitable<void> {
    const { model, state, guard } = this.#settings
    if (model.observe === undefined) return undefined
    guard.enter('observe', n)
    this.#seen.put(n, state.value)
    const seen = model.observe(state.value, n)
    if (isPromise(seen)) return guard.wait(seen).then(() => this.#leftAlone(n))
    return this.#leftAlone(n)
  }

  #askWhetherDone(n: number): Awaitable<void> {
    const { model, course, state, guard, findsEnd } = this.#settings
    if (!findsEnd || course.steps !== undefined) return undefined
    guard.enter('isDone', n)
    this.#seen.put(n, state.value)
    const answer = model.isDone!(state.value, n)
    if (isPromise(answer)) return guard.wait(answer).then((isDone) => this.#answered(isDone, n))
    return this.#answered(answer, n)
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
