/** One run: carries out each action on the model, after its course has checked it against the abstract machine. */
import { type Action, isCheckpointStorage, type Limits } from '@checkpoint-schedules/core'
import {
  after,
  type Awaitable,
  type Codec,
  type FoundPoint,
  independentCopy,
  isPromise,
  type OpenJournal,
  type Store,
} from '@checkpoint-schedules/model'
import type { Loaded } from '../checkpoints/transfers.js'
import { JournalKeeper, resume } from '../journal/index.js'
import { notObserved, unnamedModel } from '../journal/journal-events.js'
import { ReplayCheck } from '../replay/index.js'
import { checkFields, checkFirst, measured } from '../values/measured.js'
import { named, refused } from '../values/named.js'
import type { TapeWatch } from '../values/tape-watch.js'
import type { Owner, Tapes } from '../values/working-storage.js'
import { largerThanPlanned } from '../checkpoints/larger-than-planned.js'
import { AdjointStepper } from './adjoint-stepper.js'
import type { Rest } from './rest.js'
import { ForwardStepper } from './forward-stepper.js'
import { Interludes } from './interludes.js'
import { ModelGuard } from './model-guard.js'
import { NewStates } from './new-states.js'
import { RunClock } from './run-clock.js'
import type { AdjointResult, RunAdjointOptions } from './run-options.js'
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
  readonly #newStates: NewStates<State, Tape, Adjoint>
  readonly #forwardStepper: ForwardStepper<State, Tape, Adjoint>
  readonly #adjointStepper: AdjointStepper<State, Tape, Adjoint>
  readonly #interludes: Interludes<State, Tape, Adjoint>
  readonly #guard: ModelGuard
  readonly #watch: TapeWatch
  readonly #terminal: TerminalAdjoints<State, Adjoint>
  readonly #clock: RunClock
  readonly #replay: ReplayCheck<State> | undefined
  readonly #adjoints: number
  readonly #keeper: JournalKeeper | undefined

  constructor(options: RunAdjointOptions<State, Tape, Adjoint>, limits: Limits, journal?: OpenJournal) {
    const { schedule, model, steps, adjoints, checkReplay = false } = options
    this.#options = options
    this.#adjoints = adjoints ?? (schedule.manifest.adjoints === 0 ? 0 : 1)
    const work = new Workspace(options, limits)
    const { state, course, watch } = work
    const guard = new ModelGuard(options.signal, options.graceMs ?? GRACE)
    const clock = new RunClock()
    this.#work = work
    this.#guard = guard
    this.#watch = watch
    this.#clock = clock
    this.#terminal = new TerminalAdjoints(options, work.codecs, guard, work.seen)
    if (journal !== undefined) this.#keeper = new JournalKeeper(journal)
    if (checkReplay !== false)
      this.#replay = new ReplayCheck(work.codecs.state, checkReplay === true ? { share: 0.02 } : checkReplay)
    const findsEnd = schedule.manifest.online && steps === undefined
    const newStates = new NewStates({ model, state, course, guard, findsEnd, maxSteps: options.maxSteps })
    const interludes = new Interludes({
      options,
      adjoints: this.#adjoints,
      work,
      newStates,
      clock,
      keeper: this.#keeper,
    })
    this.#newStates = newStates
    this.#interludes = interludes
    this.#forwardStepper = new ForwardStepper({
      model,
      state,
      guard,
      watch,
      newStates,
      arrived: (n, count) => this.#arrived(n, count),
    })
    this.#adjointStepper = new AdjointStepper({
      model,
      work,
      guard,
      terminal: this.#terminal,
      arrived: () => {
        clock.done.adjointSteps += 1
        return interludes.stepped(1)
      },
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
      if (found === undefined) await this.#newStates.begin()
      await this.#carryOutAll()
      course.finish(this.#adjoints)
      const event = this.#replay?.event
      if (event !== undefined) this.#options.onEvent?.(event)
    } catch (thrown) {
      const error = this.#guard.explain(thrown)
      // An abort loses nothing that was done; whatever else ends a run, its last durable point stands.
      if (signal?.aborted && error === signal.reason)
        await this.#interludes.commitLast().catch(() => undefined)
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

  async #carryOutAll(): Promise<void> {
    const { course, checkpoints } = this.#work
    const { signal } = this.#options
    for (let action = course.next(); action !== undefined; action = course.next()) {
      const rest = this.#carryOut(action)
      if (rest !== undefined) await rest
      course.done()
      signal?.throwIfAborted()
      if (checkpoints.mayReadAhead && course.future !== undefined) checkpoints.readAhead(course.future)
    }
  }

  #carryOut(action: Action): Rest {
    switch (action.type) {
      case 'Forward':
        return this.#forward(action)
      case 'Reverse':
        return this.#reverse(action)
      case 'Copy':
      case 'Move':
        return this.#load(action)
      case 'Discard':
        this.#clock.turnTo(this.#clock.storage)
        return this.#work.checkpoints.discard(action)
      case 'EndForward':
        return this.#endForward()
      case 'EndReverse':
        return this.#endReverse()
    }
  }

  #forward(action: Forward): Rest {
    const cleared = this.#work.taped.clear()
    if (isPromise(cleared)) return cleared.then(this.#storeAndStep.bind(this, action))
    return this.#storeAndStep(action)
  }

  #storeAndStep(action: Forward): Rest {
    const { writeIcs, storage } = action
    if (!writeIcs || !isCheckpointStorage(storage)) return this.#steps(action)
    const stored = this.#store(action, storage)
    return stored === undefined ? this.#steps(action) : stored.then(this.#steps.bind(this, action))
  }

  /** The steps of a Forward, from where the state stands. */
  #steps(action: Forward): Rest {
    const { n1, writeAdjDeps, storage } = action
    const { taped, kept } = this.#work
    this.#clock.turnTo(writeAdjDeps ? this.#clock.tape : this.#clock.forward)
    if (!writeAdjDeps) return this.#forwardStepper.advance(n1)
    if (isCheckpointStorage(storage))
      return this.#forwardStepper.advance(n1, (_, tape) => this.#storeTape(action, storage, tape))
    const tapes = storage === 'WORKING_MEMORY' ? kept : taped
    return this.#forwardStepper.advance(n1, (n, tape) => keepTape(tapes, n, tape))
  }

  /** Stores a copy of the state, which stands at the start of the action. */
  #store(action: Forward, storage: string): Rest {
    const { state, checkpoints, codecs, course } = this.#work
    const n = action.n0
    this.#clock.turnTo(this.#clock.storage)
    const planned = course.plannedBytes(action)
    if (state.bytes > planned) throw largerThanPlanned('state', n, storage, state.bytes, planned)
    let copy: Awaitable<State>
    try {
      checkFields(codecs.state, state.value)
      copy = this.#work.copyOfState()
    } catch (error) {
      throw refused(`the state at step ${n}`, error)
    }
    if (isPromise(copy)) return copy.then((value) => checkpoints.put(storage, n, 'restart', value))
    return checkpoints.put(storage, n, 'restart', copy)
  }

  #storeTape(action: Forward, storage: string, tape: Tape): Awaitable<void> {
    const { checkpoints, codecs, course } = this.#work
    const n = action.n0
    const planned = course.plannedBytes(action)
    if (planned < Infinity) {
      const bytes = measuredTape(codecs.tape, tape, n)
      // No one owns the tape yet.
      if (bytes > planned)
        return after(codecs.tape.dispose?.(tape), () => {
          throw largerThanPlanned('tape', n, storage, bytes, planned)
        })
    }
    // A store that is not memory has bytes of its own.
    if (!checkpoints.isInMemory(storage)) this.#watch.released()
    this.#clock.turnTo(this.#clock.storage)
    return after(checkpoints.put(storage, n, 'dependency', tape), () => this.#clock.turnTo(this.#clock.tape))
  }

  #reverse(action: Reverse): Rest {
    const { state, course } = this.#work
    // A state that stands at or beyond N - r is of no more use: no Forward may start there.
    const isUseless = course.n === undefined || course.n >= course.end - course.r
    const dropped = isUseless ? state.drop() : undefined
    if (isPromise(dropped)) return dropped.then(this.#adjointSteps.bind(this, action))
    return this.#adjointSteps(action)
  }

  #adjointSteps({ n0, clearAdjDeps }: Reverse): Rest {
    this.#clock.turnTo(this.#clock.adjoint)
    const rest = this.#adjointStepper.reverse(n0)
    if (!clearAdjDeps) return rest
    if (isPromise(rest)) return rest.then(this.#clearTapes.bind(this))
    return this.#clearTapes() as Rest
  }

  #clearTapes(): Awaitable<void> {
    this.#watch.released()
    return this.#work.taped.clear()
  }

  async #endForward(): Promise<void> {
    const { state, final, codecs } = this.#work
    await moved(state, final, codecs.state)
    this.#interludes.report()
  }

  async #endReverse(): Promise<void> {
    const { adjoint, codecs } = this.#work
    if (!adjoint.held) await this.#adjointStepper.begin() // there were no steps to reverse
    await moved(adjoint, this.#work.newResult(), codecs.adjoint)
    this.#interludes.report()
  }

  #load(action: Load): Rest {
    const { state } = this.#work
    this.#clock.turnTo(this.#clock.storage)
    // The state goes first: what is loaded takes its place in memory.
    const dropped = state.drop()
    return isPromise(dropped) ? dropped.then(this.#fetch.bind(this, action)) : this.#fetch(action)
  }

  #fetch(action: Load): Rest {
    const loading = this.#work.checkpoints.load(action)
    return (
      isPromise(loading) ? loading.then(this.#loaded.bind(this, action)) : this.#loaded(action, loading)
    ) as Rest
  }

  #loaded({ n, to }: Load, { value, bytes }: Loaded): Awaitable<void> {
    const { state, taped } = this.#work
    if (to !== 'FWD_RESTART') {
      taped.put(n, value as Tape, bytes)
      return undefined
    }
    state.put(value as State, n, bytes)
    return this.#replay?.at(n, state.value, bytes, true)
  }

  /** Goes to where the journal's last durable point is, and ends the action that was under way there. */
  async #resume(found: FoundPoint): Promise<void> {
    const { initialState, model, signal, onEvent } = this.#options
    const { course } = this.#work
    this.#interludes.isResuming = true
    const { partial, message, done, seen } = await resume(
      this.#work,
      this.#forwardStepper,
      this.#newStates,
      found,
      initialState,
      signal,
    )
    this.#interludes.isResuming = false
    const unseen = notObserved(model, this.#work, seen)
    Object.assign(this.#clock.done, done)
    onEvent?.({ type: 'resumed', message })
    if (model.fingerprint === undefined) onEvent?.(unnamedModel())
    if (unseen !== undefined) onEvent?.(unseen)
    if (partial === undefined) return
    if (partial.type === 'Reverse') course.judge(partial)
    // A Forward was begun: its checkpoint is there.
    await (partial.type === 'Forward' ? this.#steps(partial) : this.#carryOut(partial))
    course.done()
    signal?.throwIfAborted()
  }

  #arrived(n: number, count: number): Rest {
    this.#clock.done.forwardSteps += count
    if (this.#replay === undefined) return this.#interludes.stepped(count)
    const { state } = this.#work
    return after(this.#replay.at(n, state.value, state.bytes), () => this.#interludes.stepped(count))
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

function measuredTape<Tape>(codec: Codec<Tape>, tape: Tape, n: number): number {
  return named(`the tape of step ${n}`, () => measured(codec, tape))
}
