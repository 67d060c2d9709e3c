/**
 * What an H-Revolve schedule adds up to, without running it: how often each subproblem (k, l, m) comes up is passed down the tables,
 * from the top level to the lowest, from many free slots to few, from long stretches to short ones.
 */
import type { Pieces } from '@checkpoint-schedules/core'
import type { Level } from './level-tables.js'
import { FEW } from './pieces.js'

/** What one level sees. Transfers at a level with a closed form cost nothing and are not counted. */
export interface LevelCounts {
  readonly level: Level
  writes: number
  reads: number
  /** Most checkpoints held at once. */
  peak: number
}

/** Counts, in all and by level. */
export interface LevelTally {
  forwardSteps: number
  readonly byLevel: readonly LevelCounts[]
}

/** Adds up the schedule for `steps` steps. O(steps) for each row of the tables. Exact below 2^53. */
export function* tally(steps: number, levels: readonly Level[]): Pieces<LevelTally> {
  const total = { forwardSteps: 0, byLevel: levels.map((level) => ({ level, writes: 0, reads: 0, peak: 0 })) }
  // How often l+1 steps come up with nothing stored at the first one, at the level at work with all its slots.
  let arrivals = new Float64Array(steps)
  arrivals[steps - 1] = 1
  for (const counts of total.byLevel.toReversed()) arrivals = yield* passLevel(counts, arrivals, total)
  total.forwardSteps += arrivals[0]! // single steps are left, to be taped
  return total
}

// Returns what is left to the level below.
function* passLevel(
  counts: LevelCounts,
  arrivals: Float64Array,
  total: LevelTally,
): Pieces<Float64Array<ArrayBuffer>> {
  const below = new Float64Array(arrivals.length)
  const { level } = counts
  const { forwardSteps } = level
  if (forwardSteps !== undefined) {
    for (let l = 0; l < arrivals.length; l++) {
      if (l % FEW === 0) yield 1
      const count = arrivals[l]!
      if (count === 0) continue
      total.forwardSteps += count * forwardSteps(l)
      counts.peak = Math.max(counts.peak, Math.min(level.slots, l))
    }
    return below
  }
  for (let m = level.slots; m >= 1; m--) {
    const next = new Float64Array(arrivals.length) // with one slot less
    const again = new Float64Array(arrivals.length) // read back: stored at this level already
    let busy = false
    for (let l = arrivals.length - 1; l >= 0; l--) {
      if (l % FEW === 0) yield 1
      const fresh = arrivals[l]!
      const stored = again[l]!
      if (fresh + stored === 0) continue
      if (l === 0) {
        below[0]! += fresh + stored
        continue
      }
      const writes = level.storeThenAdvance(l, m) > 0 ? fresh : 0
      if (writes > 0) {
        counts.writes += writes
        counts.peak = Math.max(counts.peak, level.slots - m + 1)
      }
      const j = level.advanceAgain(l, m)
      const here = writes + (j > 0 ? stored : 0)
      below[l]! += fresh + stored - here
      if (here === 0) continue
      total.forwardSteps += here * j
      counts.reads += here
      next[l - j]! += here
      again[j - 1]! += here
      busy = true
    }
    if (!busy) return below
    arrivals = next
  }
  for (let l = 0; l < arrivals.length; l++) below[l]! += arrivals[l]!
  return below
}
