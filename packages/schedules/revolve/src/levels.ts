/** The storage levels of a hierarchy, fastest first, in the one form that tables and actions are made from. */
import { type CostModelFor, type CostModelInput, show } from '@checkpoint-schedules/core'

/** One level as H-Revolve's option `levels` has it. */
export interface LevelOption {
  readonly storage: string
  readonly slots: number
  readonly writeCost: number
  readonly readCost: number
}

/** H-Revolve's options: two levels by number, or any number of levels by name. */
export interface HierarchyOptions {
  readonly steps: number
  readonly snapshotsInRam?: number
  readonly snapshotsOnDisk?: number
  readonly levels?: readonly LevelOption[]
  readonly costs: CostModelFor<'DISK'>
}

/** Whether checkpoints at a level take no time. */
export const isFree = ({ writeCost, readCost }: LevelOption) => writeCost === 0 && readCost === 0

/** The levels, fastest first; more slots than steps-1 are useless and left out. */
export function levelsOf(options: HierarchyOptions): readonly LevelOption[] {
  const { steps, snapshotsInRam = 0, snapshotsOnDisk = 0, costs } = options
  const levels = options.levels ?? [
    { storage: 'RAM', slots: snapshotsInRam, writeCost: 0, readCost: 0 },
    {
      storage: 'DISK',
      slots: snapshotsOnDisk,
      writeCost: costs.write['DISK'],
      readCost: costs.read['DISK'],
    },
  ]
  return levels.map((level) => ({ ...level, slots: Math.min(level.slots, steps - 1) }))
}

/**
 * What is wrong with the options, in a sentence.
 *
 * @param given - The options as they were passed, to distinguish a given cost from its default.
 */
export function checkHierarchy(
  options: HierarchyOptions,
  given: { readonly costs?: CostModelInput | undefined },
): string | undefined {
  const { snapshotsInRam, snapshotsOnDisk, levels } = options
  if (levels === undefined) {
    const missing = snapshotsInRam === undefined ? 'snapshotsInRam' : 'snapshotsOnDisk'
    if (snapshotsInRam !== undefined && snapshotsOnDisk !== undefined) return undefined
    return (
      `${missing} is missing; pass snapshotsInRam (an integer >= 1) and snapshotsOnDisk (an integer >= 0), ` +
      'or levels: [{ storage, slots, writeCost, readCost }, …].'
    )
  }
  if (snapshotsInRam !== undefined || snapshotsOnDisk !== undefined) {
    const name = snapshotsInRam === undefined ? 'snapshotsOnDisk' : 'snapshotsInRam'
    return `${name} and levels do not go together; got both. Pass the slots of every level in levels.`
  }
  const direction = (['write', 'read'] as const).find((it) => given.costs?.[it] !== undefined)
  if (direction !== undefined) {
    return `costs.${direction} does not go together with levels; got both. Pass each level's writeCost and readCost in levels.`
  }
  return checkLevels(levels)
}

function checkLevels(levels: readonly LevelOption[]): string | undefined {
  const first = levels[0]!
  if (first.slots < 1) {
    return (
      `levels[0].slots must be an integer >= 1, for the fastest level keeps every pair of steps apart; got ${first.slots}. ` +
      'Leave a level without slots out.'
    )
  }
  for (const [k, { storage, readCost }] of levels.entries()) {
    const same = levels.findIndex((level) => level.storage === storage)
    if (same < k) {
      return (
        `levels[${k}].storage must differ from the storages of the other levels; got ${show(storage)}, which is levels[${same}]. ` +
        'Add up the slots, or give the level its own name.'
      )
    }
    const least = first.writeCost + first.readCost
    if (k > 0 && readCost < least) {
      return (
        `levels must be ordered from the fastest to the slowest: levels[${k}].readCost must be >= ` +
        `levels[0].writeCost + levels[0].readCost = ${least}; got ${readCost} (${storage}). ` +
        `Put ${storage} before ${first.storage}.`
      )
    }
  }
  return undefined
}
