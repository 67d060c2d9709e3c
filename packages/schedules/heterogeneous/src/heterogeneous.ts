/**
 * Heterogeneous: steps of unequal cost and size, a budget in bytes, and in each checkpoint restart data or a tape, in memory or on disk.
 *
 * The insight: if a checkpoint stays until its step is reversed, what comes after it and what comes before it are problems of the same kind
 * with fewer bytes, and only few amounts of free bytes can occur.
 *
 * ```
 * 0           3   4       6
 * +----------->            restart data of step 0, advance over the cheap steps
 *             |--->+       the tape of step 3, whose state is large
 *                 +------->
 * ```
 */
import { defineSchedule } from '@checkpoint-schedules/core'
import { chainOf } from './chain.js'
import { options } from './options.js'
import { mostCheckpoints, planOf, whyNoPlan } from './plan.js'
import { priceOf } from './price.js'
import { aupy2016, beaumont2019, maddison2024 } from './references.js'
import { reverseChain } from './reverse.js'
import { makespanUnder } from './tally.js'
import { optionsWithin } from './within-budget.js'

/**
 * Reverses a known number of steps, each with its own cost and sizes, in the least time within a budget in bytes. A checkpoint holds restart
 * data or the tape of a step; with `disk` it may be on disk. Offline; one adjoint.
 *
 * Each quantity is a number, an array with one number for each step, or a function of the step. `ramBytes` is for checkpoints alone; with
 * `working` it is for everything that a run holds: checkpoints, states, tapes and the adjoint.
 *
 * Optimal among persistent schedules, in which a checkpoint stays until its step is reversed; in about one of a hundred small cases another
 * schedule is better, by a few percent.
 *
 * Planning takes O(levels · steps²) memory and O(levels · steps³) time at worst, where levels are the amounts of free bytes that can occur;
 * equal steps take O(levels · steps) memory and near-linear time in practice. If exact sizes would take more than 1 GiB or about a minute,
 * sizes are rounded up to multiples of the finest unit that does not.
 *
 * @throws `INVALID_OPTION`: also if the budget is too small for any plan, or the problem too large to plan.
 * @example
 * ```ts
 * import { heterogeneous } from '@checkpoint-schedules/heterogeneous'
 *
 * // The mesh is refined in the middle third: states and tapes are twice as large there, and steps take twice as long.
 * const refined = (n: number) => (n >= 10 && n < 20 ? 2 : 1)
 * const schedule = heterogeneous({
 *   steps: 30,
 *   forwardCost: refined,
 *   adjointCost: (n: number) => 2 * refined(n),
 *   stateBytes: (n: number) => 1000 * refined(n),
 *   tapeBytes: (n: number) => 1500 * refined(n),
 *   ramBytes: 8000,
 * })
 * schedule.optimum() // { forwardSteps: 69, makespan: 174 }
 * ```
 */
export const heterogeneous = defineSchedule({
  name: 'Heterogeneous',
  summary:
    'Least time for steps of unequal cost and size, with restart data or tapes within a budget in bytes.',
  whenToUse:
    'When states, tapes or costs differ between steps, or a tape is not as large as a state, and memory is counted in bytes. ' +
    'If all steps and both kinds of data are equal, Mixed, Revolve and DiskRevolve plan any number of steps at once.',
  references: [beaumont2019, maddison2024, aupy2016],
  options,
  check: whyNoPlan,
  contents: ['restart', 'dependency'],
  optionsWithin: ({ steps, inBytes }) =>
    inBytes === undefined ? 'needs a budget in bytes' : optionsWithin(steps, inBytes),
  online: false,
  adjoints: 1,
  plan: planOf,
  limits({ options, plan }) {
    if (plan === undefined) return mostCheckpoints(chainOf(options))
    const { RAM, DISK } = plan.tally.storages
    return { RAM: RAM.peak, DISK: DISK.peak }
  },
  bytes: ({ ramBytes, disk, working }) => ({
    limits: { RAM: ramBytes, ...(disk && { DISK: disk.bytes }) },
    includes: working === undefined ? 'checkpoints' : 'working storage',
  }),
  priceOf,
  actions: ({ options: { steps }, plan }) => reverseChain(steps, plan.decisions),
  optimum({ steps, plan: { tally, makespan }, costs }) {
    const { forwardSteps } = tally
    return { forwardSteps, makespan: costs === undefined ? makespan : makespanUnder(costs, steps, tally) }
  },
})
