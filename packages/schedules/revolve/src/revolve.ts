/**
 * Revolve: binomial checkpointing in memory (Griewank & Walther 2000, doi:10.1145/347837.347846).
 *
 * The insight: s checkpoints reverse up to C(s+t, s) steps with no step recomputed more than t times, and where to place the next
 * checkpoint follows from that number alone: no table. Of the equally good places Revolve takes the furthest.
 *
 * ```
 * 0   1   2   3   4
 * +------->               restart data of step 0
 *         +--->           restart data of step 2
 *             |--->  <---|   tape and reverse step 3, then 2 from its checkpoint, then 1 and 0 from step 0's
 * ```
 */
import { extraSteps } from '@checkpoint-schedules/binomial'
import { defaultCosts, defineSchedule } from '@checkpoint-schedules/core'
import { optimumOf, snapshotsInRam, steps } from './options.js'
import { griewankWalther2000 } from './references.js'
import { oneStretch, reverseRoute } from './reverse-route.js'

/**
 * Reverses a known number of steps with the fewest forward steps (Griewank & Walther 2000, theorem 6.1) for the checkpoints in memory.
 * Offline; one adjoint.
 *
 * Memory: O(snapshotsInRam), no table. Time: O(log t) for each action, where t is the most times that any step is recomputed.
 *
 * @throws `INVALID_OPTION`
 * @example
 * ```ts
 * import { revolve } from '@checkpoint-schedules/revolve'
 *
 * revolve({ steps: 10, snapshotsInRam: 3 }).optimum() // { forwardSteps: 25, makespan: 35 }
 * ```
 */
export const revolve = defineSchedule({
  name: 'Revolve',
  summary: 'Binomial checkpointing in memory with the fewest forward steps.',
  whenToUse:
    'For checkpoints in memory alone. If a disk pays off, take DiskRevolve or HRevolve; if a tape is no larger than a state, Mixed.',
  references: [griewankWalther2000],
  options: { steps, snapshotsInRam },
  contents: ['restart'],
  optionsWithin: ({ steps, ram }) =>
    ram > 0 || steps === 1
      ? [{ steps, snapshotsInRam: Math.max(1, Math.min(ram, steps - 1)) }]
      : 'needs a checkpoint in memory',
  online: false,
  adjoints: 1,
  limits: ({ options: { steps, snapshotsInRam } }) => ({ RAM: Math.min(snapshotsInRam, steps - 1) }),
  actions: ({ options: { steps, snapshotsInRam } }) => reverseRoute(steps, snapshotsInRam, oneStretch),
  optimum({ options: { steps, snapshotsInRam }, costs = defaultCosts }) {
    return optimumOf(steps, steps + extraSteps(steps, snapshotsInRam), costs, 0)
  },
})
