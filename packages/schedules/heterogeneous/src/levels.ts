/**
 * The levels that occur: amounts of free bytes (m in RAM, q on DISK) that a plan may have left at a step.
 *
 * The insight: no table over all amounts is needed. Restart data of step i, once stored, leaves less at every later step; the tape of step
 * i leaves less at step i+1. Equal sizes give few levels whatever the budget is, and no byte is rounded.
 */
import type { Chain } from './chain.js'

/** How much may be planned: levels, bytes of tables, and evaluations of a plain scan. */
export interface Bounds {
  readonly levels: number
  readonly bytes: number
  readonly evaluations: number
}

/** What planning takes. */
export interface PlanSize {
  readonly levels: number
  readonly bytes: number
  readonly evaluations: number
}

/** Free bytes by number. */
export class LevelNumbers {
  readonly m: number[] = []
  readonly q: number[] = []
  readonly #numbers = new Map<number, Map<number, number>>()

  /** The number of a level, `undefined` if it does not occur. */
  find(m: number, q: number): number | undefined {
    return this.#numbers.get(q)?.get(m)
  }

  /** The number of a level, a new one if it has not occurred. */
  add(m: number, q: number): number {
    let row = this.#numbers.get(q)
    if (row === undefined) this.#numbers.set(q, (row = new Map()))
    const known = row.get(m)
    if (known !== undefined) return known
    row.set(m, this.m.length)
    this.q.push(q)
    return this.m.push(m) - 1
  }

  /** The same levels in the order in which tables are filled: by m, then by q. */
  sorted(): { sorted: LevelNumbers; order: Int32Array } {
    const { m, q } = this
    const order = Int32Array.from(m.keys()).sort((x, y) => m[x]! - m[y]! || (q[x]! < q[y]! ? -1 : 1))
    const sorted = new LevelNumbers()
    for (const level of order) sorted.add(m[level]!, q[level]!)
    return { sorted, order }
  }
}

/** The levels of a chain, in the order in which tables are filled, and the steps at which each occurs, ascending. */
export interface ChainLevels {
  readonly numbers: LevelNumbers
  readonly steps: readonly (readonly number[])[]
  readonly size: PlanSize
}

/** `rest[i]`: bytes of all tapes from step i on but the last; with as much memory every tape is kept, and nothing is planned. */
export function ampleFrom({ steps, d, f, hasWorking }: Chain): Float64Array {
  const rest = new Float64Array(steps)
  // If a forward step is free, ties are decided one by one.
  if (hasWorking || f.includes(0)) return rest.fill(Infinity)
  for (let i = steps - 2; i >= 0; i--) rest[i] = rest[i + 1]! + d[i]!
  return rest
}

/** The levels that occur; `undefined` as soon as planning them would take more than the bounds. O(levels · steps) time. */
export function levelsOf(chain: Chain, bounds: Bounds): ChainLevels | undefined {
  const { steps, a, d, ram, disk } = chain
  const tables = disk === undefined ? 1 : 2
  const rest = ampleFrom(chain)
  const numbers = new LevelNumbers()
  const occurs: number[][] = []
  const lasting = new Set<number>() // at this step and all later ones
  let here = new Set([numbers.add(ram, disk ?? 0)])
  const size = { levels: 0, bytes: 0, evaluations: 0 }
  for (let i = 0; i < steps; i++) {
    const left = steps - i
    const next = new Set<number>()
    const stored: number[] = []
    for (const level of here) {
      if (occurs[level] === undefined) {
        occurs[level] = []
        size.levels += 1
        size.bytes += left * (left + 1) * 4 * tables + (left * left) / 4
      }
      occurs[level].push(i)
      const m = numbers.m[level]!
      const q = numbers.q[level]!
      if (m >= rest[i]! || left === 1) continue
      size.evaluations += ((left * left) / 2) * tables
      if (m >= a[i]!) stored.push(numbers.add(m - a[i]!, q))
      if (m >= d[i]!) next.add(numbers.add(m - d[i]!, q))
      if (disk === undefined) continue
      if (q >= a[i]!) stored.push(numbers.add(m, q - a[i]!))
      if (q >= d[i]!) next.add(numbers.add(m, q - d[i]!))
    }
    if (size.levels > bounds.levels || size.bytes > bounds.bytes || size.evaluations > bounds.evaluations)
      return undefined
    for (const level of stored) lasting.add(level)
    for (const level of lasting) next.add(level)
    here = next
  }
  const { sorted, order } = numbers.sorted()
  return { numbers: sorted, steps: Array.from(order, (level) => occurs[level] ?? []), size }
}
