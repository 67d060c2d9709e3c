/** The result of a run, and the JSON object that `--json` prints. Its fields are documented in the README. */
import type { Schedule } from '@checkpoint-schedules/core'
import type { RunStatistics } from '@checkpoint-schedules/driver'
import type { TaylorResult } from '@checkpoint-schedules/gradient-checks'
import type { MemoryBudget } from './memory-budget.js'
import { gradientNorm, gradientSha256 } from './gradient.js'

export interface RunResult {
  readonly model: string
  readonly scheduleName: string
  readonly schedule: Schedule
  readonly statistics: RunStatistics
  readonly objective: number
  readonly gradient: unknown
  readonly taylor: TaylorResult | undefined
  /** The memory limit, if it was given as a size. */
  readonly memory: MemoryBudget | undefined
  readonly image: string | undefined
  /** Where the gradient's arrays were written. */
  readonly gradientDirectory: string | undefined
  /** Where the checkpoints on disk were. */
  readonly directory: string | undefined
}

/** The theoretical minimum of forward steps for the schedule, if it is known. */
export function optimumOf({ schedule, statistics }: RunResult): number | undefined {
  return schedule.optimum(statistics.steps)?.forwardSteps
}

/** The bytes that storing the tape of every step would take. */
export function storeAllBytes({ steps, tapeBytes }: RunStatistics): number {
  return steps * tapeBytes
}

/** Plain JSON: a number that is not finite becomes null. */
export function toJson(result: RunResult): object {
  const { model, scheduleName, schedule, statistics, objective, gradient, taylor, image, directory } = result
  const { storages } = statistics
  const each = <T>(pick: (storage: (typeof storages)[string]) => T) =>
    Object.fromEntries(Object.entries(storages).map(([name, storage]) => [name, pick(storage)]))
  return {
    model,
    schedule: scheduleName,
    scheduleOptions: schedule.manifest.options,
    steps: statistics.steps,
    forwardSteps: statistics.forwardSteps,
    adjointSteps: statistics.adjointSteps,
    optimum: optimumOf(result) ?? null,
    recomputeFactor: statistics.recomputeFactor,
    objective,
    gradientNorm: gradientNorm(gradient),
    gradientSha256: gradientSha256(gradient),
    peakCheckpoints: each(({ peakCheckpoints }) => peakCheckpoints),
    peakBytes: each(({ peakBytes }) => peakBytes),
    writes: each(({ writes }) => writes),
    reads: each(({ reads }) => reads),
    servedBy: each(({ medium }) => medium),
    checkpointDirectory: directory ?? null,
    journal: statistics.journal ?? null,
    peakLiveBytes: statistics.peakLiveBytes,
    memoryBudgetBytes: result.memory?.bytes ?? null,
    stateBytes: statistics.stateBytes,
    tapeBytes: statistics.tapeBytes,
    storeAllBytes: storeAllBytes(statistics),
    timeMs: statistics.timeMs,
    taylor:
      taylor === undefined
        ? null
        : {
            ...taylor,
            rate: taylor.rate ?? null,
            trend: taylor.trend ?? null,
            rows: taylor.rows.map((row) => ({ ...row, rate: row.rate ?? null })),
          },
    image: image ?? null,
    gradientDirectory: result.gradientDirectory ?? null,
  }
}
