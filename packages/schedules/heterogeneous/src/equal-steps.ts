/**
 * The plan for equal steps: the recurrences of `unequal-steps.ts`, in which only the number of steps n counts.
 *
 *     V(n) = least of   V(n-1) at (m-d, q),   k·f + V(k) + V(n-k) at (m-a, q),   w(d) + r(d) + V(n-1) at (m, q-d),   w(a) + K(n)
 *     K(n) = least of   k·f + r(a) + min(V(k), K(k)) + V(n-k) at (m, q-a)
 *
 * What taping and reversing a step costs may vary: every plan does both once.
 */
import type { Chain } from './chain.js'
import { type Arrival, cheapest, type Decision, type Decisions } from './decisions.js'
import { ampleSteps, type EqualLevels } from './equal-levels.js'
import { HullSearch } from './hull-search.js'
import type { LevelNumbers } from './levels.js'

interface Row {
  readonly v: Float64Array
  readonly k: Float64Array | undefined
}

const MOST_REMEMBERED = 100_000

/** Steps between two looks at the clock. */
const OFTEN = 8192

/** 8 bytes for each level and step, twice with a disk; near-linear time in practice, O(levels · steps²) at worst. */
export class EqualSteps implements Decisions {
  readonly top: number
  extraCost = Infinity
  readonly #chain: Chain
  readonly #numbers: LevelNumbers
  readonly #rows: Row[] = []
  readonly #grain: number
  readonly #decided = new Map<number, Decision>()

  readonly #most: Int32Array

  /** To be filled before it is asked. */
  constructor(chain: Chain, { numbers, most }: EqualLevels) {
    this.#chain = chain
    this.#numbers = numbers
    this.#grain = grainOf(chain)
    this.#most = most
    this.top = numbers.find(chain.ram, chain.disk ?? 0)!
  }

