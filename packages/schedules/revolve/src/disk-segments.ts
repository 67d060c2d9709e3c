/**
 * OptInf: where to place checkpoints on a disk of any size, each of which is read once (Aupy et al. 2016, doi:10.1137/15M1019222,
 * section 4).
 *
 * With l+1 steps to reverse, w and r the costs of writing and reading the disk:
 *
 *     OptInf[l] = min( Opt0[l],  w + r + min over j of  j·uf + OptInf[l-j] + Opt0[j-1] )
 *
 * Opt0 is convex, so a deque fills the row.
 */
import { type CostModelFor, type Pieces } from '@checkpoint-schedules/core'
import { fillByDeque } from './deque-row.js'
import { opt0Row } from './opt0.js'
import { MANY, part } from './pieces.js'
import type { Segments } from './segments.js'

/** The most bytes a step that `planDiskSegments` holds at once. */
export const DISK_TABLE_BYTES = 44

/** The optimal segments. O(steps·log steps) time; only the segments are kept. */
export function* planDiskSegments(
  steps: number,
  slots: number,
  costs: CostModelFor<'DISK'>,
): Pieces<Segments> {
  const { forwardStep: uf, adjointStep: ub } = costs
  const constant = costs.write['DISK'] + costs.read['DISK']
  const end = steps - 1
  const base = yield* part(0, 0.1, opt0Row(end, slots, uf, ub))
  const known = new Float64Array(steps)
  for (let j = 1; j <= end; j++) {
    known[j] = j * uf + base[j - 1]!
    if (j % MANY === 0) yield 0.1 + (0.1 * j) / end
  }
  const winners = new Int32Array(steps) // i = l-j
  const values = new Float64Array(steps)
  // The first i is the largest j.
  yield* part(0.2, 1, fillByDeque({ base, known, constant, stride: 0, lag: 0, values, winners }))

  const starts = [0]
  for (let l = end; winners[l]! > 0; l = winners[l]!) {
    starts.push(starts[starts.length - 1]! + l - winners[l]!)
    if (starts.length % MANY === 0) yield 1
  }
  const start = Int32Array.from(starts)
  return { count: start.length, start: (i) => start[i]! }
}
