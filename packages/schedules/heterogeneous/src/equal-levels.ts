/** The levels that occur if all steps are equal: budgets less any number of states and tapes. */
import type { Chain } from './chain.js'
import { type Bounds, LevelNumbers, type PlanSize } from './levels.js'

/** The levels in the order in which tables are filled, and the most steps that can remain at each. */
export interface EqualLevels {
  readonly numbers: LevelNumbers
  readonly most: Int32Array
  readonly size: PlanSize
}

/** How many steps can remain with m free bytes so that all their tapes fit; what is left is not planned. */
export function ampleSteps({ f, d, hasWorking }: Chain, m: number): number {
  return hasWorking || f[0] === 0 ? 0 : d[0] === 0 ? Infinity : Math.floor(m / d[0]!) + 1
}

/** The levels that occur; `undefined` as soon as planning them would take more than the bounds. */
export function equalLevelsOf(chain: Chain, bounds: Bounds): EqualLevels | undefined {
  const { steps, ram, disk } = chain
  const a = chain.a[0]!
  const d = chain.d[0]!
  const numbers = new LevelNumbers()
  numbers.add(ram, disk ?? 0)
  const most = [steps]
  const size = { levels: 0, bytes: 0, evaluations: 0 }
  const tables = disk === undefined ? 1 : 2
  // Breadth first: a level is met first with the fewest checkpoints, each of which takes a step away.
  for (let level = 0; level < most.length; level++) {
    const m = numbers.m[level]!
    const q = numbers.q[level]!
    const remain = most[level]!
    size.levels += 1
    size.bytes += 8 * (remain + 1) * tables
    size.evaluations += remain * tables
    if (size.levels > bounds.levels || size.bytes > bounds.bytes || size.evaluations > bounds.evaluations)
      return undefined
    if (remain === 1 || remain <= ampleSteps(chain, m)) continue
    const meet = (m: number, q: number) => {
      if (m >= 0 && q >= 0 && numbers.add(m, q) === most.length) most.push(remain - 1)
    }
    meet(m - a, q)
    meet(m - d, q)
    if (disk === undefined) continue
    meet(m, q - a)
    meet(m, q - d)
  }
  const { sorted, order } = numbers.sorted()
  return { numbers: sorted, most: Int32Array.from(order, (level) => most[level]!), size }
}
