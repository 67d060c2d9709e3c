/** How long filling H-Revolve's tables takes: estimated by counting comparisons for fewer steps and slots, which takes some milliseconds. */
import { atOnce } from '@checkpoint-schedules/core'
import { planLevels, tableRows } from './level-tables.js'
import { isFree, type LevelOption } from './levels.js'

/** How many costs are compared, and with which power of the steps that grows. */
export interface TableWork {
  readonly compared: number
  readonly power: number
}

// The steps of two samples, and the slots of each level in them: later rows compare more, so a few slots are too few.
const SHORT = 400
const LONG = 1600
const SLOTS = 8

/**
 * What filling the tables takes, to within a factor of ten (in cases measured: a sixth to eight times): it depends on costs and on the slots of every level, those of a
 * free one included, because many slots in memory leave few good places to store elsewhere.
 */
export function estimateWork(
  steps: number,
  levels: readonly LevelOption[],
  uf: number,
  ub: number,
): TableWork {
  const few = levels.map((level, k) => ({
    ...level,
    slots: k === 0 && isFree(level) ? level.slots : Math.min(level.slots, SLOTS),
  }))
  const sample = (steps: number) => {
    const fitting = few.map((level) => ({ ...level, slots: Math.min(level.slots, steps - 1) }))
    return atOnce(planLevels(steps, fitting, uf, ub)).compared
  }
  const [short, long] = [sample(SHORT), sample(LONG)]
  const power = short === 0 ? 1.5 : Math.min(2, Math.max(1, Math.log(long / short) / Math.log(LONG / SHORT)))
  const more = Math.max(1, tableRows(levels) / Math.max(1, tableRows(few)))
  return { compared: long * (steps / LONG) ** power * more, power }
}
