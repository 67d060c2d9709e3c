/**
 * H-Revolve's tables (Herrmann & Pallez 2020, doi:10.1145/3378672): at which level to keep a step, and how far to go before the next.
 *
 * With l+1 steps to reverse and m free slots at level k:
 *
 *     OptP[k][l][m] = min( below,  min over 1 <= j < l of  j·uf + Opt[k][l-j][m-1] + r_k + OptP[k][j-1][m] )
 *     Opt[k][l][m]  = min( below,  w_k + OptP[k][l][m] ),   below = Opt[k-1][l][slots of k-1]
 *
 * OptP has the first step's restart data at level k already. At level 0 `below` is to read the one checkpoint again for each step, and
 * there is no choice but to store. Where level 0 costs nothing, its tables have the closed form of binomial checkpointing.
 *
 * Of the values only the row at work and the one before are held; what is kept is one 32-bit split for each (k, m, l), and rows that more
 * slots do not change are kept once.
 */
import { extraSteps, optimalSplit } from '@checkpoint-schedules/binomial'
import { fillByHull } from './hull-row.js'
import { isFree, type LevelOption } from './levels.js'
import { opt0Row } from './opt0.js'

/** The decisions at one level. */
export interface Level extends LevelOption {
  /**
   * With l >= 1 and m slots at this level, the first step's included. Above 0: worth storing the first step here, then advance so
   * far. Below 0: advance so far if the step is stored here already, but not worth storing. 0: leave it to the level below.
   */
  split(l: number, m: number): number
  /** Where the level has a closed form: the forward steps that reversing l+1 steps with all its slots takes. */
  forwardSteps?(l: number): number
}

/** All levels, and the least cost, without the taped forward steps. */
export interface LevelTables {
  readonly levels: readonly Level[]
  readonly cost: number
}

/** The bytes a step that filling the tables takes, besides 4 for each row. */
export const TABLE_BYTES = 84

/** The most rows there can be: one for each slot, but for those of a lowest level that has a closed form. */
export function tableRows(levels: readonly LevelOption[]): number {
  return levels.reduce((sum, level, k) => sum + (k === 0 && isFree(level) ? 0 : level.slots), 0)
}

/**
 * Fills the tables. O(steps) in practice for each slot beyond a free level 0, O(steps²) at worst.
 *
 * @param options - Fastest level first, with 1 … steps-1 slots at level 0.
 */
export function planLevels(
  steps: number,
  options: readonly LevelOption[],
  uf: number,
  ub: number,
): LevelTables {
  const l = steps - 1
  const [first, ...others] = options
  const levels: Level[] = []
  let below: Float64Array
  if (isFree(first!)) {
    // Where forward steps are free, no split is strictly better than reading the one checkpoint again and again.
    const slots = uf === 0 ? Math.min(1, first!.slots) : first!.slots
    below = opt0Row(l, slots, uf, ub)
    levels.push({
      ...first!,
      slots,
      split: (l, m) => optimalSplit(l + 1, m, 'largest'),
      forwardSteps: (l) => l + 1 + extraSteps(l + 1, slots),
    })
  } else {
    const single = Float64Array.from({ length: steps }, (_, l) => singleSlot(l, first!.readCost, uf, ub))
    const unsplit = new Int32Array(steps)
    const stored = single.map((cost, l) => (l === 0 ? cost : first!.writeCost + cost))
    const { splits, opt } = fillLevel(first!, single, stored, uf, [unsplit])
    levels.push({
      ...first!,
      split: (l, m) => Math.abs(splits[Math.min(m, splits.length) - 1]![l]!) || l,
    })
    below = opt
  }
  for (const level of others) {
    const { splits, opt } = fillLevel(level, below, below, uf, [])
    levels.push({ ...level, split: (l, m) => (m === 0 ? 0 : splits[Math.min(m, splits.length) - 1]![l]!) })
    below = opt
  }
  return { levels, cost: below[l]! }
}

// OptP[0][l][1]: store once, then advance from there to each step in turn.
function singleSlot(l: number, readCost: number, uf: number, ub: number): number {
  return (l + 1) * ub + ((l * (l + 1)) / 2) * uf + l * readCost
}

/**
 * The rows of one level, from `splits.length` + 1 slots up.
 *
 * @param below - OptP without a split.
 * @param opt - Opt with as many slots as there are rows already.
 */
function fillLevel(
  { slots, writeCost, readCost }: LevelOption,
  below: Float64Array,
  opt: Float64Array,
  uf: number,
  splits: Int32Array[],
) {
  const isLowest = splits.length > 0
  const values = new Float64Array(below.length) // OptP
  while (splits.length < slots) {
    const winners = new Int32Array(below.length)
    fillByHull({
      base: below,
      known: opt,
      constant: readCost,
      stride: uf,
      lag: 1,
      values,
      winners,
    })
    const next = new Float64Array(below.length)
    next[0] = below[0]!
    let changed = false
    for (let l = 1; l < next.length; l++) {
      const stored = writeCost + values[l]!
      if (isLowest || stored < below[l]!) next[l] = stored
      else {
        next[l] = below[l]!
        winners[l] = -winners[l]!
      }
      changed ||= next[l] !== opt[l]
    }
    splits.push(winners)
    opt = next
    if (!changed) break // further slots find the same row
  }
  return { splits, opt }
}
