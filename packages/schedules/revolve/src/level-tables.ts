/**
 * H-Revolve's tables (Herrmann & Pallez 2020, doi:10.1145/3378672): at which level to keep a step, and how far to go before the next.
 *
 * With l+1 steps to reverse and m free slots at level k:
 *
 *     OptP[k][l][m] = min( below,  min over 1 <= j < l of  j·uf + Opt[k][l-j][m-1] + r_k + OptP[k][j-1][m] )
 *     Opt[k][l][m]  = min( below,  w_k + OptP[k][l][m] ),   below = Opt[k-1][l][slots of k-1]
 *
 * OptP has the first step's restart data at level k already. At level 0 `below` is to read the one checkpoint again for each step, and
 * there is no choice but to store. If level 0 costs nothing, its tables have the closed form of binomial checkpointing.
 *
 * Only the current row of values and the one before are held; one 32-bit split is kept for each (k, m, l), and rows that more slots do not
 * change are kept once.
 */
import type { Pieces } from '@checkpoint-schedules/core'
import { extraSteps, optimalSplit } from '@checkpoint-schedules/binomial'
import { fillByHull } from './hull-row.js'
import { isFree, type LevelOption } from './levels.js'
import { opt0Row } from './opt0.js'
import { MANY, part } from './pieces.js'

/** The decisions at one level. */
export interface Level extends LevelOption {
  /**
   * With l+1 >= 2 steps, nothing stored, and m slots left at this level: how far to advance from restart data of the first step stored
   * here; 0 if that does not pay, so that the steps are left to the level below.
   */
  storeThenAdvance(l: number, m: number): number
  /** The same with the first step stored here already, in one of the m slots: how far to advance from it once more, or 0. */
  advanceAgain(l: number, m: number): number
  /** If the level has a closed form: the forward steps that reversing l+1 steps with all its slots takes. */
  readonly forwardSteps?: (l: number) => number
}

/** All levels, and the least cost, without the taped forward steps. */
export interface LevelTables {
  readonly levels: readonly Level[]
  readonly cost: number
  /** How many costs were compared: what filling the tables took. */
  readonly compared: number
}

/** The bytes a step that filling the tables takes, besides 4 for each row. */
export const TABLE_BYTES = 84

/** The most rows there can be: one for each slot, except those of a lowest level that has a closed form. */
export function tableRows(levels: readonly LevelOption[]): number {
  return levels.reduce((sum, level, k) => sum + (k === 0 && isFree(level) ? 0 : level.slots), 0)
}

/**
 * Fills the tables. O(steps) in practice for each slot beyond a free level 0, O(steps²) at worst.
 *
 * @param options - Fastest level first, with 1 … steps-1 slots at level 0.
 */
export function* planLevels(
  steps: number,
  options: readonly LevelOption[],
  uf: number,
  ub: number,
): Pieces<LevelTables> {
  const count = options.length
  const lowest = yield* part(0, 1 / count, lowestLevel(steps, options[0]!, uf, ub))
  const levels = [lowest.level]
  let { opt: below, compared } = lowest
  for (const [k, level] of options.entries()) {
    if (k === 0) continue
    const filled = yield* part(k / count, (k + 1) / count, fillLevel(level, below, below, uf, []))
    levels.push(levelOf(level, filled.splits))
    below = filled.opt
    compared += filled.compared
  }
  return { levels, cost: below[steps - 1]!, compared }
}

interface Lowest {
  readonly level: Level
  readonly opt: Float64Array
  readonly compared: number
}

// At level 0 there is no choice but to store.
function* lowestLevel(steps: number, option: LevelOption, uf: number, ub: number): Pieces<Lowest> {
  if (isFree(option)) {
    // If forward steps are free, no split is strictly better than reading the one checkpoint again and again.
    const slots = uf === 0 ? Math.min(1, option.slots) : option.slots
    const split = (l: number, m: number) => optimalSplit(l + 1, m, 'largest')
    const forwardSteps = (l: number) => l + 1 + extraSteps(l + 1, slots)
    const level: Level = { ...option, slots, storeThenAdvance: split, advanceAgain: split, forwardSteps }
    return { level, opt: yield* opt0Row(steps - 1, slots, uf, ub), compared: 0 }
  }
  // With one slot the step is stored once, and each step reached from there in turn.
  const single = new Float64Array(steps)
  const stored = new Float64Array(steps)
  const advances = new Int32Array(steps)
  for (let l = 0; l < steps; l++) {
    single[l] = (l + 1) * ub + ((l * (l + 1)) / 2) * uf + l * option.readCost
    stored[l] = (l === 0 ? 0 : option.writeCost) + single[l]!
    advances[l] = l
    if (l % MANY === 0) yield 0
  }
  const { splits, opt, compared } = yield* fillLevel(option, single, stored, uf, [advances])
  return { level: levelOf(option, splits), opt, compared }
}

// Reads the rows of `fillLevel`; more slots than there are rows find the same as the last row.
function levelOf(option: LevelOption, splits: readonly Int32Array[]): Level {
  const entry = (l: number, m: number) => splits[Math.min(m, splits.length) - 1]?.[l] ?? 0
  return {
    ...option,
    storeThenAdvance: (l, m) => Math.max(0, entry(l, m)),
    advanceAgain: (l, m) => Math.abs(entry(l, m)),
  }
}

/**
 * The rows of one level, from `splits.length` + 1 slots up. An entry is the advance; with a minus sign if it is only for a first step
 * that is stored already, since storing it does not pay. At level 0, where no split is better, the steps are reversed one by one from
 * a single checkpoint: the advance is l.
 *
 * @param below - OptP without a split.
 * @param opt - Opt with as many slots as there are rows already.
 */
function* fillLevel(
  { slots, writeCost, readCost }: LevelOption,
  below: Float64Array,
  opt: Float64Array,
  uf: number,
  splits: Int32Array[],
): Pieces<{ splits: readonly Int32Array[]; opt: Float64Array; compared: number }> {
  const isLowest = splits.length > 0
  const values = new Float64Array(below.length) // OptP
  let compared = 0
  while (splits.length < slots) {
    const winners = new Int32Array(below.length)
    const [row, rows] = [splits.length, slots]
    compared += yield* part(
      row / rows,
      (row + 1) / rows,
      fillByHull({ base: below, known: opt, constant: readCost, stride: uf, lag: 1, values, winners }),
    )
    const next = new Float64Array(below.length)
    next[0] = below[0]!
    let changed = false
    for (let l = 1; l < next.length; l++) {
      const stored = writeCost + values[l]!
      if (isLowest) winners[l] ||= l
      if (isLowest || stored < below[l]!) next[l] = stored
      else {
        next[l] = below[l]!
        winners[l] = -winners[l]!
      }
      changed ||= next[l] !== opt[l]
      if (l % MANY === 0) yield (row + 1) / rows
    }
    splits.push(winners)
    opt = next
    if (!changed) break // further slots find the same row
  }
  return { splits, opt, compared }
}
