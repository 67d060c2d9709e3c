/** The options that these families share, and what a schedule of theirs takes. */
import { type CostModel, costs, integer, type Optimum } from '@checkpoint-schedules/core'

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
export function optimumOf(steps: number, forwardSteps: number, costs: CostModel, transfers: number): Optimum {
  return {
    forwardSteps,
    makespan: forwardSteps * costs.forwardStep + steps * costs.adjointStep + transfers,
  }
}
