/**
 * How often each slot of a binomial checkpoint stack is written and read, without running the schedule.
 *
 * The reversal is a tree. A node (n, s) is n steps before a checkpoint in the slot of its depth with s slots from there on:
 * reading the checkpoint, advancing m and continuing from there leaves a child (n-m, s-1) one slot deeper, then
 * the same slot with (m, s):
 *
 * ```
 * slot d     p ------- m -------> p+m ---- n-m ----> p+n
 *            (m, s) is read again  (n-m, s-1) in slot d+1
 * ```
 *
 * Only the multiset of the sizes n at each depth matters, and there are few distinct ones: about O(t) at each depth, while the schedule has
 * about t·N actions.
 */
import { optimalSplit, type Trajectory } from '@checkpoint-schedules/binomial'
import type { Pieces } from '@checkpoint-schedules/core'

/** Writes and reads by slot, lowest first. */
export interface SlotTraffic {
  readonly writes: Float64Array
  readonly reads: Float64Array
}

/** Sizes of subtrees, largest first, each with how often it occurs. */
type Sizes = { readonly n: number; count: number }[]

/** Beyond this many slots their traffic would fill gigabytes. */
export const MOST_SLOTS = 2 ** 26

/** Beyond this many different subtrees, on top of a few for each slot, counting would take minutes. */
const MOST_SIZES = 2 ** 18
const FEW = 8

/** Subtrees met between two yields: a millisecond or so. */
const PIECE = 1024

/**
 * The traffic of reversing `steps` steps with a stack of `slots` slots, 1 <= slots <= steps-1, for the lowest `count` slots. Exact below
 * 2^53; `undefined` if counting would take gigabytes or minutes. In pieces.
 *
 * @param trajectory - Which optimal split is taken.
 */
export function* slotTraffic(
  steps: number,
  slots: number,
  trajectory: Trajectory,
  count = slots,
): Pieces<SlotTraffic | undefined> {
  if (count > MOST_SLOTS) return undefined
  const writes = new Float64Array(count)
  const reads = new Float64Array(count)
  let roots: Sizes = [{ n: steps, count: 1 }]
  let left = MOST_SIZES + FEW * count
  let done = 0
  for (let slot = 0; slot < count; slot++) {
    const s = slots - slot
    writes[slot] = roots.reduce((sum, { count }) => sum + count, 0)
    const level = s === 1 ? lastSlot(roots) : expand(roots, s, trajectory, left)
    if (level === undefined) return undefined
    left -= level.sizes
    done += 1 + level.sizes
    if (done >= PIECE) {
      yield
      done = 0
    }
    reads[slot] = level.reads
    roots = level.children
  }
  return { writes, reads }
}

/** What a slot is read for: its reads, the subtrees in the next slot, and how many sizes were met. */
interface Level {
  readonly reads: number
  readonly children: Sizes
  readonly sizes: number
}

// The last slot is read for every step but the one whose forward is already there.
function lastSlot(roots: Sizes): Level {
  return { reads: roots.reduce((sum, { n, count }) => sum + count * (n - 1), 0), children: [], sizes: 0 }
}

// The optimal split grows with n, so sizes that are taken largest first leave their remainders largest first, too: two sorted
// queues merge into one.
function expand(roots: Sizes, s: number, trajectory: Trajectory, most: number): Level | undefined {
  const children: Sizes = []
  let isSorted = true
  const again: Sizes = []
  let reads = 0
  let met = 0
  for (let i = 0, j = 0; i < roots.length || j < again.length;) {
    met += 1
    if (met > most) return undefined
    const n = Math.max(roots[i]?.n ?? 0, again[j]?.n ?? 0)
    const count = (roots[i]?.n === n ? roots[i++]!.count : 0) + (again[j]?.n === n ? again[j++]!.count : 0)
    const m = optimalSplit(n, s, trajectory)
    reads += count
    if (n - m > 1) {
      const child = children.at(-1)
      if (child?.n === n - m) child.count += count
      else children.push({ n: n - m, count })
      if (child !== undefined && child.n < n - m) isSorted = false
    }
    if (m === 1) continue
    const last = again.at(-1)
    if (last?.n === m) last.count += count
    else again.push({ n: m, count })
  }
  return { reads, children: isSorted ? children : merged(children), sizes: met }
}

function merged(sizes: Sizes): Sizes {
  const counts = new Map<number, number>()
  for (const { n, count } of sizes) counts.set(n, (counts.get(n) ?? 0) + count)
  return Array.from(counts, ([n, count]) => ({ n, count })).toSorted((a, b) => b.n - a.n)
}
