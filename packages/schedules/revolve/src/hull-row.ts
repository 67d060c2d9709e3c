/**
 * Fills a row whose operands need not be convex, exactly, and fast in practice.
 *
 * The insight: put the lower convex hulls below both operands. Their sum a^[c] + known^[l-c] is convex in c and nowhere above the true
 * cost, its minimiser moves little from one l to the next, and once the bound exceeds the best cost found, it does so everywhere further out.
 * So a scan outward from the minimiser may stop there, which is a proof for any costs. On the way it passes over blocks whose points all are
 * too far above their hull.
 *
 * ```
 *  .                    .     the true cost, seldom far above …
 *    . \ .          . /
 *        \_ . __ .  /         … the bound
 *   stop <--- c* ---> stop
 * ```
 */
import type { Pieces } from '@checkpoint-schedules/core'
import { BLOCK_BITS, fillBlockGaps } from './block-gaps.js'
import { lowerHull, pushVertex } from './lower-hull.js'
import { part } from './pieces.js'
import type { SplitRow } from './split-row.js'

// The bounds are rounded, the costs of integer and dyadic problems are not: the stops allow for that.
const SLACK = 1e-14

/** Entries for each slice: some may be compared with very many others. */
const STRIDE = 64

/**
 * Fills `values` and `winners`; of several best splits the last one wins. Near-linear in practice, O(l²) at worst; 40·l bytes besides
 * the row. Returns how many costs it compared.
 */
export function* fillByHull({
  base,
  known,
  constant,
  stride,
  lag,
  values,
  winners,
}: SplitRow): Pieces<number> {
  const end = base.length - 1
  const right = yield* part(0, 0, lowerHull(known, 1, end - 1))
  const a = new Float64Array(base.length)
  const vertices = new Int32Array(base.length) // the hull of a[1 … l-1]
  const slopes = new Float64Array(base.length)
  let size = 0
  let star = 1 // the minimiser of the bound
  let edge = 0 // the hull edge that star is on: vertices[edge] <= star <= vertices[edge+1]
  let rim = 1 // the last c whose bound does not exceed the best cost
  let rimEdge = 0
  let winner = 0
  let last = 1 // the last winner that there was
  let compared = 0

  const block = 1 << BLOCK_BITS
  const rightGaps = new Float64Array((end >> BLOCK_BITS) + 1)
  yield* part(
    0,
    0,
    fillBlockGaps(rightGaps, known, 1, end - 1, (x) => right.values[x]!),
  )
  const leftGaps = new Float64Array(rightGaps.length)
  let refresh = 4 * block // the hull of a sinks as it grows, so old gaps stay true, and newer ones are better

  values[0] = base[0]!
  if (end >= 1) values[1] = base[1]!
  for (let l = 2; l <= end; l++) {
    if (l % STRIDE === 0) yield l / end
    a[l - 1] = (l - 1) * stride + values[l - 1 - lag]!
    size = pushVertex(vertices, slopes, size, l - 1, a)
    edge = Math.min(edge, Math.max(0, size - 2))
    rimEdge = Math.min(rimEdge, Math.max(0, size - 2))

    if (l === refresh) {
      let e = 0
      const hullAt = (c: number) => {
        while (vertices[e + 1]! < c) e++
        return a[vertices[e]!]! + slopes[e]! * (c - vertices[e]!)
      }
      const done = l / end
      yield* part(done, done, fillBlockGaps(leftGaps, a, 1, l - 1, hullAt))
      refresh += (refresh >> 3) + block
    }

    // Down the slope of the bound.
    while (star < l - 1) {
      if (vertices[edge + 1]! <= star) edge++
      if (!(slopes[edge]! < right.slopes[l - star - 1]!)) break
      star++
    }
    while (star > 1) {
      if (vertices[edge]! >= star) edge--
      if (!(slopes[edge]! > right.slopes[l - star]!)) break
      star--
    }

    // The least cost, if it is less than base: first where it is likely, then outward from the minimiser.
    let best = base[l]! - constant
    winner = 0
    for (let i = 0; i < 3; i++) {
      const c = i === 0 ? star : Math.min(last + i - 1, l - 1)
      const cost = a[c]! + known[l - c]!
      if (cost < best) {
        best = cost
        winner = c
      }
    }
    for (let c = star + 1, e = edge; c < l;) {
      while (vertices[e + 1]! < c) e++
      const x = l - c
      const bound = a[vertices[e]!]! + slopes[e]! * (c - vertices[e]!) + right.values[x]!
      const limit = best * (1 - SLACK)
      if (bound >= limit) break
      // While l-c stays in one block, or to the end.
      const next = Math.min(l, c + (x % block) + 1)
      const gap = Math.min(leftGaps[c >> BLOCK_BITS]!, leftGaps[(next - 1) >> BLOCK_BITS]!)
      if (bound + rightGaps[x >> BLOCK_BITS]! + gap >= limit) c = next
      compared += next - c
      for (; c < next; c++) {
        const cost = a[c]! + known[l - c]!
        if (cost < best) {
          best = cost
          winner = c
        }
      }
    }
    for (let c = star - 1, e = edge; c >= 1;) {
      while (vertices[e]! > c) e--
      const x = l - c
      const bound = a[vertices[e]!]! + slopes[e]! * (c - vertices[e]!) + right.values[x]!
      const limit = best * (1 - SLACK)
      if (bound >= limit) break
      const next = Math.max(0, c - block + (x % block))
      const gap = Math.min(leftGaps[c >> BLOCK_BITS]!, leftGaps[(next + 1) >> BLOCK_BITS]!)
      if (bound + rightGaps[x >> BLOCK_BITS]! + gap >= limit) c = next
      compared += c - next
      for (; c > next; c--) {
        const cost = a[c]! + known[l - c]!
        if (cost < best) {
          best = cost
          winner = c
        }
      }
    }
    winners[l] = winner
    values[l] = winner === 0 ? base[l]! : best + constant
    if (winner === 0) continue

    // The last c that costs as little: inward from where the bound exceeds it.
    const limit = best * (1 + SLACK)
    if (rim < star) {
      rim = star
      rimEdge = edge
    }
    for (; rim < l - 1; rim++) {
      if (vertices[rimEdge + 1]! <= rim) rimEdge++
      const next = rim + 1
      const left = vertices[rimEdge]!
      if (a[left]! + slopes[rimEdge]! * (next - left) + right.values[l - next]! > limit) break
    }
    for (; rim > star; rim--) {
      if (vertices[rimEdge]! >= rim) rimEdge--
      const left = vertices[rimEdge]!
      if (a[left]! + slopes[rimEdge]! * (rim - left) + right.values[l - rim]! <= limit) break
    }
    // If costs are not dyadic, rounding makes a long valley of equal costs rough: its last lowest point is arbitrary and not searched for.
    for (let c = rim, rough = 0; c > winner && rough < block; c--) {
      const cost = a[c]! + known[l - c]!
      if (cost === best) winner = c
      else if (cost < limit) rough++
    }
    winners[l] = last = winner
  }
  return compared
}
