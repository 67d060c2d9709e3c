/**
 * The plan for steps of unequal cost and size.
 *
 * V(i,j) is the least extra cost of reversing the steps i … j-1 with the forward at i and nothing stored there, K(i,j) the same with
 * restart data of i on disk, whose bytes still count as free. For the level (m, q) and F(i,k) = f_i + … + f_{k-1}
 *
 *     V(i,j) = least of   keep in RAM     V(i+1,j) at (m-d_i, q)
 *                         store in RAM    F(i,k) + V(i,k) + V(k,j) at (m-a_i, q),   i < k < j
 *                         keep on DISK    w(d_i) + r(d_i) + V(i+1,j) at (m, q-d_i)
 *                         store on DISK   w(a_i) + K(i,j)
 *     K(i,j) = least of   F(i,k) + r(a_i) + min(V(i,k), K(i,k)) + V(k,j) at (m, q-a_i)
 *
 * as far as there is room. After a read from RAM V serves too: storing again is free.
 */
import { BlockScan } from './block-scan.js'
import type { Chain } from './chain.js'
import { type Arrival, cheapest, type Decision, type Decisions } from './decisions.js'
import { BLOCK_BITS, LevelTable } from './level-table.js'
import { ampleFrom, type ChainLevels, type LevelNumbers } from './levels.js'
import { Room } from './room.js'

/** The levels that one step leads to from another one; `undefined` where there is no room. */
interface Below {
  readonly keepRam: number | undefined
  readonly storeRam: number | undefined
  readonly keepDisk: number | undefined
  readonly storeDisk: number | undefined
}

/** O(levels · steps²) memory; O(levels · steps³) time at worst, usually a tenth of it. */
export class UnequalSteps implements Decisions {
  readonly top: number
  extraCost = Infinity
  readonly #chain: Chain
  readonly #numbers: LevelNumbers
  readonly #rest: Float64Array
  readonly #room: Room
  readonly #steps: ChainLevels['steps']
  readonly #blockBits: number
  readonly #tables: LevelTable[] = []

  /** To be filled before it is asked. */
  constructor(chain: Chain, { numbers, steps }: ChainLevels, blockBits = BLOCK_BITS) {
    this.#chain = chain
    this.#numbers = numbers
    this.#rest = ampleFrom(chain)
    this.#room = new Room(chain)
    this.#steps = steps
    this.#blockBits = blockBits
    this.top = numbers.find(chain.ram, chain.disk ?? 0)!
  }

  /** Fills the tables, and yields the part that is done after each row. */
  *fill(): Generator<number, void> {
    const { steps: N, disk } = this.#chain
    const blockBits = this.#blockBits
    const hasDisk = disk !== undefined
    const rows = this.#steps.reduce((sum, occurs) => sum + occurs.length, 0)
    let done = 0
    const ramScan = new BlockScan(N, blockBits)
    const diskScan = new BlockScan(N, blockBits)
    for (const [level, occurs] of this.#steps.entries()) {
      this.#tables.push(new LevelTable(N, occurs[0]!, hasDisk, blockBits))
      for (let row = occurs.length - 1; row >= 0; row--) {
        this.#fillRow(level, occurs[row]!, ramScan, diskScan)
        yield ++done / rows
      }
    }
    this.extraCost = this.#v(this.top, 0, N)
  }

