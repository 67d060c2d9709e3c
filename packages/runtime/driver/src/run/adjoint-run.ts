/** One run: carries out each action on the model, after its course has checked it against the abstract machine. */
import { type Action, isCheckpointStorage, type Limits } from '@checkpoint-schedules/core'
import {
  type Awaitable,
  type Codec,
  type FoundPoint,
  independentCopy,
  isPromise,
  type OpenJournal,
  type Store,
} from '@checkpoint-schedules/model'
import { ForwardStepper } from './forward-stepper.js'
import { notObserved, unnamedModel } from '../journal/journal-events.js'
import { JournalKeeper, pointOf, resume } from '../journal/index.js'
import type { Loaded } from '../checkpoints/transfers.js'
import { checkFields, checkFirst, measured } from '../values/measured.js'
import { ModelGuard } from './model-guard.js'
import { named, refused } from '../values/named.js'
import { ReplayCheck } from '../replay/index.js'
import { RunClock } from './run-clock.js'
import type { AdjointResult, RunAdjointOptions } from './run-options.js'
import type { TapeWatch } from '../values/tape-watch.js'
import type { Owner, Tapes } from '../values/working-storage.js'
import { TerminalAdjoints } from './terminal-adjoints.js'
import { perform, type Work } from './work.js'
import { Workspace } from './workspace.js'

type Forward = Extract<Action, { type: 'Forward' }>
type Reverse = Extract<Action, { type: 'Reverse' }>
type Load = Extract<Action, { type: 'Copy' | 'Move' }>

/** How long an aborted run waits for a promise of the model by default, in milliseconds. */
const GRACE = 3000

export class AdjointRun<State, Tape, Adjoint> {
  readonly #options: RunAdjointOptions<State, Tape, Adjoint>
  readonly #work: Workspace<State, Tape, Adjoint>
  readonly #stepper: ForwardStepper<State, Tape, Adjoint>
  readonly #guard: ModelGuard
  readonly #watch: TapeWatch
  readonly #terminal: TerminalAdjoints<State, Adjoint>
  readonly #clock: RunClock
  readonly #replay: ReplayCheck<State> | undefined
  readonly #adjoints: number
  readonly #keeper: JournalKeeper | undefined
  // What must be awaited before the next adjoint step.
  #waits: PromiseLike<void> | undefined
  // The journal's last point stands until the run is there again.
  #isResuming = false

