/** What a run has done so far, what is still to do, and where its time went: one reading of the clock whenever it turns to other work. */
import type { Schedule } from '@checkpoint-schedules/core'
import { type Progress, progressOf } from './progress.js'
import { Turns } from './turns.js'
import { WorkTotal } from './work-total.js'

/** What the run is doing; `away`: others have the event loop, or the journal has the run. */
export type Occupation = 'forward' | 'tape' | 'adjoint' | 'storage' | 'away'

/** The clock is read at least once in this many steps, so that steps that become slow are noticed. */
const MOST_UNREAD = 8
/** If the steps between two readings take less than this, in milliseconds, twice as many are taken before the next one. */
const BRIEF = 0.5

export class RunClock {
  /** Steps taken, also by an earlier process that this run continues. */
  readonly done = { forwardSteps: 0, adjointSteps: 0 }
  /** Milliseconds by occupation. */
  readonly time = { forward: 0, tape: 0, adjoint: 0, storage: 0, away: 0 }
  readonly #turns = new Turns()
  readonly #started = performance.now()
  #occupation: Occupation = 'away'
  #since = this.#started
  // The last reading, the steps since, and after how many the next one is made.
  #read = this.#started
  #unread = 0
  #stride = 1
  #total: WorkTotal | undefined

  get elapsed(): number {
    return performance.now() - this.#started
  }

  /** From now on the run does something else. */
  turnTo(occupation: Occupation): void {
    if (occupation === this.#occupation) return
    this.#charge(performance.now())
    this.#occupation = occupation
    this.#unread = 0
    this.#stride = 1
  }

  /** Called after each step: whether it is time to hand over the event loop. */
  get isDue(): boolean {
    this.#unread += 1
    if (this.#unread < this.#stride) return false
    const now = performance.now()
    this.#stride = now - this.#read < BRIEF ? Math.min(2 * this.#stride, MOST_UNREAD) : 1
    this.#read = now
    this.#unread = 0
    return this.#turns.isDueAt(now)
  }

  /** Hands over the event loop once. */
  handOver(): Promise<void> {
    return this.away(() => this.#turns.take())
  }

  /** Runs `work` without charging its time to the run. */
  async away(work: () => Promise<void>): Promise<void> {
    const before = this.#occupation
    this.turnTo('away')
    await work()
    this.turnTo(before)
  }

  /** How far the run is. */
  progress(
    phase: Progress['phase'],
    schedule: Schedule,
    steps: number | undefined,
    adjoints: number,
  ): Progress {
    if (steps !== undefined) this.#total ??= new WorkTotal(schedule, steps, adjoints)
    this.#charge(performance.now())
    const { forward, tape, adjoint } = this.time
    const time = { forward: forward + tape, adjoint, elapsed: this.elapsed }
    return progressOf(phase, this.done, this.#total?.next(), time)
  }

  /** The run is over: charges what is left. */
  stop(): void {
    this.turnTo('away')
  }

  #charge(now: number): void {
    this.time[this.#occupation] += now - this.#since
    this.#since = this.#read = now
  }
}
