/** One run: carries out each action on the model, with the abstract machine beside it as a judge. */
import {
  type Action,
  isCheckpointStorage,
  type Limits,
  type Run,
  type Schedule,
} from '@checkpoint-schedules/core'
import { Machine, simulate, throwViolation } from '@checkpoint-schedules/simulator'
import { Checkpoints } from './checkpoints.js'
import type { Codec } from './codec.js'
import { ForwardStepper } from './forward-stepper.js'
import { type Awaitable, isPromise } from './awaitable.js'
import { Lookahead } from './lookahead.js'
import { ModelGuard } from './model-guard.js'
import { named } from './named.js'
import { progressOf } from './progress.js'
import { ReplayCheck } from './replay-check.js'
import type { AdjointResult, RunAdjointOptions } from './run-options.js'
import { Meter, type RunStatistics, type StorageStatistics } from './statistics.js'
import type { Store } from './store.js'
import { treeCodec } from './tree-codec.js'
import { Turns } from './turns.js'
import { Owner, Tapes } from './working-storage.js'

type Forward = Extract<Action, { type: 'Forward' }>
type Load = Extract<Action, { type: 'Copy' | 'Move' }>

export class AdjointRun<State, Tape, Adjoint> {
  readonly #options: RunAdjointOptions<State, Tape, Adjoint>
  readonly #stateCodec: Codec<State>
  readonly #adjointCodec: Codec<Adjoint>
  readonly #run: Run
  readonly #machine: Machine
  readonly #checkpoints: Checkpoints
  readonly #stepper: ForwardStepper<State, Tape, Adjoint>
  readonly #replay: ReplayCheck<State> | undefined
  readonly #guard = new ModelGuard()
  readonly #turns = new Turns()
  readonly #started = performance.now()
  // Milliseconds; `away`: while others had the event loop.
  readonly #time = { forward: 0, tape: 0, adjoint: 0, away: 0 }
  // What is being timed, since when.
  #clock: { readonly kind: 'forward' | 'tape' | 'adjoint'; readonly from: number } | undefined
  readonly #done = { forwardSteps: 0, adjointSteps: 0 }
  readonly #adjoints: number
  #total: { forwardSteps: number; adjointSteps: number } | undefined

  // What is alive beside the checkpoints.
  readonly #live = new Meter()
  readonly #tapeCount = new Meter()
  readonly #tapeBytes = new Meter()
  readonly #state: Owner<State>
  readonly #final: Owner<State>
  readonly #adjoint: Owner<Adjoint>
  readonly #results: Owner<Adjoint>[] = []
  readonly #taped: Tapes<Tape> // in ADJ_DEPS
  readonly #kept: Tapes<Tape> // in WORKING_MEMORY

