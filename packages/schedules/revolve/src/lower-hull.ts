/** The lower convex hull of a sequence: the largest convex sequence that is nowhere above it. */

import type { Pieces } from '@checkpoint-schedules/core'
import { MANY } from './pieces.js'

/** A hull by index: its value at x, and its slope from x to x+1. */
export interface Hull {
  readonly values: Float64Array
  readonly slopes: Float64Array
}

/** The lower convex hull of `points[from … to]`. O(to - from) time. */
export function* lowerHull(points: Float64Array, from: number, to: number): Pieces<Hull> {
  const values = new Float64Array(to + 1)
  const slopes = new Float64Array(to + 1)
  const vertices = new Int32Array(Math.max(0, to - from + 1))
  let size = 0
  for (let x = from; x <= to; x++) {
    size = pushVertex(vertices, slopes, size, x, points)
    if (x % MANY === 0) yield x / to / 2
  }
  // The slope of edge e was kept at slopes[e]; spread it over the edge's range, last edge first, so that none is overwritten early.
  for (let e = size - 2; e >= 0; e--) {
    const left = vertices[e]!
    const right = vertices[e + 1]!
    const slope = slopes[e]!
    for (let x = right - 1; x >= left; x--) {
      slopes[x] = slope
      values[x] = points[left]! + slope * (x - left)
      if (x % MANY === 0) yield 1 - x / to / 2
    }
  }
  if (size > 0) values[vertices[size - 1]!] = points[vertices[size - 1]!]!
  return { values, slopes }
}

/**
 * Appends the point x to a hull of `size` vertices, dropping those that it hides; amortised O(1). Edge e goes from vertex e to e+1
 * with `slopes[e]`. Returns the new size.
 */
export function pushVertex(
  vertices: Int32Array,
  slopes: Float64Array,
  size: number,
  x: number,
  points: Float64Array,
): number {
  let slope = 0
  while (size > 0) {
    const last = vertices[size - 1]!
    slope = (points[x]! - points[last]!) / (x - last)
    if (size === 1 || slopes[size - 2]! < slope) break
    size--
  }
  if (size > 0) slopes[size - 1] = slope
  vertices[size] = x
  return size + 1
}
