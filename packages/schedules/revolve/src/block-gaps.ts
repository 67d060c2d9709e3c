/**
 * How far a sequence stays above its hull, block by block: a hull of few long edges is a poor bound between its vertices, and a block
 * whose every point is well above it can be passed over at a glance.
 */

import type { Pieces } from '@checkpoint-schedules/core'
import { MANY } from './pieces.js'

/** Indices i with the same `i >> BLOCK_BITS` are one block. */
export const BLOCK_BITS = 6

/** Writes the least distance of each whole block's points from the hull; blocks that are not whole get 0. */
export function* fillBlockGaps(
  gaps: Float64Array,
  points: Float64Array,
  from: number,
  to: number,
  hullAt: (i: number) => number,
): Pieces<void> {
  const size = 1 << BLOCK_BITS
  for (let start = Math.ceil(from / size) * size; start + size <= to + 1; start += size) {
    let least = Infinity
    for (let i = start; i < start + size; i++) least = Math.min(least, points[i]! - hullAt(i))
    gaps[start >> BLOCK_BITS] = Math.max(0, least)
    if (start % MANY === 0) yield start / to
  }
}
