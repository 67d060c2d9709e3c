/**
 * HRevolve: checkpoints on a hierarchy of storages, each level slower and larger than the one below (Herrmann & Pallez 2020,
 * doi:10.1145/3378672).
 *
 * The insight: keep a step at level k only if that is strictly cheaper than reversing all that follows with the levels below. Within a
 * level checkpoints form a stack, as in Revolve, and each stretch between two of them has all slots of the levels below to itself.
 *
 * ```
 * 0               8          12
 * D-------------->D--------->          level 1: two slots on disk
 *                 R-->R-->|  |--->     level 0: two slots in memory, reused by each stretch
 * ```
 */
import {
  type CostModel,
  defineSchedule,
  integer,
  list,
  number,
  storageName,
  transferPrices,
} from '@checkpoint-schedules/core'
import { checkPlan, planHierarchy, planOption } from './level-plan.js'
import { levelsOf } from './levels.js'
import { diskCosts, optimumOf, snapshotsInRam, steps } from './options.js'
import { herrmannPallez2020 } from './references.js'

/**
 * Reverses a known number of steps in the least time with a limited number of checkpoints at each level of a hierarchy: memory and
 * disk by `snapshotsInRam` and `snapshotsOnDisk`, or any number of levels by `levels`, fastest first. Offline; one adjoint.
 *
 * Optimal within the paper's recurrence, which needs a slot at the lowest level and levels whose reads cost no less than writing and reading
 * the lowest one.
 *
 * Two levels, the first of them free, are planned in microseconds as a tree, for any number of steps and slots. If steps times slots on disk
 * are at most 20,000, or with `plan: 'tables'`, the published tables choose among equal plans; they also serve all other levels. Tables:
 * near-linear time in practice for each slot, O(steps²) at worst; 4 bytes for each step and slot beyond a free lowest level, and 84 bytes a
 * step while planning. Time: O(log t) for each action.
 *
 * @throws `INVALID_OPTION`
 * @example
 * ```ts
 * import { hRevolve } from '@checkpoint-schedules/revolve'
 *
 * hRevolve({ steps: 100, snapshotsInRam: 2, snapshotsOnDisk: 3 }).optimum() // { forwardSteps: 421, makespan: 563 }
 * ```
 * @example
 * ```ts
 * import { hRevolve } from '@checkpoint-schedules/revolve'
 *
 * const levels = [
 *   { storage: 'GPU', slots: 2, writeCost: 0, readCost: 0 },
 *   { storage: 'RAM', slots: 5, writeCost: 1, readCost: 1 },
 *   { storage: 'DISK', slots: 100, writeCost: 10, readCost: 10 },
 * ]
 * hRevolve({ steps: 1000, levels }).limits() // { GPU: 2, RAM: 5, DISK: 15 }
 * ```
 */
export const hRevolve = defineSchedule({
  name: 'HRevolve',
  summary: 'Least time with limited memory and disk, or more levels of storage.',
  whenToUse:
    'When space on disk is limited, or with more than two levels of storage. With enough space, DiskRevolve needs no limit; if transfers are almost free, take Multistage.',
  references: [herrmannPallez2020],
  options: {
    steps,
    snapshotsInRam: { ...snapshotsInRam, optional: true },
    snapshotsOnDisk: integer({
      min: 0,
      optional: true,
      unit: 'checkpoints',
      short: 'disk',
      help: 'checkpoints on disk',
    }),
    levels: list({
      min: 1,
      optional: true,
      help: 'storage levels, fastest first, in place of memory and disk',
      item: {
        storage: storageName({ help: 'name of the storage' }),
        slots: integer({ min: 0, unit: 'checkpoints', help: 'checkpoints at this level' }),
        writeCost: number({ min: 0, default: 0, help: 'what writing a checkpoint costs' }),
        readCost: number({ min: 0, default: 0, help: 'what reading a checkpoint costs' }),
      },
    }),
    costs: diskCosts,
    plan: planOption,
  },
  check: checkPlan,
  contents: ['restart'],
  optionsWithin({ steps, ram, disk, costs }) {
    if (ram === 0 && steps > 1 && disk > 0) return onDiskAlone(steps, disk, costs)
    if (ram === 0 && steps > 1) return 'needs memory or a disk'
    const [most, inRam] = [steps - 1, Math.max(1, Math.min(ram, steps - 1))]
    return [{ steps, snapshotsInRam: inRam, snapshotsOnDisk: Math.min(disk, most), costs }]
  },
  online: false,
  adjoints: 1,
  plan: planHierarchy,
  limits({ options, plan }) {
    const levels = levelsOf(options)
    return Object.fromEntries(
      levels.map(({ storage, slots }, k) => [storage, plan?.counts.byLevel[k]?.peak ?? slots]),
    )
  },
  actions: ({ plan }) => plan.actions(),
  optimum({ options: { steps, costs: planned }, plan: { counts }, costs }) {
    const { forwardSteps, byLevel } = counts
    let transfers = 0
    for (const { level, writes, reads } of byLevel) {
      const { write, read } =
        costs === undefined
          ? { write: level.writeCost, read: level.readCost }
          : transferPrices(costs, level.storage)
      transfers += writes * write + reads * read
    }
    return optimumOf(steps, forwardSteps, costs ?? planned, transfers)
  },
})

/** Up to this many steps times slots the tables of a disk alone are filled in a moment. */
const MOST_ON_DISK_ALONE = 100_000

function onDiskAlone(steps: number, disk: number, costs: CostModel) {
  const slots = Math.min(disk, steps - 1, Math.floor(MOST_ON_DISK_ALONE / steps))
  if (slots === 0)
    return 'needs a checkpoint in memory for this many steps; with a disk alone it needs tables'
  const { write, read } = transferPrices(costs, 'DISK')
  const { forwardStep, adjointStep } = costs
  const levels = [{ storage: 'DISK', slots, writeCost: write, readCost: read }]
  return [{ steps, levels, costs: { forwardStep, adjointStep } }]
}
