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
import { checkFields, checkFirst, measured } from '../values/measured.js'
import { ModelGuard } from './model-guard.js'
import { named } from '../values/named.js'
import { ReplayCheck } from '../replay/index.js'
import { RunClock } from './run-clock.js'
import type { AdjointResult, RunAdjointOptions } from './run-options.js'
import type { TapeWatch } from '../values/tape-watch.js'
import type { Owner } from '../values/working-storage.js'
import { TerminalAdjoints } from './terminal-adjoints.js'
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
    this.#clock = new RunClock(() => work.checkpoints.timeMs)
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
      for (let action = course.next(); action !== undefined; action = course.next()) {
        await this.#carryOut(action)
        if (course.future !== undefined) checkpoints.readAhead(course.future)
      }
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

  /** @param at - Where an action that another process began continues: its first steps are done. */
  async #carryOut(action: Action, at?: number): Promise<void> {
    const { state, final, adjoint, codecs } = this.#work
    switch (action.type) {
      case 'Forward':
        await this.#forward(action, at)
        break
      case 'Reverse':
        await this.#reverse(action, at)
        break
      case 'Copy':
      case 'Move':
        await this.#load(action)
        break
      case 'EndForward': {
        await moved(state, final, codecs.state)
        this.#report()
        break
      }
      case 'EndReverse': {
        if (!adjoint.held) await this.#beginAdjoint() // there were no steps to reverse
        await moved(adjoint, this.#work.newResult(), codecs.adjoint)
        this.#report()
      }
    }
    this.#work.course.done()
    this.#options.signal?.throwIfAborted()
  }

  async #forward({ n0, n1, writeIcs, writeAdjDeps, storage }: Forward, at = n0): Promise<void> {
    const { state, checkpoints, taped, kept, codecs, course } = this.#work
    const inStore = isCheckpointStorage(storage)
    if (at === n0) {
      await taped.clear()
      if (writeIcs && inStore) {
        const copy = await checkpoints.timed(() => {
          return named(`the state at step ${n0}`, () => {
            checkFields(codecs.state, state.value)
            return independentCopy(codecs.state, state.value)
          })
        })
        await checkpoints.put(storage, n0, 'restart', copy)
      }
    }
    const end = Math.min(n1, course.steps ?? n1)
    if (!writeAdjDeps) {
      await this.#clock.timed('forward', () => this.#stepper.advance(at, end))
      return
    }
    const tapes = storage === 'WORKING_MEMORY' ? kept : taped
    const keep = inStore
      ? (n: number, tape: Tape) => {
          // A store that is not memory has bytes of its own.
          if (!checkpoints.isInMemory(storage)) this.#watch.released()
          return checkpoints.put(storage, n, 'dependency', tape)
        }
      : (n: number, tape: Tape) => named(`the tape of step ${n}`, () => tapes.put(n, tape))
    await this.#clock.timed('tape', () => this.#stepper.tape(at, end, keep))
  }

  async #reverse({ n1, n0, clearAdjDeps }: Reverse, at = n1): Promise<void> {
    const { state, adjoint, taped, course } = this.#work
    // A state that stands at or beyond N - r is of no more use: no Forward may start there.
    if (course.n === undefined || course.n >= course.end - course.r) await state.drop()
    if (!adjoint.held) await this.#beginAdjoint()
    await this.#clock.timed('adjoint', () => this.#adjointSteps(at, n0))
    if (!clearAdjDeps) return
    this.#watch.released()
    await taped.clear()
  }

  async #adjointSteps(n1: number, n0: number): Promise<void> {
    const { model } = this.#options
    const { adjoint, taped, kept } = this.#work
    for (let n = n1 - 1; n >= n0; n--) {
      const tape = (taped.get(n) ?? kept.get(n)) as Tape
      this.#guard.enter('adjoint', n)
      const next = model.adjoint(adjoint.value, tape, n)
      const value = isPromise(next) ? await this.#guard.wait(next) : next
      this.#guard.returned()
      this.#watch.reversed(value, tape)
      adjoint.become(value, n)
      this.#guard.leave()
      if (model.observeAdjoint !== undefined) await this.#observeAdjoint(n)
      const pause = this.#stepped('adjointSteps', 1)
      if (isPromise(pause)) await pause
    }
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

  async #load(action: Load): Promise<void> {
    const { state, checkpoints, taped } = this.#work
    await state.drop() // first: what is loaded takes its place in memory
    const { value, bytes } = await checkpoints.load(action)
    if (action.to === 'FWD_RESTART') {
      state.put(value as State, action.n, bytes)
      await this.#replay?.at(action.n, state.value, bytes, true)
    } else taped.put(action.n, value as Tape, bytes)
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
    await this.#carryOut(partial.action, partial.at)
  }

  #arrived(n: number, count: number): Awaitable<void> {
    const { state } = this.#work
    const compared = this.#replay?.at(n, state.value, state.bytes)
    if (isPromise(compared)) return compared.then(() => this.#stepped('forwardSteps', count))
    return this.#stepped('forwardSteps', count)
  }

  #stepped(kind: 'forwardSteps' | 'adjointSteps', count: number): Awaitable<void> {
    this.#clock.done[kind] += count
    const isPointDue = !this.#isResuming && this.#keeper?.stepped(count) === true
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