  /** Fills the tables, and yields the part that is done now and then. */
  *fill(): Generator<number, void> {
    let done = 0
    for (const [level, steps] of this.#most.entries()) {
      for (const part of this.#fillRow(level, steps)) yield (level + part) / this.#most.length
      // Short rows: many make a piece.
      done += steps
      if (done < OFTEN) continue
      done = 0
      yield (level + 1) / this.#most.length
    }
    this.extraCost = this.#rows[this.top]!.v[this.#chain.steps]!
  }

  decide(i: number, j: number, level: number, arrival: Arrival): Decision {
    if (j === i + 1) return { choice: 'tape' }
    const key = (level * (this.#chain.steps + 1) + j - i) * 3 + ['new', 'RAM', 'DISK'].indexOf(arrival)
    let decision = this.#decided.get(key)
    if (decision === undefined) {
      if (this.#decided.size >= MOST_REMEMBERED) this.#decided.clear()
      decision = this.#decide(j - i, level, arrival)
      this.#decided.set(key, decision)
    }
    return decision.choice === 'store' ? { ...decision, k: i + decision.k } : decision
  }

  // As if i were 0.
  #decide(n: number, level: number, arrival: Arrival): Decision {
    // What is stored is not counted any more: all of it fits.
    if (this.#isAmple(level)) return { choice: 'keep', storage: 'RAM', level }
    const f = this.#chain.f[0]!
    const { keepRam, keepDisk, storeRam, storeDisk, readA, writeA, transferD } = this.#below(level)
    const { v, k: onceRead } = this.#rows[level]!
    const value = (at: number | undefined, n: number) => (at === undefined ? Infinity : this.#rows[at]!.v[n]!)
    const ways = {
      keepRam: value(keepRam, n - 1),
      storeRam: Infinity,
      ramSplit: 0,
      keepDisk: transferD + value(keepDisk, n - 1),
      storeDisk: Infinity,
      diskSplit: 0,
    }
    for (let k = 1; k < n; k++) {
      const inRam = k * f + v[k]! + value(storeRam, n - k)
      if (inRam <= ways.storeRam) [ways.storeRam, ways.ramSplit] = [inRam, k]
      if (onceRead === undefined) continue
      const onDisk = k * f + readA + Math.min(v[k]!, onceRead[k]!) + value(storeDisk, n - k)
      if (onDisk <= ways.storeDisk) [ways.storeDisk, ways.diskSplit] = [onDisk, k]
    }
    if (arrival !== 'DISK') ways.storeDisk += writeA
    const { choice, storage, k } = cheapest(ways, arrival)
    if (choice === 'keep') return { choice, storage, level: (storage === 'RAM' ? keepRam : keepDisk)! }
    return { choice, storage, k, level: (storage === 'RAM' ? storeRam : storeDisk)! }
  }

  *#fillRow(level: number, steps: number): Generator<number, void> {
    const { f, v: taping, z, e, disk } = this.#chain
    const v = new Float64Array(steps + 1)
    const onceRead = disk === undefined ? undefined : new Float64Array(steps + 1).fill(Infinity)
    this.#rows.push({ v, k: onceRead })
    const m = this.#numbers.m[level]!
    if (steps <= ampleSteps(this.#chain, m)) return
    const { keepRam, keepDisk, storeRam, storeDisk, readA, writeA, transferD } = this.#below(level)
    const row = (at: number | undefined) => (at === undefined ? undefined : this.#rows[at]!.v)
    const [keptRam, keptDisk, storedRam, storedDisk] = [keepRam, keepDisk, storeRam, storeDisk].map(row)
    const left = new Float64Array(steps + 1)
    const leftDisk = new Float64Array(onceRead === undefined ? 0 : steps + 1)
    const ram = storedRam && new HullSearch(left, storedRam, this.#grain)
    const onDisk = storedDisk && new HullSearch(leftDisk, storedDisk, this.#grain)

    v[1] = m >= Math.max(taping[0]! + e[0]!, z[0]!) ? 0 : Infinity
    for (let n = 2; n <= steps; n++) {
      left[n - 1] = (n - 1) * f[0]! + v[n - 1]!
      let least = Infinity
      if (onceRead !== undefined && onDisk !== undefined) {
        leftDisk[n - 1] = (n - 1) * f[0]! + readA + Math.min(v[n - 1]!, onceRead[n - 1]!)
        onceRead[n] = onDisk.least(n, Infinity)
        least = writeA + onceRead[n]!
      }
      if (keptRam !== undefined) least = Math.min(least, keptRam[n - 1]!)
      if (keptDisk !== undefined) least = Math.min(least, transferD + keptDisk[n - 1]!)
      v[n] = ram === undefined ? least : ram.least(n, least)
      if (n % OFTEN === 0) yield n / steps
    }
  }

  #isAmple(level: number): boolean {
    return this.#rows[level]!.v.length - 1 <= ampleSteps(this.#chain, this.#numbers.m[level]!)
  }

  // The levels that a step leads to; `undefined` where there is no room for what it leaves or needs.
  #below(level: number) {
    const { a: states, d: tapes, disk, u, v, z, e, readA, writeA, readD, writeD } = this.#chain
    const [a, d] = [states[0]!, tapes[0]!]
    const standing = e[0]!
    const numbers = this.#numbers
    const m = numbers.m[level]!
    const q = numbers.q[level]!
    const forward = u[0]! + standing
    const find = (fits: boolean, m: number, q: number) =>
      fits && m >= 0 && q >= 0 ? numbers.find(m, q) : undefined
    return {
      keepRam: find(m >= z[0]! && m - d >= forward, m - d, q),
      storeRam: find(m - a >= forward, m - a, q),
      keepDisk: find(disk !== undefined && m >= z[0]! && m >= v[0]! + standing, m, q - d),
      storeDisk: find(disk !== undefined && m >= forward, m, q - a),
      readA: readA[0]!,
      writeA: writeA[0]!,
      transferD: writeD[0]! + readD[0]!,
    }
  }
}

/** What all costs are multiples of; next to nothing if they have no common measure. */
function grainOf({ f, disk, readA, writeA, readD, writeD }: Chain): number {
  const costs = disk === undefined ? [f[0]!] : [f[0]!, readA[0]!, writeA[0]!, writeD[0]! + readD[0]!]
  return costs.reduce((x, y) => {
    while (y > 0) [x, y] = [y, x % y]
    return x
  })
}
