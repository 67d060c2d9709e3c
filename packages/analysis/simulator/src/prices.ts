/** What actions cost: the cost model that schedules are planned with, and what real runs pay besides, which planning does not depend on. */
import { type CostModelInput, defaultCosts, type PredictionCosts } from '@checkpoint-schedules/core'

/** Costs to simulate under, in any one unit of time. What is left out has its default. */
export interface SimulationCosts extends CostModelInput {
  /** One forward step that also makes a tape; by default as `forwardStep`. Each step is taped once, whatever the schedule. */
  readonly tapedStep?: number
  /**
   * Copying a state in memory, by default 0. The run itself makes a copy whenever it stores restart data, in addition to `write`, and
   * whenever a Copy reads from memory, in addition to `read`.
   */
  readonly copy?: number
  /** Storing a checkpoint of dependency data, by storage; by default as `write`. */
  readonly writeTape?: Readonly<Record<string, number>>
  /** Copying or moving dependency data back, by storage; by default as `read`. */
  readonly readTape?: Readonly<Record<string, number>>
}

/** The same, complete. */
export interface Prices extends Required<PredictionCosts> {
  readonly copy: number
}

export function pricesOf(costs: SimulationCosts = {}): Prices {
  const write = { ...defaultCosts.write, ...costs.write }
  const read = { ...defaultCosts.read, ...costs.read }
  const { forwardStep = defaultCosts.forwardStep, adjointStep = defaultCosts.adjointStep } = costs
  return {
    forwardStep,
    adjointStep,
    write,
    read,
    tapedStep: costs.tapedStep ?? forwardStep,
    copy: costs.copy ?? 0,
    writeTape: { ...write, ...costs.writeTape },
    readTape: { ...read, ...costs.readTape },
  }
}