  decide(i: number, j: number, level: number, arrival: Arrival): Decision {
    if (j === i + 1) return { choice: 'tape' }
    // What is stored is not counted any more: all of it fits.
    if (this.#isAmple(level, i)) return { choice: 'keep', storage: 'RAM', level }
    const { f, readA, writeA, readD, writeD } = this.#chain
    const below = this.#below(level, i)
    const room = this.#room.of(this.#numbers.m[level]!, i)
    const ways = {
      keepRam: below.keepRam !== undefined && room.keepRam(j) ? this.#v(below.keepRam, i + 1, j) : Infinity,
      storeRam: Infinity,
      ramSplit: 0,
      keepDisk:
        below.keepDisk !== undefined && room.keepDisk(j)
          ? writeD[i]! + readD[i]! + this.#v(below.keepDisk, i + 1, j)
          : Infinity,
      storeDisk: Infinity,
      diskSplit: 0,
    }
    const lastRam = below.storeRam === undefined ? i : room.lastAfterRam(j)
    const lastDisk = below.storeDisk === undefined ? i : room.lastAfterDisk(j)
    for (let k = i + 1, way = 0; k < j; k++) {
      way += f[k - 1]!
      const again = this.#v(level, i, k)
      if (k <= lastRam) {
        const cost = way + again + this.#v(below.storeRam!, k, j)
        if (cost <= ways.storeRam) [ways.storeRam, ways.ramSplit] = [cost, k]
      }
      if (k <= lastDisk) {
        const cost = way + readA[i]! + Math.min(again, this.#k(level, i, k)) + this.#v(below.storeDisk!, k, j)
        if (cost <= ways.storeDisk) [ways.storeDisk, ways.diskSplit] = [cost, k]
      }
    }
    if (arrival !== 'DISK') ways.storeDisk += writeA[i]!
    const { choice, storage, k } = cheapest(ways, arrival)
    if (choice === 'keep') {
      return { choice, storage, level: (storage === 'RAM' ? below.keepRam : below.keepDisk)! }
    }
    return { choice, storage, k, level: (storage === 'RAM' ? below.storeRam : below.storeDisk)! }
  }

  #fillRow(level: number, i: number, ramScan: BlockScan, diskScan: BlockScan): void {
    const { steps, f, e, v, z, readA, writeA, readD, writeD } = this.#chain
    const table = this.#tables[level]!
    if (this.#isAmple(level, i)) {
      for (let j = i + 1; j <= steps; j++) table.enter(i, j, 0, 0)
      return
    }
    const m = this.#numbers.m[level]!
    const below = this.#below(level, i)
    const room = this.#room.of(m, i)
    const stored = below.storeRam === undefined ? undefined : this.#tables[below.storeRam]!
    const onDisk = below.storeDisk === undefined ? undefined : this.#tables[below.storeDisk]!
    if (stored !== undefined) ramScan.start(i, stored)
    if (onDisk !== undefined) diskScan.start(i, onDisk)
    const transfer = writeD[i]! + readD[i]!

    let value = m >= Math.max(v[i]! + e[i + 1]!, z[i]!) ? 0 : Infinity
    let onceRead = Infinity // K
    table.enter(i, i + 1, value, 0)
    let way = 0 // F
    for (let j = i + 2; j <= steps; j++) {
      way += f[j - 2]!
      ramScan.h[j - 1] = way + value
      diskScan.h[j - 1] = way + readA[i]! + Math.min(value, onceRead)
      const before = value
      value = Infinity
      if (onDisk !== undefined) {
        onceRead = diskScan.least(j, room.lastAfterDisk(j), Infinity)
        table.k![table.column(j) + i] = onceRead
        value = writeA[i]! + onceRead
      }
      if (below.keepRam !== undefined && room.keepRam(j))
        value = Math.min(value, this.#v(below.keepRam, i + 1, j))
      if (below.keepDisk !== undefined && room.keepDisk(j))
        value = Math.min(value, transfer + this.#v(below.keepDisk, i + 1, j))
      if (stored !== undefined) value = ramScan.least(j, room.lastAfterRam(j), value)
      table.enter(i, j, value, before)
    }
  }

  #isAmple(level: number, i: number): boolean {
    return this.#numbers.m[level]! >= this.#rest[i]!
  }

  #below(level: number, i: number): Below {
    const { a, d, disk } = this.#chain
    const numbers = this.#numbers
    const m = numbers.m[level]!
    const q = numbers.q[level]!
    return {
      keepRam: m >= d[i]! ? numbers.find(m - d[i]!, q) : undefined,
      storeRam: m >= a[i]! ? numbers.find(m - a[i]!, q) : undefined,
      keepDisk: disk !== undefined && q >= d[i]! ? numbers.find(m, q - d[i]!) : undefined,
      storeDisk: disk !== undefined && q >= a[i]! ? numbers.find(m, q - a[i]!) : undefined,
    }
  }

  #v(level: number, i: number, j: number): number {
    const table = this.#tables[level]!
    return table.v[table.column(j) + i]!
  }

  #k(level: number, i: number, j: number): number {
    const table = this.#tables[level]!
    return table.k![table.column(j) + i]!
  }
}
