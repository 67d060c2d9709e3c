/**
 * OptInf: where to place checkpoints on a disk of any size (Aupy et al. 2016, doi:10.1137/15M1019222, sections 4 and 5).
 *
 * With l+1 steps to reverse, w and r the costs of writing and reading the disk:
 *
 *     OptInf[l] = min( Opt0[l],  w + r + min over j of  j·uf + OptInf[l-j] + P[j-1] )
 *
 * P is Opt0 where each disk checkpoint is read once: its j steps are then reversed in memory. Where it may be read many times it is
 *
 *     Opt1D[l] = min( Opt0[l],  r + min over j of  j·uf + Opt0[l-j] + Opt1D[j-1] )
 *
 * Opt0 is convex, so a deque fills the first form of OptInf and Opt1D; OptInf over Opt1D has no convex operand and takes the
 * hull method.
 */
import type { CostModelFor } from '@checkpoint-schedules/core'
import { fillByDeque } from './deque-row.js'
import { fillByHull } from './hull-row.js'
import { opt0Row } from './opt0.js'
import type { Segments } from './segments.js'

/** How often a checkpoint on disk is read. */
export type DiskReads = 'once' | 'many'

/** The most bytes that `planDiskSegments` holds at once. */
export function diskTableBytes(steps: number, reads: DiskReads): number {
  return steps * (reads === 'once' ? 44 : 92)
}

/** The optimal segments. O(steps·log steps) time where `reads` is `'once'`; only the segments are kept. */
export function planDiskSegments(
  steps: number,
  slots: number,
  costs: CostModelFor<'DISK'>,
  reads: DiskReads,
): Segments {
  const { forwardStep: uf, adjointStep: ub } = costs
  const w = costs.write['DISK']
  const r = costs.read['DISK']
  const end = steps - 1
  const base = opt0Row(end, slots, uf, ub)
  const values = new Float64Array(steps)

  const readAgain = new Int32Array(reads === 'many' ? steps : 0) // the best j of Opt1D
  let piece = base // P
  if (reads === 'many') {
    piece = new Float64Array(steps)
    const row = {
      base,
      known: base,
      constant: r,
      stride: uf,
      lag: 1,
      values: piece,
      winners: readAgain,
    } as const
    fillByDeque(row, 'last')
  }

  const known = new Float64Array(steps)
  for (let j = 1; j <= end; j++) known[j] = j * uf + piece[j - 1]!
  const winners = new Int32Array(steps) // i = l-j
  const row = { base, known, constant: w + r, stride: 0, lag: 0, values, winners } as const
  if (reads === 'many') fillByHull(row)
  else fillByDeque(row, 'first') // the first i is the largest j
  return cut(steps, winners, readAgain)
}

// Follows the tables: a block from each disk checkpoint to the next, cut again where the checkpoint is read more than once.
function cut(steps: number, winners: Int32Array, readAgain: Int32Array): Segments {
  const starts: number[] = []
  const origins: number[] = []
  let block = 0
  for (let l = steps - 1; winners[l]! > 0;) {
    const rest = winners[l]!
    const within: number[] = [] // last one first; `readAgain` is empty where each checkpoint is read once
    for (let j = readAgain[l - rest - 1] ?? 0; j > 0; j = readAgain[j - 1]!) within.push(block + j)
    for (const start of [block, ...within.toReversed()]) {
      starts.push(start)
      origins.push(block)
    }
    block += l - rest
    l = rest
  }
  starts.push(block)
  origins.push(block)
  const start = Int32Array.from(starts)
  const origin = Int32Array.from(origins)
  return { count: start.length, start: (i) => start[i]!, origin: (i) => origin[i]! }
}
