/** The plan of a schedule, with what its run takes. */
import { checkOptions, type OptionInput, optionError, type Pieces } from '@checkpoint-schedules/core'
import { type Chain, chainOf } from './chain.js'
import type { Decisions } from './decisions.js'
import { EqualSteps } from './equal-steps.js'
import { isPlainlyFeasible, leastRam } from './least-ram.js'
import { type HeterogeneousOptions, options as descriptors } from './options.js'
import { plannable, tooLarge } from './plan-size.js'
import { reverseChain } from './reverse.js'
import { type Tally, tallyOf } from './tally.js'
import { UnequalSteps } from './unequal-steps.js'

/** What planning takes. */
export interface PlanningSize {
  /** Amounts of free bytes that can occur. */
  readonly levels: number
  /** Memory for the tables. */
  readonly tableBytes: number
  /** Sizes are rounded up to multiples of this; `null` if they are exact. */
  readonly unitBytes: number | null
}

/**
 * What planning with these options takes, and whether sizes are exact. Allocates no tables; O(levels · steps) time.
 *
 * @throws `INVALID_OPTION`, as `heterogeneous` does.
 * @example
 * ```ts
 * import { planningSize } from '@checkpoint-schedules/heterogeneous'
 *
 * const options = { steps: 1000, forwardCost: 1, adjointCost: 1, stateBytes: 2, tapeBytes: 1, ramBytes: 33 }
 * planningSize(options) // { levels: 34, tableBytes: 269960, unitBytes: null }
 * ```
 */
export function planningSize(options: OptionInput<typeof descriptors>): PlanningSize {
  const checked = checkOptions('planningSize', descriptors, options)
  const exact = chainOf(checked)
  const found = plannable(exact, checked.unitBytes)
  if (found === undefined) throw optionError('planningSize', tooLarge(exact, checked.unitBytes))
  const { levels, bytes } = ('equal' in found.levels ? found.levels.equal : found.levels.unequal).size
  return { levels, tableBytes: bytes, unitBytes: found.unit ?? null }
}

/** Why there is no plan, in a sentence; `undefined` if there is one. Fills no cost tables. */
export function whyNoPlan(options: HeterogeneousOptions): string | undefined {
  const exact = chainOf(options)
  const found = plannable(exact, options.unitBytes)
  if (found === undefined) return tooLarge(exact, options.unitBytes)
  const { chain, unit } = found
  if (isPlainlyFeasible(chain)) return undefined
  const least = leastRam(chain)
  if (chain.ram >= least) return undefined
  const rounded = unit === undefined ? '' : ` with sizes rounded up to multiples of ${unit}`
  return (
    `ramBytes ${options.ramBytes} is too little to reverse ${options.steps} steps${rounded}. Pass ramBytes >= ${least * (unit ?? 1)}, ` +
    `${options.disk === undefined ? 'or a disk' : 'or more bytes on disk'}.`
  )
}

/** Plans for options that have a plan, and yields the part that is done. */
export function* planOf(options: HeterogeneousOptions): Pieces<Plan> {
  const { chain, levels } = plannable(chainOf(options), options.unitBytes)!
  const decisions =
    'equal' in levels ? new EqualSteps(chain, levels.equal) : new UnequalSteps(chain, levels.unequal)
  yield* decisions.fill()
  // Sizes that are no integers may round to a plan that just does not fit.
  if (decisions.extraCost === Infinity)
    throw optionError(
      'heterogeneous',
      `ramBytes ${options.ramBytes} is too little by rounding. Pass sizes in whole bytes, or slightly more memory.`,
    )
  const tally = yield* tallyOf(reverseChain(chain.steps, decisions))
  return { decisions, makespan: decisions.extraCost + chain.fixedCost, tally }
}

/** Decisions, and what a run that follows them takes. */
export interface Plan {
  readonly decisions: Decisions
  /** The least makespan. */
  readonly makespan: number
  readonly tally: Tally
}

/** At most this many checkpoints are held at once, by storage: as many as there are steps that need one, if one fits. */
export function mostCheckpoints({ a, d, ram, disk, steps }: Chain): Record<string, number> {
  const smallest = Math.min(
    ...[a, d].map((sizes) => sizes.subarray(0, -1).reduce((x, y) => Math.min(x, y), Infinity)),
  )
  const most = (bytes: number | undefined) => (bytes !== undefined && bytes >= smallest ? steps - 1 : 0)
  return { RAM: most(ram), DISK: most(disk) }
}