  constructor(options: RunAdjointOptions<State, Tape, Adjoint>, limits: Limits) {
    const { schedule, model, steps, adjoints } = options
    this.#options = options
    this.#adjoints = adjoints ?? (schedule.manifest.adjoints === 0 ? 0 : 1)
    const tapeCodec = model.codecs?.tape ?? (treeCodec as Codec<Tape>)
    this.#stateCodec = model.codecs?.state ?? (treeCodec as Codec<State>)
    this.#adjointCodec = model.codecs?.adjoint ?? (treeCodec as Codec<Adjoint>)
    this.#state = new Owner(this.#stateCodec, this.#live)
    this.#final = new Owner(this.#stateCodec, this.#live)
    this.#adjoint = new Owner(this.#adjointCodec, this.#live)
    this.#taped = new Tapes(tapeCodec, this.#tapeCount, this.#tapeBytes, this.#live)
    this.#kept = new Tapes(tapeCodec, this.#tapeCount, this.#tapeBytes, this.#live)
    this.#checkpoints = new Checkpoints({
      codecs: { restart: this.#stateCodec, dependency: tapeCodec },
      live: this.#live,
      buffers: options.buffers ?? 2,
      signal: options.signal,
    })
    const { checkReplay = false } = options
    if (checkReplay !== false)
      this.#replay = new ReplayCheck(this.#stateCodec, checkReplay === true ? { share: 0.02 } : checkReplay)
    this.#run = schedule.start({ steps, adjoints })
    this.#machine = new Machine({
      steps: this.#run.steps,
      online: schedule.manifest.online,
      permitted: schedule.manifest.adjoints,
      limits,
      limitsAreComplete: true,
      onViolation: throwViolation,
    })
    this.#stepper = new ForwardStepper({
      model,
      state: this.#state,
      run: this.#run,
      guard: this.#guard,
      findsEnd: schedule.manifest.online && steps === undefined,
      arrived: (n, count) => this.#arrived(n, count),
      onDone: (n) => {
        this.#run.finalize(n)
        this.#machine.finalize(n)
      },
    })
  }

  /** Opens the stores and carries out every action. */
  async perform(stores: ReadonlyMap<string, Store>, limits: Limits): Promise<void> {
    try {
      await this.#checkpoints.open(stores, limits)
      const { initialState } = this.#options
      this.#state.put(await named('initialState', () => this.#stateCodec.clone(initialState)))
      await this.#replay?.at(0, this.#state.value, this.#state.bytes)
      const actions = new Lookahead(this.#run)
      for (let action = actions.next(); action !== undefined; action = actions.next()) {
        await this.#carryOut(action)
        // The run of an online schedule must not be asked for more before it has found its end.
        if (this.#run.steps !== undefined) this.#checkpoints.readAhead(actions)
      }
      this.#machine.finish(this.#adjoints)
    } catch (error) {
      throw this.#guard.explain(error)
    }
  }

  /** Releases all that is alive, the results only if asked. Goes on to the end, then throws the first error met. */
  async release({ results }: { results: boolean }): Promise<void> {
    const owners = [this.#state, this.#adjoint, ...(results ? [this.#final, ...this.#results] : [])]
    const releases = [
      ...owners.map((owner) => () => owner.drop()),
      () => this.#taped.clear(),
      () => this.#kept.clear(),
      () => this.#checkpoints.close(),
    ]
    const errors: unknown[] = []
    for (const release of releases) {
      try {
        await release()
      } catch (error) {
        errors.push(error)
      }
    }
    if (errors.length > 0) throw errors[0]
  }

  /** Hands the results over. */
  result(): AdjointResult<State, Adjoint> {
    const bytes = this.#results.reduce((sum, owner) => sum + owner.bytes, this.#final.bytes)
    if (this.#live.live !== bytes)
      throw new Error(`runAdjoint: ${this.#live.live - bytes} bytes were not released; this is a bug.`)
    const statistics = this.#statistics()
    return {
      finalState: this.#final.take(),
      adjoints: this.#results.map((owner) => owner.take()),
      statistics,
    }
  }

  async #carryOut(action: Action): Promise<void> {
    this.#machine.apply(action)
    // An online run that knows its end was finalised when this Forward was handed out.
    if (this.#machine.steps === undefined && this.#run.steps !== undefined)
      this.#machine.finalize(this.#run.steps)
    switch (action.type) {
      case 'Forward':
        await this.#forward(action)
        break
      case 'Reverse':
        await this.#reverse(action.n1, action.n0, action.clearAdjDeps)
        break
      case 'Copy':
      case 'Move':
        await this.#load(action)
        break
      case 'EndForward': {
        const bytes = this.#state.bytes
        this.#final.put(this.#state.take(), bytes)
        this.#report()
        break
      }
      case 'EndReverse': {
        const bytes = this.#adjoint.bytes
        const result = new Owner(this.#adjointCodec, this.#live)
        result.put(this.#adjoint.take(), bytes)
        this.#results.push(result)
        this.#report()
      }
    }
    this.#options.signal?.throwIfAborted()
  }

  async #forward({ n0, n1, writeIcs, writeAdjDeps, storage }: Forward): Promise<void> {
    await this.#taped.clear()
    await this.#stepper.begin()
    const inStore = isCheckpointStorage(storage)
    if (writeIcs && inStore) {
      const copy = await this.#checkpoints.timed(() => {
        return named(`the state at step ${n0}`, () => this.#stateCodec.clone(this.#state.value))
      })
      await this.#checkpoints.put(storage, n0, 'restart', copy)
    }
    const end = Math.min(n1, this.#run.steps ?? n1)
    if (!writeAdjDeps) {
      await this.#timed('forward', () => this.#stepper.advance(n0, end))
      return
    }
    const tapes = storage === 'WORKING_MEMORY' ? this.#kept : this.#taped
    const keep = inStore
      ? (n: number, tape: Tape) => this.#checkpoints.put(storage, n, 'dependency', tape)
      : (n: number, tape: Tape) => named(`the tape of step ${n}`, () => tapes.put(n, tape))
    await this.#timed('tape', () => this.#stepper.tape(n0, end, keep))
  }

  async #reverse(n1: number, n0: number, clear: boolean): Promise<void> {
    // A state that stands at or beyond N - r is of no more use: no Forward may start there.
    const { n, r, steps } = this.#machine
    if (n === undefined || n >= steps! - r) await this.#state.drop()
    if (!this.#adjoint.held) {
      const adjoint = await this.#terminalAdjoint()
      named('terminalAdjoint', () => this.#adjoint.put(adjoint))
    }
    await this.#timed('adjoint', () => this.#adjointSteps(n1, n0))
    if (clear) await this.#taped.clear()
  }

  async #adjointSteps(n1: number, n0: number): Promise<void> {
    const { model } = this.#options
    for (let n = n1 - 1; n >= n0; n--) {
      const tape = (this.#taped.get(n) ?? this.#kept.get(n)) as Tape
      this.#guard.enter('adjoint', n)
      const next = model.adjoint(this.#adjoint.value, tape, n)
      this.#adjoint.value = isPromise(next) ? await next : next
      this.#guard.leave()
      const pause = this.#stepped('adjointSteps', 1)
      if (isPromise(pause)) await pause
    }
  }

  async #terminalAdjoint(): Promise<Adjoint> {
    const { terminalAdjoint } = this.#options
    if (typeof terminalAdjoint !== 'function')
      return named('terminalAdjoint', () => this.#adjointCodec.clone(terminalAdjoint))
    const make = terminalAdjoint as (finalState: State, k: number) => Awaitable<Adjoint>
    this.#guard.enter('terminalAdjoint', this.#machine.steps!)
    const adjoint = await make(this.#final.value, this.#machine.adjoints)
    this.#guard.leave()
    return adjoint
  }

  async #load(action: Load): Promise<void> {
    await this.#state.drop() // first: what is loaded takes its place in memory
    const { value, bytes } = await this.#checkpoints.load(action)
    if (action.to === 'FWD_RESTART') {
      this.#state.put(value as State, bytes)
      await this.#replay?.at(action.n, this.#state.value, bytes, true)
    } else this.#taped.put(action.n, value as Tape, bytes)
  }

  #arrived(n: number, count: number): Awaitable<void> {
    const compared = this.#replay?.at(n, this.#state.value, this.#state.bytes)
    if (isPromise(compared)) return compared.then(() => this.#stepped('forwardSteps', count))
    return this.#stepped('forwardSteps', count)
  }

  #stepped(kind: 'forwardSteps' | 'adjointSteps', count: number): Awaitable<void> {
    this.#done[kind] += count
    return this.#turns.due ? this.#breathe() : undefined
  }

  /** Hands over the event loop; then progress and abort have their turn. */
  async #breathe(): Promise<void> {
    const started = performance.now()
    await this.#turns.take()
    this.#report()
    this.#options.signal?.throwIfAborted()
    this.#time.away += performance.now() - started
  }

  /** Does `work` on the time of `kind`; checkpoints and others' turns in between are on their own. */
  async #timed(kind: 'forward' | 'tape' | 'adjoint', work: () => Promise<void>): Promise<void> {
    this.#clock = { kind, from: this.#ownTime }
    await work()
    this.#time[kind] += this.#ownTime - this.#clock.from
    this.#clock = undefined
  }

  get #ownTime(): number {
    return performance.now() - this.#time.away - this.#checkpoints.timeMs
  }

  #report(): void {
    const { onProgress, schedule } = this.#options
    if (onProgress === undefined) return
    const steps = this.#machine.steps ?? this.#options.steps
    if (steps !== undefined) this.#total ??= totalWork(schedule, steps, this.#adjoints)
    const { forward, tape, adjoint } = this.#time
    const time = { forward: forward + tape, adjoint, elapsed: performance.now() - this.#started }
    if (this.#clock !== undefined) {
      time[this.#clock.kind === 'adjoint' ? 'adjoint' : 'forward'] += this.#ownTime - this.#clock.from
    }
    onProgress(progressOf(this.#final.held ? 'reverse' : 'forward', this.#done, this.#total, time))
  }

  #statistics(): RunStatistics {
    const machine = this.#machine
    const { forward, tape, adjoint } = this.#time
    const perStorage = this.#checkpoints.use.map(
      ({ name, medium, peakBytes }): [string, StorageStatistics] => {
        const { writes = 0, reads = 0, peak = 0 } = machine.storages.get(name) ?? {}
        return [name, { medium, writes, reads, peakCheckpoints: peak, peakBytes }]
      },
    )
    return {
      steps: machine.steps!,
      forwardSteps: machine.forwardSteps,
      adjointSteps: machine.adjointSteps,
      recomputeFactor: machine.forwardSteps / machine.steps!,
      storages: Object.fromEntries(perStorage),
      buffers: { peak: this.#checkpoints.buffers.peak },
      tapes: { peak: this.#tapeCount.peak, peakBytes: this.#tapeBytes.peak },
      stateBytes: Math.max(this.#state.largest, this.#final.largest),
      tapeBytes: this.#tapeBytes.largest,
      adjointBytes: this.#adjoint.largest,
      peakLiveBytes: this.#live.peak,
      ...(this.#replay && { replay: this.#replay.statistics }),
      timeMs: {
        forward,
        tape,
        adjoint,
        storage: this.#checkpoints.timeMs,
        total: performance.now() - this.#started,
      },
    }
  }
}

/** All steps that a run takes: what theory says, else what a simulation counts. */
function totalWork(schedule: Schedule, steps: number, adjoints: number) {
  const once = schedule.optimum(steps)?.forwardSteps ?? simulate(schedule, { steps }).forwardSteps
  // Each further adjoint calculation takes again what the first one took beyond the forward.
  return { forwardSteps: steps + adjoints * (once - steps), adjointSteps: adjoints * steps }
}
