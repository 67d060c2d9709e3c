/**
 * DiskRevolve: checkpoints in memory and on a disk of any size (Aupy, Herrmann, Hovland & Robert 2016, doi:10.1137/15M1019222).
 *
 * The insight: a read from disk is expensive, so it should bring many steps within reach; disk checkpoints cut the steps into segments, and
 * each segment is reversed by Revolve in memory. Finding the best lengths is a shortest-path problem in the number of steps.
 */
import { choice, type CostModelFor, defineSchedule, integer } from '@checkpoint-schedules/core'
import { DISK_TABLE_BYTES, planDiskSegments } from './disk-segments.js'
import { diskCosts, diskTime, optimumOf, snapshotsInRam, steps } from './options.js'
import { aupy2016 } from './references.js'
import { reverseRoute } from './reverse-route.js'
import { countSegments, segmentRoute } from './segments.js'
import { tooLarge } from './table-size.js'
import { inexact, planTree } from './tree-plan.js'

/**
 * Reverses a known number of steps in the least time with `snapshotsInRam` checkpoints in memory and as many on disk as pay off.
 * With `diskReads: 'once'` (the published algorithm) each disk checkpoint is read once; with `'many'` the true optimum, which reads them as
 * often as pays off. Offline; one adjoint.
 *
 * Planning: O(steps·log steps) time and 44 bytes a step, freed again; what stays is 4 bytes for each checkpoint on disk. With `'many'`
 * microseconds, and no table, for any number of steps. Time: O(log t) for each action.
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
    'When the disk can hold every checkpoint that pays off. If it is limited, take HRevolve; if there are too many steps to plan for single reads, PeriodicDiskRevolve.',
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
    snapshotsOnDisk: integer({
      min: 0,
      optional: true,
      unit: 'checkpoints',
      short: 'disk',
      help: "most checkpoints on disk, with diskReads 'many'; by default no limit",
    }),
  },
  check(options) {
    if (options.diskReads === 'once' && options.snapshotsOnDisk !== undefined)
      return "with diskReads 'once' the disk has no limit. Leave snapshotsOnDisk out, or pass diskReads: 'many'."
    if (options.diskReads === 'once')
      return tooLarge({
        steps: options.steps,
        bytesPerStep: DISK_TABLE_BYTES,
        rows: 0,
        other: "use periodicDiskRevolve or diskReads: 'many'",
      })
    const tiers = tiersOf(options)
    return planTree(tiers) === undefined ? inexact(tiers) : undefined
  },
  contents: ['restart'],
  optionsWithin({ steps, ram, disk, costs }) {
    if (ram === 0 && steps > 1) return 'needs a checkpoint in memory'
    const options = { steps, snapshotsInRam: Math.max(1, Math.min(ram, steps - 1)), costs }
    const snapshotsOnDisk = Math.min(disk, steps - 1)
    const many = { ...options, diskReads: 'many' as const, snapshotsOnDisk }
    // Reading a checkpoint once is never better, and planning for it takes time. But transfers may overlap with it better.
    return steps > MOST_READ_ONCE ? [many] : [many, options]
  },
  online: false,
  adjoints: 1,
  *plan(options) {
    if (options.diskReads === 'many') return planTree(tiersOf(options))!
    const { steps, snapshotsInRam: ram, costs } = options
    const segments = yield* planDiskSegments(steps, ram, costs)
    const { forwardSteps, onDisk, longest } = yield* countSegments(steps, ram, segments)
    return {
      forwardSteps,
      writes: onDisk,
      reads: onDisk,
      peak: [Math.min(ram, longest - 1), onDisk] as const,
      actions: () => reverseRoute(steps, ram, segmentRoute(segments)),
    }
  },
  limits({ options: { steps, snapshotsInRam }, plan }) {
    const [RAM, DISK] = plan?.peak ?? [Math.min(snapshotsInRam, steps - 1), null]
    return { RAM, DISK }
  },
  actions: ({ plan }) => plan.actions(),
  optimum({ options, plan: { forwardSteps, writes, reads }, costs = options.costs }) {
    return optimumOf(options.steps, forwardSteps, costs, diskTime(costs, writes, reads))
  },
})

/** Up to this many steps the published algorithm is planned for in milliseconds. */
const MOST_READ_ONCE = 5000

interface Options {
  readonly steps: number
  readonly snapshotsInRam: number
  readonly costs: CostModelFor<'DISK'>
  readonly snapshotsOnDisk?: number
}

// Without a limit, as many slots on disk as can be of use.
function tiersOf({ steps, snapshotsInRam, snapshotsOnDisk, costs: { forwardStep, write, read } }: Options) {
  const disk = Math.min(snapshotsOnDisk ?? Infinity, steps - 1)
  return { steps, ram: snapshotsInRam, disk, uf: forwardStep, w: write['DISK'], r: read['DISK'] }
}
