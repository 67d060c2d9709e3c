/** The options that these families share, and what a schedule of theirs takes. */
import { costs, integer, type Optimum, type PredictionCosts, stepsTime } from '@checkpoint-schedules/core'

export const steps = integer({ min: 1, help: 'time steps of the forward' })

export const snapshotsInRam = integer({
  min: 1,
  unit: 'checkpoints',
  short: 'ram',
  help: 'checkpoints in memory',
})

export const diskCosts = costs({
  storages: ['DISK'],
  help: 'what steps and disk transfers cost, in any one unit of time',
})

/** Forward steps, adjoint steps and transfers one after another. */
export function optimumOf(
  steps: number,
  forwardSteps: number,
  costs: PredictionCosts,
  transfers: number,
): Optimum {
  return { forwardSteps, makespan: stepsTime(costs, steps, forwardSteps) + transfers }
}

/** The time of this many writes to a disk and reads from it. */
export function diskTime(costs: PredictionCosts, writes: number, reads: number): number {
  return writes * (costs.write['DISK'] ?? 0) + reads * (costs.read['DISK'] ?? 0)
}
