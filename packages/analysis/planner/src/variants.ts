/** The budgets that families are asked to fill: in checkpoints, with and without a disk, at the costs given and at lower ones. */
import type { Budget } from '@checkpoint-schedules/core'
import type { FullCosts } from './check-costs.js'
import type { Problem } from './problem.js'

/** A budget, and the costs at which members of a family are compared. */
export interface Variant {
  readonly budget: Budget
  readonly costs: FullCosts
}

/**
 * Transfers that overlap with computation cost less than they take, by how much depends on the schedule: so members are also searched for
 * that would be best if transfers took half as long, or no time. The simulation then judges all of them.
 */
const SHARES = [1, 0.5, 0]

export function variantsOf(problem: Problem): Variant[] {
  const { budget, costs, buffers } = problem
  const withDisk = (share: number) => {
    const cheaper = scaled(costs, share)
    return { budget: inCheckpoints(problem, true, cheaper), costs: cheaper }
  }
  const shares = buffers > 0 ? SHARES : [1]
  return [
    { budget: inCheckpoints(problem, false, costs), costs },
    ...(budget.DISK > 0 && budget.RAM >= problem.working(true) ? shares.map(withDisk) : []),
  ]
}

function inCheckpoints(problem: Problem, usesDisk: boolean, costs: FullCosts): Budget {
  const { steps, sizes, budget } = problem
  const memory = Math.max(0, budget.RAM - problem.working(usesDisk))
  const disk = usesDisk ? budget.DISK : 0
  const fit = (bytes: number, size: number) =>
    size === 0 ? steps : Math.min(Math.floor(bytes / size), steps)
  const { forwardStep, adjointStep, write, read } = costs
  return {
    steps,
    ram: fit(memory, sizes.state),
    disk: fit(disk, sizes.state),
    tapesInRam: fit(memory, sizes.tape),
    tapesOnDisk: usesDisk ? fit(disk, sizes.tape) : 0,
    costs: { forwardStep, adjointStep, write: { DISK: write['DISK']! }, read: { DISK: read['DISK']! } },
    inBytes: { ram: memory, ...(usesDisk && { disk }), state: sizes.state, tape: sizes.tape, costs },
  }
}

function scaled(costs: FullCosts, share: number): FullCosts {
  if (share === 1) return costs
  const times = (prices: Readonly<Record<string, number>>) => ({ ...prices, DISK: share * prices['DISK']! })
  const { write, read, writeTape, readTape } = costs
  return {
    ...costs,
    write: times(write),
    read: times(read),
    writeTape: times(writeTape),
    readTape: times(readTape),
  }
}
