/** What planning takes, known before tables are allocated; and in which unit sizes are counted if exact ones would take too much. */
import { type Chain, inUnits, isUniform } from './chain.js'
import { type EqualLevels, equalLevelsOf } from './equal-levels.js'
import { type Bounds, type ChainLevels, levelsOf } from './levels.js'

// 1 GiB; some 10 to 60 s for steps that differ, some 30 s for equal ones.
const forUnequal: Bounds = { levels: 100_000, bytes: 2 ** 30, evaluations: 2e10 }
const forEqual: Bounds = { levels: 100_000, bytes: 2 ** 30, evaluations: 1e8 }

/** A chain that can be planned: the given one, or that one in units of some bytes. */
export interface Plannable {
  readonly chain: Chain
  readonly unit: number | undefined
  readonly levels: { readonly equal: EqualLevels } | { readonly unequal: ChainLevels }
}

/** The chain exactly, in the given unit, or in the finest unit that fits the bounds; `undefined` if none does. */
export function plannable(chain: Chain, unit?: number): Plannable | undefined {
  if (unit !== undefined) return within(inUnits(chain, unit), unit)
  const exact = within(chain, undefined)
  if (exact !== undefined) return exact
  const budget = Math.max(chain.ram, Number.isFinite(chain.disk) ? chain.disk! : 0)
  // How many units make up the budget: the more, the less is lost. Bytes stay whole.
  const unitFor = (count: number) => {
    const size = budget / count
    return Number.isInteger(budget) && size > 1 ? Math.ceil(size) : size
  }
  const attempt = (count: number) => within(inUnits(chain, unitFor(count)), unitFor(count))
  let low = 1
  let found = attempt(low)
  if (found === undefined) return undefined
  let high = 2
  for (let more = attempt(high); more !== undefined; more = attempt((high *= 2))) {
    found = more
    low = high
  }
  while (high - low > 1 && high > low * 1.02) {
    const middle = Math.floor((low + high) / 2)
    const more = attempt(middle)
    if (more === undefined) high = middle
    else {
      found = more
      low = middle
    }
  }
  return found
}

function within(chain: Chain, unit: number | undefined): Plannable | undefined {
  if (isUniform(chain)) {
    const equal = equalLevelsOf(chain, forEqual)
    return equal && { chain, unit, levels: { equal } }
  }
  const unequal = levelsOf(chain, forUnequal)
  return unequal && { chain, unit, levels: { unequal } }
}

/** A sentence for a chain that cannot be planned in any unit. */
export function tooLarge(chain: Chain, unit: number | undefined): string {
  const { steps } = chain
  const coarser = unit === undefined ? '' : ', a larger unitBytes'
  if (isUniform(chain)) {
    return `${steps} equal steps need tables larger than 1 GiB. Pass fewer steps${coarser} or a smaller budget, or plan over groups of steps.`
  }
  const bytes = steps * (steps + 1) * 4 * (chain.disk === undefined ? 1 : 2)
  return (
    `${steps} steps of unequal cost or size need tables of ${Math.ceil(bytes / 2 ** 20).toLocaleString('en')} MiB for each amount of memory that can be left ` +
    `and too much time to fill them. Pass fewer steps${coarser} or a smaller budget, plan over groups of steps, or pass the largest cost and sizes as one number for all steps.`
  )
}
