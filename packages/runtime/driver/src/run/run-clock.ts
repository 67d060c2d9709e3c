/** What a run has done so far, what is still to do, and where its time went: one reading of the clock whenever it turns to other work. */
import type { Schedule } from '@checkpoint-schedules/core'
import { type Progress, progressOf } from './progress.js'
import { Turns } from './turns.js'
import { WorkTotal } from './work-total.js'

/** The clock is read at least once in this many steps, so that steps that become slow are noticed. */
const MOST_UNREAD = 8
/** If the steps between two readings take less than this, in milliseconds, twice as many are taken before the next one. */
const BRIEF = 0.5

/** Something that the run does. */
class Occupation {
  /** Milliseconds that it has taken. */
  time = 0
  /** After how many steps the clock is read: steps of one kind take about the same time. */
  stride = 1
}

export class RunClock {
  /** Steps taken, also by an earlier process that this run continues. */
  readonly done = { forwardSteps: 0, adjointSteps: 0 }
  readonly forward = new Occupation()
  readonly tape = new Occupation()
  readonly adjoint = new Occupation()
  readonly storage = new Occupation()
  /** Others have the event loop, or the journal has the run. */
  readonly #away = new Occupation()
  readonly #turns = new Turns()
  readonly #started = performance.now()
  #occupation = this.#away
  // The last reading, whether the event loop should have been served by then, and the steps since.
  #read = this.#started
  #isLate = false
  #unread = 0
  #total: WorkTotal | undefined

  get elapsed(): number {
    return performance.now() - this.#started
  }

  /** From now on the run does something else. */
  turnTo(occupation: Occupation): void {
    if (occupation === this.#occupation) return
    this.#charge()
    this.#occupation = occupation
    this.#unread = 0
  }

  /** Called after each step: whether it is time to hand over the event loop. */
  get isDue(): boolean {
    this.#unread += 1
    if (this.#unread >= this.#occupation.stride) this.#adjustStride()
    return this.#isLate
  }

  /** Hands over the event loop once. */
  async handOver(): Promise<void> {
    await this.away(() => this.#turns.take())
    this.#isLate = false
  }

  /** Runs `work` without charging its time to the run. */
  async away(work: () => Promise<void>): Promise<void> {
    const before = this.#occupation
    this.turnTo(this.#away)
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
    this.#charge()
    const { forward, tape, adjoint, elapsed } = this
    const time = { forward: forward.time + tape.time, adjoint: adjoint.time, elapsed }
    return progressOf(phase, this.done, this.#total?.next(), time)
  }

  /** The run is over: charges what is left. */
  stop(): void {
    this.turnTo(this.#away)
  }

  /** Reads the clock after some steps: if they took little time, there are more of them before the next reading. */
  #adjustStride(): void {
    const before = this.#read
    this.#charge()
    const isBrief = this.#read - before < BRIEF
    this.#occupation.stride = isBrief ? Math.min(2 * this.#unread, MOST_UNREAD) : 1
    this.#unread = 0
  }

  #charge(): void {
    const now = performance.now()
    this.#occupation.time += now - this.#read
    this.#read = now
    this.#isLate = this.#turns.isDueAt(now)
  }
}
