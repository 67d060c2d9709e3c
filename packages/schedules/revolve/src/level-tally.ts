/**
 * What an H-Revolve schedule adds up to, without running it: how often each subproblem (k, l, m) comes up is passed down the tables,
 * from the top level to the lowest, from many free slots to few, from long stretches to short ones.
 */
import type { Level } from './level-tables.js'

/** Counts. Transfers and peaks by level; transfers at a level with a closed form cost nothing and are not counted. */
export interface LevelTally {
  readonly forwardSteps: number
  readonly writes: readonly number[]
  readonly reads: readonly number[]
  /** Most checkpoints held at once. */
  readonly peak: readonly number[]
}

/** Adds up the schedule for `steps` steps. O(steps) for each row of the tables. Exact below 2^53. */
export function tally(steps: number, levels: readonly Level[]): LevelTally {
  const none = () => levels.map(() => 0)
  const total = { forwardSteps: 0, writes: none(), reads: none(), peak: none() }
  // How often l+1 steps come up with nothing stored at the first one, at the level at work with all its slots.
  let arrivals = new Float64Array(steps)
  arrivals[steps - 1] = 1
  for (let k = levels.length - 1; k >= 0; k--) {
    const level = levels[k]!
    if (level.forwardSteps === undefined) arrivals = passLevel(k, level, arrivals, total)
    else {
      arrivals.forEach((count, l) => {
        if (count === 0) return
        total.forwardSteps += count * level.forwardSteps!(l)
        total.peak[k] = Math.max(total.peak[k]!, Math.min(level.slots, l))
      })
    }
  }
  if (levels[0]!.forwardSteps === undefined) total.forwardSteps += arrivals[0]! // single steps are left, to be taped
  return total
}

type Total = { forwardSteps: number; writes: number[]; reads: number[]; peak: number[] }

// Returns what is left to the level below.
function passLevel(k: number, level: Level, arrivals: Float64Array, total: Total): Float64Array<ArrayBuffer> {
  const below = new Float64Array(arrivals.length)
  for (let m = level.slots; m >= 1; m--) {
    const next = new Float64Array(arrivals.length) // with one slot less
    const again = new Float64Array(arrivals.length) // read back: stored at this level already
    let busy = false
    for (let l = arrivals.length - 1; l >= 0; l--) {
      const fresh = arrivals[l]!
      const stored = again[l]!
      if (fresh + stored === 0) continue
      if (l === 0) {
        below[0]! += fresh + stored
        continue
      }
      const split = level.split(l, m)
      if (split > 0 && fresh > 0) {
        total.writes[k]! += fresh
        total.peak[k] = Math.max(total.peak[k]!, level.slots - m + 1)
      }
      const here = (split > 0 ? fresh : 0) + (split === 0 ? 0 : stored)
      below[l]! += fresh + stored - here
      if (here === 0) continue
      const j = Math.abs(split)
      total.forwardSteps += here * j
      total.reads[k]! += here
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
