/** Every schedule within a budget and what it takes, as the planner has it. */
import { type AnyScheduleFactory, toKebabCase } from '@checkpoint-schedules/core'
import { type PlanOptions, planSchedule } from '@checkpoint-schedules/planner'

/** What a schedule takes: counts, and times in the unit of the costs. */
export interface Candidate {
  readonly name: string
  readonly options: object
  readonly forwardSteps: number
  readonly recomputeFactor: number
  /** Most checkpoints held at once, in memory and on disk. */
  readonly ram: number
  readonly disk: number
  /** What they and, if sizes are known, working storage occupy: in bytes, otherwise in checkpoints. */
  readonly memory: number
  readonly space: number
  /** `null` where the run is too long to be simulated. */
  readonly writes: number | null
  readonly reads: number | null
  /** Wall time: transfers overlap with computation, unless the run is too long to be simulated. */
  readonly time: number
  /** Steps and transfers one after another. */
  readonly serial: number
}

/** A schedule that is left out, and why. */
export interface Rejected {
  readonly name: string
  readonly why: string
}

export interface Comparison {
  readonly candidates: readonly Candidate[]
  readonly rejected: readonly Rejected[]
  readonly assumptions: readonly string[]
}

/** The candidates, fastest first. */
export async function compared(
  factories: Iterable<readonly [string, AnyScheduleFactory]>,
  problem: Omit<PlanOptions, 'families'>,
): Promise<Comparison> {
  const families = Object.fromEntries(factories)
  const { candidates, leftOut, assumptions } = await planSchedule({ ...problem, families })
  return {
    candidates: candidates.map((it) => ({
      name: it.family,
      options: it.options,
      forwardSteps: it.forwardSteps,
      recomputeFactor: it.recomputeFactor,
      ram: it.checkpoints.RAM,
      disk: it.checkpoints.DISK,
      memory: it.peakBytes.RAM,
      space: it.peakBytes.DISK,
      writes: it.writes ?? null,
      reads: it.reads ?? null,
      time: it.wallTime,
      serial: it.serial,
    })),
    rejected: leftOut.map(({ family, reason }) => ({ name: toKebabCase(family), why: reason })),
    assumptions,
  }
}
