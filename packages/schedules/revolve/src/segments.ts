/**
 * The route through segments, each of which has a checkpoint on disk at its start that is read once.
 *
 * ```
 * 0           4           8
 * D---------->D---------->             forward: a checkpoint on disk at the start of each segment but the last
 *                         |---->       the last segment first
 *             |---------->             then read the disk, and the one before
 * ```
 */
import { extraSteps } from '@checkpoint-schedules/binomial'
import { type Action, move, type Pieces, store } from '@checkpoint-schedules/core'
import { FEW } from './pieces.js'

/** How the steps are cut. */
export interface Segments {
  readonly count: number
  /** The first step of segment i; ascending, from 0. */
  readonly start: (i: number) => number
}

/** Actions on disk, and numbers for `reverseRoute`. O(1) memory besides the segments. */
export function* segmentRoute({ count, start }: Segments): Generator<Action | number> {
  for (let i = 1; i < count; i++) yield store(start(i - 1), start(i), 'DISK')
  yield start(count - 1)
  for (let i = count - 2; i >= 0; i--) {
    yield move(start(i), 'DISK')
    yield start(i)
  }
}

/** What the actions add up to. */
export interface SegmentCounts {
  readonly forwardSteps: number
  /** Checkpoints written to disk; each one is read once. */
  readonly onDisk: number
  /** The steps of the longest segment. */
  readonly longest: number
}

/** Counts without iterating. O(segments) time. */
export function* countSegments(
  steps: number,
  slots: number,
  { count, start }: Segments,
): Pieces<SegmentCounts> {
  let forwardSteps = start(count - 1)
  let longest = 0
  for (let i = count - 1, end = steps; i >= 0; i--) {
    const length = end - start(i)
    forwardSteps += length + extraSteps(length, slots)
    longest = Math.max(longest, length)
    end = start(i)
    if (i % FEW === 0) yield 1
  }
  return { forwardSteps, onDisk: count - 1, longest }
}
