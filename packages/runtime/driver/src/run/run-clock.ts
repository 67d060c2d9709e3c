/** What a run has done so far, what is still to do, and where its time went. */
import type { Schedule } from '@checkpoint-schedules/core'
import { simulate } from '@checkpoint-schedules/simulator'
import { type Progress, progressOf } from './progress.js'
import { Turns } from './turns.js'

/** What is being timed. */
export type Work = 'forward' | 'tape' | 'adjoint'

export class RunClock {
  /** Steps taken, also by an earlier process that this run continues. */
  readonly done = { forwardSteps: 0, adjointSteps: 0 }
  /** Milliseconds of each kind of work; `away`: while others had the event loop, or the journal the run. */
  readonly time = { forward: 0, tape: 0, adjoint: 0, away: 0 }
  readonly #turns = new Turns()
  readonly #started = performance.now()
  readonly #storageTime: () => number
  #clock: { readonly kind: Work; readonly from: number } | undefined
  #total: { forwardSteps: number; adjointSteps: number } | undefined

  /** @param storageTime - Milliseconds that checkpoints took so far, within the work that is timed. */
  constructor(storageTime: () => number) {
    this.#storageTime = storageTime
  }

  get elapsed(): number {
    return performance.now() - this.#started
  }

  /** Whether it is time to hand over the event loop. */
  get isDue(): boolean {
    return this.#turns.due
  }

  /** Hands over the event loop once. */
  handOver(): Promise<void> {
    return this.away(() => this.#turns.take())
  }

  /** Runs `work` without charging its time to any phase. */
  async away(work: () => Promise<void>): Promise<void> {
    const started = performance.now()
    await work()
    this.time.away += performance.now() - started
  }

  /** Charges the time of `work` to `kind`, except for checkpoints and others' turns in between. */
  async timed(kind: Work, work: () => Promise<void>): Promise<void> {
    this.#clock = { kind, from: this.#own }
    await work()
    this.time[kind] += this.#own - this.#clock.from
    this.#clock = undefined
  }

  /** How far the run is. */
  progress(
    phase: Progress['phase'],
    schedule: Schedule,
    steps: number | undefined,
    adjoints: number,
  ): Progress {
    if (steps !== undefined) this.#total ??= totalWork(schedule, steps, adjoints)
    const { forward, tape, adjoint } = this.time
    const time = { forward: forward + tape, adjoint, elapsed: this.elapsed }
    if (this.#clock !== undefined)
      time[this.#clock.kind === 'adjoint' ? 'adjoint' : 'forward'] += this.#own - this.#clock.from
    return progressOf(phase, this.done, this.#total, time)
  }

  get #own(): number {
    return performance.now() - this.time.away - this.#storageTime()
  }
}

/** All steps that a run takes: what theory says, else what a simulation counts. */
function totalWork(schedule: Schedule, steps: number, adjoints: number) {
  const once = schedule.optimum(steps)?.forwardSteps ?? simulate(schedule, { steps }).forwardSteps
  // Each further adjoint calculation takes again what the first one took beyond the forward.
  return { forwardSteps: steps + adjoints * (once - steps), adjointSteps: adjoints * steps }
}
