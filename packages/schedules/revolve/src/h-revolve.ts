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
import { levelTableBytes, planLevels } from './level-tables.js'
import { tally } from './level-tally.js'
import { checkHierarchy, levelsOf } from './levels.js'
import { diskCosts, optimumOf, snapshotsInRam, steps } from './options.js'
import { herrmannPallez2020 } from './references.js'
import { tooLarge } from './table-bytes.js'

/** Restart data of step n, stored at level k when that level had so many slots left, its own included. */
interface Checkpoint {
  readonly n: number
  readonly k: number
  readonly free: number
}

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
 * hRevolve({ steps: 1000, levels }).limits() // { GPU: 2, RAM: 5, DISK: 15 }
 * ```
 */
export const hRevolve = defineSchedule({
  name: 'HRevolve',
  summary: 'Least time with limited memory and disk, or more levels of storage.',
  whenToUse:
    'When room on disk is limited, or for more than two levels of storage. Where there is room, DiskRevolve plans faster; where transfers are almost free, take Multistage.',
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
  },
  check(options, given) {
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
  plan(options) {
    const { steps, costs } = options
    const { levels } = planLevels(steps, levelsOf(options), costs.forwardStep, costs.adjointStep)
    return { levels, counts: tally(steps, levels) }
  },
  limits({ options, plan }) {
    const levels = levelsOf(options)
    return Object.fromEntries(
      levels.map(({ storage, slots }, k) => [storage, plan?.counts.byLevel[k]?.peak ?? slots]),
    )
  },

  *actions({ options: { steps }, plan: { levels } }) {
    const stack: Checkpoint[] = []
    let n = 0
    let k = levels.length - 1 // the level at work
    let free = levels[k]!.slots // its slots without a checkpoint
    for (let end = steps; end > 0; end--) {
      // On to the last step not reversed yet, with a checkpoint wherever it pays, at the level where it pays.
      while (n < end - 1) {
        const level = levels[k]!
        const j = level.storeThenAdvance(end - 1 - n, free)
        if (j === 0) {
          free = levels[--k]!.slots
          continue
        }
        yield store(n, n + j, level.storage)
        stack.push({ n, k, free })
        n += j
        free -= 1
      }
      yield tape(end - 1)
      if (end === steps) yield endForward()
      yield reverse(end - 1)
      // Back to the last checkpoint: for the last time if its step is next, or if the levels below do the rest.
      const last = stack.pop()
      if (last === undefined) break
      n = last.n
      k = last.k
      free = last.free
      const level = levels[k]!
      const j = n === end - 2 ? 0 : level.advanceAgain(end - 2 - n, free)
      if (j === 0) {
        yield move(n, level.storage)
        if (k > 0) free = levels[--k]!.slots
      } else {
        stack.push(last)
        yield copy(n, level.storage)
        yield advance(n, n + j)
        n += j
        free -= 1
      }
    }
    yield endReverse()
  },

  optimum({ options: { steps, costs }, plan: { counts } }) {
    const { forwardSteps, byLevel } = counts
    let { makespan } = optimumOf(steps, forwardSteps, costs, 0)
    for (const { level, writes, reads } of byLevel)
      makespan += writes * level.writeCost + reads * level.readCost
    return { forwardSteps, makespan }
  },
})
