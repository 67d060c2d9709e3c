/**
 * Revolve, segment after segment: checkpoints on disk cut the steps into segments, and each one is reversed in memory alone, by
 * binomial checkpointing (Griewank & Walther 2000, doi:10.1145/347837.347846). Revolve itself is the case of one segment.
 *
 * ```
 * 0           4           8
 * D---------->D---------->             forward: a checkpoint on disk at the start of each segment but the last
 *                         R->R->|      the last segment first, with checkpoints in memory
 *             R->R->|                  then read the disk, and the one before
 * ```
 */
import { extraSteps, optimalSplit } from '@checkpoint-schedules/binomial'
import {
  type Action,
  advance,
  copy,
  endForward,
  endReverse,
  move,
  reverse,
  store,
  tape,
} from '@checkpoint-schedules/core'

/** How the steps are cut. */
export interface Segments {
  readonly count: number
  /** The first step of segment i; ascending, from 0. */
  start(i: number): number
  /** The step whose disk checkpoint leads to segment i: its own start, or an earlier one, which is then read again later. */
  origin(i: number): number
}

/** No checkpoint on disk. */
export const oneSegment: Segments = { count: 1, start: () => 0, origin: () => 0 }

/**
 * The actions. O(slots) memory beside the segments, O(log t) time for each action.
 *
 * @param slots - Checkpoints in memory, at least 1.
 */
export function* reverseSegments(steps: number, slots: number, segments: Segments): Generator<Action> {
  const stack: number[] = [] // the step whose restart data is in each slot in memory
  let n = 0
  for (let i = 1; i < segments.count; i++) {
    const start = segments.start(i)
    if (segments.origin(i) !== start) continue // reached from disk only
    yield store(n, start, 'DISK')
    n = start
  }
  for (let i = segments.count - 1, end = steps; i >= 0; i--) {
    const start = segments.start(i)
    const origin = segments.origin(i)
    if (end < steps) {
      if (origin === start) yield move(start, 'DISK')
      else {
        yield copy(origin, 'DISK')
        yield advance(origin, start)
      }
      n = start
    }
    for (; end > start; end--) {
      // Sweep to the last step not reversed yet, with a checkpoint in each free slot on the way.
      while (n < end - 1) {
        const m = optimalSplit(end - n, slots - stack.length, 'largest')
        yield store(n, n + m, 'RAM')
        stack.push(n)
        n += m
      }
      yield tape(end - 1)
      if (end === steps) yield endForward()
      yield reverse(end - 1)
      // Go back to the last checkpoint: for the last time if it is at the next step to reverse.
      const last = stack.pop()
      if (last === undefined) continue // that was the segment's first step
      n = last
      if (n === end - 2) {
        yield move(n, 'RAM')
      } else {
        yield copy(n, 'RAM')
        const m = optimalSplit(end - 1 - n, slots - stack.length, 'largest')
        stack.push(n)
        yield advance(n, n + m)
        n += m
      }
    }
  }
  yield endReverse()
}

/** What the actions add up to. */
export interface SegmentCounts {
  readonly forwardSteps: number
  readonly diskWrites: number
  readonly diskReads: number
  /** The steps of the longest segment. */
  readonly longest: number
}

/** Counts without iterating. O(segments) time. */
export function countSegments(steps: number, slots: number, segments: Segments): SegmentCounts {
  const last = segments.count - 1
  let forwardSteps = segments.start(last)
  let diskWrites = 0
  let longest = 0
  for (let i = last, end = steps; i >= 0; i--) {
    const start = segments.start(i)
    const length = end - start
    forwardSteps += length + extraSteps(length, slots)
    if (i < last) {
      const again = start - segments.origin(i)
      forwardSteps += again
      if (again === 0) diskWrites += 1
    }
    longest = Math.max(longest, length)
    end = start
  }
  return { forwardSteps, diskWrites, diskReads: last, longest }
}
