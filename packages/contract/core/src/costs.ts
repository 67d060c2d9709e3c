/** The cost model that schedules are planned with and simulated under, in any one unit of time. */

/** What steps and transfers cost. A storage that is not named costs nothing. */
export interface CostModel {
  /** One forward step, taped or not. */
  readonly forwardStep: number
  /** One adjoint step. */
  readonly adjointStep: number
  /** Storing one checkpoint, by storage. */
  readonly write: Readonly<Record<string, number>>
  /** Copying or moving one checkpoint back, by storage. */
  readonly read: Readonly<Record<string, number>>
}

/** A cost model that is known to price these storages. */
export interface CostModelFor<Priced extends string> extends CostModel {
  readonly write: Readonly<Record<string, number> & Record<Priced, number>>
  readonly read: Readonly<Record<string, number> & Record<Priced, number>>
}

/** A cost model, any part of which may be left out. */
export interface CostModelInput {
  readonly forwardStep?: number
  readonly adjointStep?: number
  readonly write?: Readonly<Record<string, number>>
  readonly read?: Readonly<Record<string, number>>
}

/**
 * Costs to predict under: real runs pay for more than schedules are planned for. What is left out is as for the planned costs; a storage
 * that is not named costs nothing.
 */
export interface PredictionCosts extends CostModel {
  /** One forward step that also makes a tape; by default as `forwardStep`. */
  readonly tapedStep?: number
  /** Storing one checkpoint of dependency data, by storage; by default as `write`. */
  readonly writeTape?: Readonly<Record<string, number>>
  /** Copying or moving dependency data back, by storage; by default as `read`. */
  readonly readTape?: Readonly<Record<string, number>>
}

/**
 * One unit for each step, two for each transfer to or from disk, memory free: the field's usual example.
 *
 * @example
 * ```ts
 * import { defaultCosts } from '@checkpoint-schedules/core'
 *
 * defaultCosts.write['DISK'] // 2
 * ```
 */
export const defaultCosts: CostModelFor<'RAM' | 'DISK'> = Object.freeze({
  forwardStep: 1,
  adjointStep: 1,
  write: Object.freeze({ RAM: 0, DISK: 2 }),
  read: Object.freeze({ RAM: 0, DISK: 2 }),
})

/**
 * The time of all steps, each of which is taped once and reversed once.
 *
 * @param forwardSteps - In all, recomputed and taped ones included.
 * @example
 * ```ts
 * import { defaultCosts, stepsTime } from '@checkpoint-schedules/core'
 *
 * stepsTime(defaultCosts, 10, 25) // 35
 * ```
 */
export function stepsTime(costs: PredictionCosts, steps: number, forwardSteps: number): number {
  const { forwardStep, adjointStep, tapedStep = forwardStep } = costs
  // A difference: where both prices are the same, nothing is added, and the rest is exact.
  return forwardSteps * forwardStep + steps * (tapedStep - forwardStep) + steps * adjointStep
}

/**
 * What transfers to and from a storage cost.
 *
 * @example
 * ```ts
 * import { defaultCosts, transferPrices } from '@checkpoint-schedules/core'
 *
 * transferPrices(defaultCosts, 'DISK') // { write: 2, read: 2, writeTape: 2, readTape: 2 }
 * ```
 */
export function transferPrices(
  costs: PredictionCosts,
  storage: string,
): { write: number; read: number; writeTape: number; readTape: number } {
  const [write, read] = [costs.write[storage] ?? 0, costs.read[storage] ?? 0]
  return {
    write,
    read,
    writeTape: costs.writeTape?.[storage] ?? write,
    readTape: costs.readTape?.[storage] ?? read,
  }
}
