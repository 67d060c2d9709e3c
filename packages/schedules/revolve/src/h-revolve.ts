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
 *                 R-->R-->|  |--->     level 0: two slots in memory, for each stretch anew
 * ```
 */
import {
  advance,
  copy,
  costs,
  defineSchedule,
  endForward,
  endReverse,
  integer,
  list,
  move,
  number,
  reverse,
  storageName,
  store,
  tape,
} from '@checkpoint-schedules/core'
import { kept } from './kept.js'
import { levelTableBytes, planLevels } from './level-tables.js'
import { tally } from './level-tally.js'
import { checkHierarchy, type HierarchyOptions, levelsOf } from './levels.js'
import { herrmannPallez2020 } from './references.js'
import { tooLarge } from './table-bytes.js'

const planOf = kept((options: HierarchyOptions) => {
  const { forwardStep, adjointStep } = options.costs
  const { levels } = planLevels(options.steps, levelsOf(options), forwardStep, adjointStep)
  return { levels, counts: tally(options.steps, levels) }
})

/** Steps squared times checkpoints above the lowest level: so many are planned in seconds, whatever the costs. */
const MOST_COMPARED = 5e11

/**
 * Reverses a known number of steps in the least time with a limited number of checkpoints at each level of a hierarchy: memory and
 * disk by `snapshotsInRam` and `snapshotsOnDisk`, or any number of levels by `levels`, fastest first. Offline; one adjoint.
 *
 * Optimal within the paper's recurrence, which needs a slot at the lowest level and levels whose reads cost no less than writing and reading
 * the lowest one.
 *
 * Planning: near-linear in practice for each slot, O(steps²) at worst. Memory: 4 bytes for each step and slot beyond a free lowest level, and
 * 84 bytes a step while planning. Time: O(log t) for each action.
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
 * hRevolve({ steps: 1000, levels }).manifest.limits // { GPU: 2, RAM: 5, DISK: 15 }
 * ```
 */
export const hRevolve = defineSchedule({
  name: 'HRevolve',
  summary: 'Least time with limited memory and disk, or more levels of storage.',
  references: [herrmannPallez2020],
  options: {
    steps: integer({ min: 1, help: 'time steps of the forward' }),
    snapshotsInRam: integer({
      min: 1,
      optional: true,
      unit: 'checkpoints',
      short: 'ram',
      help: 'checkpoints in memory',
    }),
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
    costs: costs({ storages: ['DISK'], help: 'what steps and disk transfers cost, in any one unit of time' }),
  },
  check(options, given?: unknown) {
    return (
      checkHierarchy(options, given) ??
      tooLarge(
        options.steps,
        levelTableBytes(options.steps, levelsOf(options)),
        'Pass fewer steps or slots, or use periodicDiskRevolve.',
      )
    )
  },
  optionsWithin: ({ steps, ram, disk, costs }) =>
    steps * steps * disk > MOST_COMPARED
      ? 'takes long to plan'
      : [{ steps, snapshotsInRam: ram, snapshotsOnDisk: disk, costs }],
  online: false,
  adjoints: 1,
  limits(options) {
    const { levels, counts } = planOf(options)
    return Object.fromEntries(levels.map(({ storage }, k) => [storage, counts.peak[k]!]))
  },
  plan: planOf,

  *actions({ options: { steps }, plan: { levels } }) {
    // A stack of checkpoints: the step, its level, and the slots of that level that were free, its own included.
    const stack: { n: number; k: number; m: number }[] = []
    let n = 0
    let k = levels.length - 1
    let m = levels[k]!.slots
    for (let end = steps; end > 0; end--) {
      // On to the last step not reversed yet, with a checkpoint wherever it pays, at the level where it pays.
      while (n < end - 1) {
        const j = levels[k]!.split(end - 1 - n, m)
        if (j <= 0) {
          m = levels[--k]!.slots
          continue
        }
        yield store(n, n + j, levels[k]!.storage)
        stack.push({ n, k, m })
        n += j
        m -= 1
      }
      yield tape(end - 1)
      if (end === steps) yield endForward()
      yield reverse(end - 1)
      if (end === 1) break
      // Back to the last checkpoint: for the last time if its step is next, or if the levels below do the rest.
      const top = stack[stack.length - 1]!
      ;({ n, k, m } = top)
      const j = n === end - 2 ? 0 : Math.abs(levels[k]!.split(end - 2 - n, m))
      if (j === 0) {
        stack.pop()
        yield move(n, levels[k]!.storage)
        if (k > 0) m = levels[--k]!.slots
      } else {
        yield copy(n, levels[k]!.storage)
        yield advance(n, n + j)
        n += j
        m -= 1
      }
    }
    yield endReverse()
  },

  optimum({ options: { steps, costs }, plan: { levels, counts } }) {
    const { forwardSteps, writes, reads } = counts
    let makespan = forwardSteps * costs.forwardStep + steps * costs.adjointStep
    levels.forEach(({ writeCost, readCost }, k) => {
      makespan += writes[k]! * writeCost + reads[k]! * readCost
    })
    return { forwardSteps, makespan }
  },
})
