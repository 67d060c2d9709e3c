/** What comes between two steps whenever it is time: the event loop is served, progress reported, an abort heeded, a durable point made. */
import { type JournalKeeper, pointOf } from '../journal/index.js'
import type { Rest } from './rest.js'
import type { NewStates } from './new-states.js'
import type { RunClock } from './run-clock.js'
import type { RunAdjointOptions } from './run-options.js'
import type { Workspace } from './workspace.js'

/** What is needed of the run around it. */
export interface InterludeSettings<State, Tape, Adjoint> {
  readonly options: RunAdjointOptions<State, Tape, Adjoint>
  readonly adjoints: number
  readonly work: Workspace<State, Tape, Adjoint>
  readonly newStates: NewStates<State, Tape, Adjoint>
  readonly clock: RunClock
  readonly keeper: JournalKeeper | undefined
}

export class Interludes<State, Tape, Adjoint> {
  readonly #settings: InterludeSettings<State, Tape, Adjoint>
  readonly #keeper: JournalKeeper | undefined
  readonly #clock: RunClock
  /** While a run is resumed the journal's last point stands. */
  isResuming = false

  constructor(settings: InterludeSettings<State, Tape, Adjoint>) {
    this.#settings = settings
    this.#keeper = settings.keeper
    this.#clock = settings.clock
  }

  /** Called when `count` more steps were taken; what it returns must be awaited before the next one. */
  stepped(count: number): Rest {
    const isPointDue = this.#keeper !== undefined && !this.isResuming && this.#keeper.stepped(count)
    return this.#clock.isDue || isPointDue ? this.#pause(isPointDue) : undefined
  }

  /**
   * Makes a durable point of where an abort has ended the run. Transfers may be under way: the journal waits for its own, and what its
   * store does not have is computed again.
   */
  async commitLast(): Promise<void> {
    const { work, newStates } = this.#settings
    if (this.#keeper === undefined || this.isResuming) return
    await newStates.settle()
    const point = pointOf(work)
    if (point !== undefined) await this.#keeper.commit(point)
  }

  report(): void {
    const { options, work, adjoints } = this.#settings
    if (options.onProgress === undefined) return
    const steps = work.course.steps ?? options.steps
    const phase = work.final.held ? 'reverse' : 'forward'
    options.onProgress(this.#clock.progress(phase, options.schedule, steps, adjoints))
  }

  async #pause(isPointDue: boolean): Promise<void> {
    await this.#clock.handOver()
    this.report()
    this.#settings.options.signal?.throwIfAborted()
    if (isPointDue) await this.#clock.away(() => this.#commit())
  }

  /** Makes a durable point of where the run is, if it can be resumed from there. */
  async #commit(): Promise<void> {
    const { work, newStates } = this.#settings
    if (this.#keeper === undefined || this.isResuming || !newStates.isSettled) return
    const point = pointOf(work)
    if (point === undefined) return
    await work.checkpoints.settled()
    await this.#keeper.commit(point)
  }
}
