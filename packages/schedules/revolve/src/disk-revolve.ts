/**
 * DiskRevolve: checkpoints in memory and on a disk of any size (Aupy, Herrmann, Hovland & Robert 2016, doi:10.1137/15M1019222).
 *
 * The insight: a read from disk is dear, so it should bring many steps within reach; disk checkpoints cut the steps into segments, and
 * each segment is reversed by Revolve in memory. How long the segments are best is a shortest-path problem with one number of steps.
 */
import { choice, defineSchedule } from '@checkpoint-schedules/core'
import { diskTableBytes, planDiskSegments } from './disk-segments.js'
import { diskCosts, optimumOf, snapshotsInRam, steps } from './options.js'
import { aupy2016 } from './references.js'
import { countSegments, reverseSegments } from './segments.js'
import { tooLarge } from './table-bytes.js'

/**
 * Reverses a known number of steps in the least time with `snapshotsInRam` checkpoints in memory and as many on disk as pay off.
 * With `diskReads: 'once'` (the published algorithm) each disk checkpoint is read once; with `'many'` the true optimum, which reads them as
 * often as pays off. Offline; one adjoint.
 *
 * Planning: O(steps·log steps) time and 44 bytes a step (`'many'`: near-linear in practice, O(steps²) at worst, 92 bytes a step), freed
 * again; what stays is 8 bytes for each read from disk. Time: O(log t) for each action.
 *
 * @throws `INVALID_OPTION`
 * @example
 * ```ts
 * import { diskRevolve } from '@checkpoint-schedules/revolve'
 *
 * const costs = { write: { DISK: 2 }, read: { DISK: 2 } }
 * diskRevolve({ steps: 100, snapshotsInRam: 2, costs }).optimum() // { forwardSteps: 330, makespan: 490 }
 * ```
 */
export const diskRevolve = defineSchedule({
  name: 'DiskRevolve',
  summary: 'Least time with checkpoints in memory and a disk of any size.',
  whenToUse:
    'When there is room on disk for every checkpoint that pays off. Where it is limited, take HRevolve; where there are too many steps to plan, PeriodicDiskRevolve.',
  references: [aupy2016],
  options: {
    steps,
    snapshotsInRam,
    costs: diskCosts,
    diskReads: choice({
      choices: ['once', 'many'],
      default: 'once',
      help: 'how often a checkpoint on disk is read',
    }),
  },
  check: ({ steps, diskReads }) =>
    tooLarge(steps, diskTableBytes(steps, diskReads), 'Pass fewer steps, or use periodicDiskRevolve.'),
  optionsWithin: ({ steps, ram, costs }) => [{ steps, snapshotsInRam: ram, costs }],
  online: false,
  adjoints: 1,
  plan({ steps, snapshotsInRam, costs, diskReads }) {
    const segments = planDiskSegments(steps, snapshotsInRam, costs, diskReads)
    return { segments, counts: countSegments(steps, snapshotsInRam, segments) }
  },
  limits({ options: { steps, snapshotsInRam }, plan }) {
    const { longest, diskWrites } = plan?.counts ?? { longest: steps, diskWrites: null }
    return { RAM: Math.min(snapshotsInRam, longest - 1), DISK: diskWrites }
  },
  actions: ({ options: { steps, snapshotsInRam }, plan }) =>
    reverseSegments(steps, snapshotsInRam, plan.segments),
  optimum({ options: { steps, costs }, plan: { counts } }) {
    const { forwardSteps, diskWrites, diskReads } = counts
    const transfers = diskWrites * costs.write['DISK'] + diskReads * costs.read['DISK']
    return optimumOf(steps, forwardSteps, costs, transfers)
  },
})
