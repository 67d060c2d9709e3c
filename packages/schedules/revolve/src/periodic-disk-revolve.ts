/**
 * PeriodicDiskRevolve: a checkpoint on disk at a fixed distance, Revolve in between (Aupy & Herrmann 2017,
 * doi:10.1080/10556788.2016.1230612).
 *
 * The insight: the optimal distance between disk checkpoints hardly depends on the number of steps, and has a closed form. With t the least
 * integer that has beta(s+1, t) > (w + r)/uf it is beta(s, t): one more repetition of the segment would cost more than the disk does.
 */
import { beta, bestLengths, extraSteps, repetitions } from '@checkpoint-schedules/binomial'
import {
  type CostModel,
  type CostModelFor,
  defineSchedule,
  integer,
  UNBOUNDED,
} from '@checkpoint-schedules/core'
import { diskCosts, diskTime, optimumOf, snapshotsInRam, steps } from './options.js'
import { aupyHerrmann2017 } from './references.js'
import { reverseRoute } from './reverse-route.js'
import { segmentRoute } from './segments.js'

interface Options {
  readonly steps: number
  readonly snapshotsInRam: number
  readonly costs: CostModelFor<'DISK'>
  readonly period?: number
}

/**
 * Reverses a known number of steps in nearly the least time with checkpoints in memory and on a disk of any size, at equal distances:
 * `manifest.period` gives the distance. Asymptotically optimal among schedules that read each disk checkpoint once. Offline; one adjoint.
 *
 * Memory: O(snapshotsInRam), no table. Time: O(log t) for each action.
 *
 * @throws `INVALID_OPTION`
 * @example
 * ```ts
 * import { periodicDiskRevolve } from '@checkpoint-schedules/revolve'
 *
 * periodicDiskRevolve({ steps: 100, snapshotsInRam: 2 }).manifest.period // 6
 * ```
 */
export const periodicDiskRevolve = defineSchedule({
  name: 'PeriodicDiskRevolve',
  summary: 'Checkpoints on disk at the best fixed distance, binomial checkpointing in memory.',
  whenToUse: 'When there are too many steps to plan. DiskRevolve is never slower but has to plan.',
  references: [aupyHerrmann2017],
  options: {
    steps,
    snapshotsInRam,
    costs: diskCosts,
    period: integer({
      min: 1,
      optional: true,
      help: 'steps between checkpoints on disk; by default the best',
    }),
  },
  contents: ['restart'],
  optionsWithin({ steps, ram, disk, costs }) {
    if (ram === 0 && steps > 1) return 'needs a checkpoint in memory'
    const options = { steps, snapshotsInRam: Math.max(1, Math.min(ram, steps - 1)), costs }
    // From as many checkpoints on disk as it holds to none.
    const from = Math.max(1, Math.ceil((steps - 1) / (disk + 1)))
    const to = Math.max(1, steps - 1)
    const likely = [periodOf(options), ...bestLengths(options.snapshotsInRam, to)]
    return [{ from, to, likely, with: (period) => ({ ...options, period }) }]
  },
  online: false,
  adjoints: 1,
  limits({ options }) {
    const { period, onDisk, lastSegment } = cut(options)
    const longest = onDisk === 0 ? lastSegment : Math.max(period, lastSegment)
    return { RAM: Math.min(options.snapshotsInRam, longest - 1), DISK: onDisk }
  },
  period: ({ options }) => periodOf(options),
  actions({ options }) {
    const { period, onDisk } = cut(options)
    const route = segmentRoute({ count: onDisk + 1, start: (i) => i * period })
    return reverseRoute(options.steps, options.snapshotsInRam, route)
  },
  optimum({ options, costs = options.costs }) {
    const { steps, snapshotsInRam } = options
    const { period, onDisk, lastSegment } = cut(options)
    const extra = (length: number) => extraSteps(length, snapshotsInRam)
    // The sweep over the periods, then each period again, and the last segment.
    const forwardSteps =
      onDisk * period +
      (onDisk > 0 ? onDisk * (period + extra(period)) : 0) +
      lastSegment +
      extra(lastSegment)
    return optimumOf(steps, forwardSteps, costs, diskTime(costs, onDisk, onDisk))
  },
})

// While more than a period and one step are left, a checkpoint goes to disk.
function cut(options: Options) {
  const period = periodOf(options)
  const onDisk = Math.max(0, Math.ceil((options.steps - 1) / period) - 1)
  return { period, onDisk, lastSegment: options.steps - onDisk * period }
}

function periodOf({
  snapshotsInRam: s,
  costs: { forwardStep, write, read },
  period,
}: Pick<Options, 'snapshotsInRam' | 'period'> & { costs: CostModel }): number {
  if (period !== undefined) return period
  const transfers = (write['DISK'] ?? 0) + (read['DISK'] ?? 0)
  const ratio = transfers === 0 ? 0 : transfers / forwardStep // infinite if forward steps are free
  if (ratio >= UNBOUNDED) return UNBOUNDED // never use the disk
  return beta(s, repetitions(Math.floor(ratio) + 1, s + 1))
}