  constructor(options: RunAdjointOptions<State, Tape, Adjoint>, limits: Limits, journal?: OpenJournal) {
    const { schedule, model, steps, adjoints, checkReplay = false } = options
    this.#options = options
    this.#guard = new ModelGuard(options.signal, options.graceMs ?? GRACE)
    this.#adjoints = adjoints ?? (schedule.manifest.adjoints === 0 ? 0 : 1)
    const work = new Workspace(options, limits)
    this.#work = work
    this.#watch = work.watch
    this.#terminal = new TerminalAdjoints(options, work.codecs, this.#guard, work.seen)
    this.#clock = new RunClock()
    if (journal !== undefined) this.#keeper = new JournalKeeper(journal)
    if (checkReplay !== false)
      this.#replay = new ReplayCheck(work.codecs.state, checkReplay === true ? { share: 0.02 } : checkReplay)
    this.#stepper = new ForwardStepper({
      model,
      state: work.state,
      course: work.course,
      guard: this.#guard,
      watch: this.#watch,
      findsEnd: schedule.manifest.online && steps === undefined,
      maxSteps: options.maxSteps,
      arrived: (n, count) => this.#arrived(n, count),
    })
  }

  /** Opens the stores and carries out every action, from where the journal says. */
  async perform(stores: ReadonlyMap<string, Store>, limits: Limits): Promise<void> {
    const { initialState, signal } = this.#options
    const { state, codecs, checkpoints, course } = this.#work
    try {
      named('initialState', () => checkFirst(codecs.state, initialState))
      this.#terminal.check()
      const bytes = named('initialState', () => measured(codecs.state, initialState))
      // The copy is made at once: the caller may change the original while the run is under way.
      const found = this.#keeper?.journal.found
      if (found === undefined)
        state.put(await named('initialState', () => independentCopy(codecs.state, initialState)), 0)
      await checkpoints.open(stores, limits, bytes)
      if (found !== undefined) await this.#resume(found)
      if (state.held) await this.#replay?.at(state.at, state.value, state.bytes)
      if (found === undefined) await this.#stepper.begin()
      await perform(this.#actions())
      course.finish(this.#adjoints)
      const event = this.#replay?.event
      if (event !== undefined) this.#options.onEvent?.(event)
    } catch (thrown) {
      const error = this.#guard.explain(thrown)
      // An abort loses nothing that was done; whatever else ends a run, its last durable point stands.
      if (signal?.aborted && error === signal.reason) await this.#commitLast().catch(() => undefined)
      throw error
    }
  }

  /** Releases all that is alive, the results only if asked. Continues to the end, then throws the first error met. */
  release(what: { results: boolean }): Promise<void> {
    this.#guard.end()
    return this.#work.release({ ...what, working: !this.#guard.isStuck })
  }

  /** Hands the results over. */
  result(): AdjointResult<State, Adjoint> {
    const statistics = {
      ...this.#work.statistics(this.#clock),
      ...(this.#replay && { replay: this.#replay.statistics }),
      ...(this.#keeper && { journal: this.#keeper.statistics }),
    }
    return { ...this.#work.handOver(), statistics }
  }

  *#actions(): Work<void> {
    const { course, checkpoints } = this.#work
    for (let action = course.next(); action !== undefined; action = course.next()) {
      yield* this.#carryOut(action)
      if (checkpoints.mayReadAhead && course.future !== undefined) checkpoints.readAhead(course.future)
    }
  }

  /** @param at - Where an action that another process began continues: its first steps are done. */
  *#carryOut(action: Action, at?: number): Work<void> {
    const { state, final, adjoint, codecs, course, checkpoints } = this.#work
    switch (action.type) {
      case 'Forward':
        yield* this.#forward(action, at)
        break
      case 'Reverse':
        yield* this.#reverse(action, at)
        break
      case 'Copy':
      case 'Move':
        yield* this.#load(action)
        break
      case 'Discard': {
        this.#clock.turnTo('storage')
        const discarded = checkpoints.discard(action)
        if (discarded !== undefined) yield discarded
        break
      }
      case 'EndForward': {
        yield moved(state, final, codecs.state)
        this.#report()
        break
      }
      case 'EndReverse': {
        if (!adjoint.held) yield this.#beginAdjoint() // there were no steps to reverse
        yield moved(adjoint, this.#work.newResult(), codecs.adjoint)
        this.#report()
      }
    }
    course.done()
    this.#options.signal?.throwIfAborted()
  }

  *#forward({ n0, n1, writeIcs, writeAdjDeps, storage }: Forward, at = n0): Work<void> {
    const { taped, kept, course } = this.#work
    const inStore = isCheckpointStorage(storage)
    if (at === n0) {
      const cleared = taped.clear()
      if (cleared !== undefined) yield cleared
      if (writeIcs && inStore) {
        const stored = this.#store(n0, storage)
        if (stored !== undefined) yield stored
      }
    }
    const end = Math.min(n1, course.steps ?? n1)
    let rest: Work<void> | undefined
    if (writeAdjDeps) {
      this.#clock.turnTo('tape')
      const tapes = storage === 'WORKING_MEMORY' ? kept : taped
      const keep = inStore
        ? (n: number, tape: Tape) => this.#storeTape(n, storage, tape)
        : (n: number, tape: Tape) => keepTape(tapes, n, tape)
      rest = this.#stepper.tape(at, end, keep)
    } else {
      this.#clock.turnTo('forward')
      rest = this.#stepper.advance(at, end)
    }
    if (rest !== undefined) yield* rest
  }

  /** Stores a copy of the state, which stands at step n. */
  #store(n: number, storage: string): PromiseLike<void> | undefined {
    const { state, checkpoints, codecs } = this.#work
    this.#clock.turnTo('storage')
    let copy: Awaitable<State>
    try {
      checkFields(codecs.state, state.value)
      copy = independentCopy(codecs.state, state.value)
    } catch (error) {
      throw refused(`the state at step ${n}`, error)
    }
    const put = (value: State) => checkpoints.put(storage, n, 'restart', value)
    return isPromise(copy) ? copy.then(put) : put(copy)
  }

  #storeTape(n: number, storage: string, tape: Tape): Awaitable<void> {
    const { checkpoints } = this.#work
    // A store that is not memory has bytes of its own.
    if (!checkpoints.isInMemory(storage)) this.#watch.released()
    this.#clock.turnTo('storage')
    const stored = checkpoints.put(storage, n, 'dependency', tape)
    if (isPromise(stored)) return stored.then(() => this.#clock.turnTo('tape'))
    this.#clock.turnTo('tape')
    return undefined
  }

  *#reverse({ n1, n0, clearAdjDeps }: Reverse, at = n1): Work<void> {
    const { state, adjoint, taped, course } = this.#work
    // A state that stands at or beyond N - r is of no more use: no Forward may start there.
    if (course.n === undefined || course.n >= course.end - course.r) {
      const dropped = state.drop()
      if (dropped !== undefined) yield dropped
    }
    if (!adjoint.held) yield this.#beginAdjoint()
    this.#clock.turnTo('adjoint')
    for (let n = this.#adjointSteps(at, n0); this.#waits !== undefined; n = this.#adjointSteps(n, n0)) {
      const waits = this.#waits
      this.#waits = undefined
      yield waits
    }
    if (!clearAdjDeps) return
    this.#watch.released()
    const cleared = taped.clear()
    if (cleared !== undefined) yield cleared
  }

  /** Adjoint steps from n1 down to n0, until something must be awaited; returns the step reached. */
  #adjointSteps(n1: number, n0: number): number {
    const { model } = this.#options
    const { adjoint, taped, kept } = this.#work
    let n = n1
    while (n > n0) {
      n -= 1
      let tape = taped.get(n) // a tape may be null, never undefined
      if (tape === undefined) tape = kept.get(n) as Tape
      this.#guard.enter('adjoint', n)
      const next = model.adjoint(adjoint.value, tape, n)
      if (isPromise(next)) {
        this.#waits = this.#adjointBecomes(this.#guard.wait(next), tape, n)
        return n
      }
      const pause = this.#adjointArrived(next, tape, n)
      if (pause !== undefined) {
        this.#waits = pause
        return n
      }
    }
    return n
  }

  async #adjointBecomes(next: PromiseLike<Adjoint>, tape: Tape, n: number): Promise<void> {
    await this.#adjointArrived(await next, tape, n)
  }

  #adjointArrived(value: Adjoint, tape: Tape, n: number): PromiseLike<void> | undefined {
    this.#guard.returned()
    this.#watch.reversed(value, tape)
    this.#work.adjoint.become(value, n)
    this.#guard.leave()
    if (this.#options.model.observeAdjoint === undefined) return this.#stepped('adjointSteps', 1)
    return this.#observeAdjoint(n).then(() => this.#stepped('adjointSteps', 1))
  }

  /** The adjoint at the end: the next calculation begins. */
  async #beginAdjoint(): Promise<void> {
    const { adjoint, course, final, results } = this.#work
    const steps = course.end
    const terminal = await this.#terminal.make(final.value, results.length, steps)
    named('terminalAdjoint', () => adjoint.put(terminal, steps))
    await this.#observeAdjoint(steps)
  }

  async #observeAdjoint(n: number): Promise<void> {
    const { model } = this.#options
    const { adjoint, results } = this.#work
    if (model.observeAdjoint === undefined) return
    this.#guard.enter('observeAdjoint', n)
    const seen = model.observeAdjoint(adjoint.value, n, results.length)
    if (isPromise(seen)) await this.#guard.wait(seen)
    this.#guard.leave()
  }

  *#load(action: Load): Work<void> {
    const { state, checkpoints, taped } = this.#work
    this.#clock.turnTo('storage')
    const dropped = state.drop() // first: what is loaded takes its place in memory
    if (dropped !== undefined) yield dropped
    const loading = checkpoints.load(action)
    const { value, bytes } = (isPromise(loading) ? yield loading : loading) as Loaded
    if (action.to !== 'FWD_RESTART') {
      taped.put(action.n, value as Tape, bytes)
      return
    }
    state.put(value as State, action.n, bytes)
    const compared = this.#replay?.at(action.n, state.value, bytes, true)
    if (isPromise(compared)) yield compared
  }

  /** Goes to where the journal's last durable point is, and ends the action that was under way there. */
  async #resume(found: FoundPoint): Promise<void> {
    this.#isResuming = true
    const { initialState, model, signal, onEvent } = this.#options
    const { partial, message, done, seen } = await resume(
      this.#work,
      this.#stepper,
      found,
      initialState,
      signal,
    )
    this.#isResuming = false
    const unseen = notObserved(model, this.#work, seen)
    Object.assign(this.#clock.done, done)
    onEvent?.({ type: 'resumed', message })
    if (model.fingerprint === undefined) onEvent?.(unnamedModel())
    if (unseen !== undefined) onEvent?.(unseen)
    if (partial === undefined) return
    if (partial.action.type === 'Reverse') this.#work.course.judge(partial.action)
    await perform(this.#carryOut(partial.action, partial.at))
  }

  #arrived(n: number, count: number): PromiseLike<void> | undefined {
    const { state } = this.#work
    const compared = this.#replay?.at(n, state.value, state.bytes)
    if (isPromise(compared))
      return compared.then(() => this.#stepped('forwardSteps', count)) as PromiseLike<void>
    return this.#stepped('forwardSteps', count)
  }

  #stepped(kind: 'forwardSteps' | 'adjointSteps', count: number): Promise<void> | undefined {
    this.#clock.done[kind] += count
    const isPointDue = this.#keeper !== undefined && !this.#isResuming && this.#keeper.stepped(count)
    return this.#clock.isDue || isPointDue ? this.#pause(isPointDue) : undefined
  }

  /** Yields to the event loop, reports progress, checks for an abort, and makes a durable point if it is time. */
  async #pause(isPointDue: boolean): Promise<void> {
    await this.#clock.handOver()
    this.#report()
    this.#options.signal?.throwIfAborted()
    if (isPointDue) await this.#clock.away(() => this.#commit())
  }

  /** Makes a durable point of where the run is, if it can be resumed from there. */
  async #commit(): Promise<void> {
    if (this.#keeper === undefined || this.#isResuming || !this.#stepper.isSettled) return
    const point = pointOf(this.#work)
    if (point === undefined) return
    await this.#work.checkpoints.settled()
    await this.#keeper.commit(point)
  }

  /**
   * Makes a durable point of where an abort has ended the run. Transfers may be under way: the journal waits for its own, and what its
   * store does not have is computed again.
   */
  async #commitLast(): Promise<void> {
    if (this.#keeper === undefined || this.#isResuming) return
    await this.#stepper.settle()
    const point = pointOf(this.#work)
    if (point !== undefined) await this.#keeper.commit(point)
  }

  #report(): void {
    const { onProgress, schedule } = this.#options
    if (onProgress === undefined) return
    const steps = this.#work.course.steps ?? this.#options.steps
    const phase = this.#work.final.held ? 'reverse' : 'forward'
    onProgress(this.#clock.progress(phase, schedule, steps, this.#adjoints))
  }
}

/** Hands a value over to the caller's side, as the run's alone; `from` holds none then. */
async function moved<T>(from: Owner<T>, to: Owner<T>, codec: Codec<T>): Promise<void> {
  const { value, at, bytes } = from
  if (codec.dispose !== undefined) {
    to.put(from.take(), at, bytes)
    return
  }
  to.put(await independentCopy(codec, value), at, bytes)
  await from.drop()
}

function keepTape<Tape>(tapes: Tapes<Tape>, n: number, tape: Tape): void {
  try {
    tapes.put(n, tape)
  } catch (error) {
    throw refused(`the tape of step ${n}`, error)
  }
}
