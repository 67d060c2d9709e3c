/**
 * Fills a row whose `known` operand is convex, in O(l log l).
 *
 * The insight: if `known` is convex, a younger candidate that beats an older one keeps beating it, because the older one's argument of
 * `known` is larger and grows more steeply. So the candidates that will ever win form a queue, each with the l at which its reign begins.
 *
 * ```
 * candidate   3        7      12
 * l           4 … 19   20 … 33  34 …
 * ```
 */
import type { Pieces } from '@checkpoint-schedules/core'
import { MANY } from './pieces.js'
import type { SplitRow } from './split-row.js'

/**
 * Fills `values` and `winners`; `known` must be convex on 1 … l-1. Of several best splits the first one wins. O(l log l) time,
 * 16·l bytes besides the row.
 */
export function* fillByDeque({
  base,
  known,
  constant,
  stride,
  lag,
  values,
  winners,
}: SplitRow): Pieces<void> {
  const end = base.length - 1
  const a = new Float64Array(base.length)
  const candidates = new Int32Array(base.length)
  const reigns = new Int32Array(base.length)
  let head = 0
  let tail = 0 // the queue is head … tail-1

  const beats = (younger: number, older: number, l: number) =>
    a[younger]! + known[l - younger]! < a[older]! + known[l - older]!
  // The first l at which the younger one wins: it does not at `low`, and does at `end`. Most often it is close to `low`.
  const takeover = (younger: number, older: number, low: number) => {
    let high = low + 1
    for (let leap = 2; high < end && !beats(younger, older, high); leap *= 2) {
      low = high
      high = Math.min(end, low + leap)
    }
    while (high - low > 1) {
      const middle = (low + high) >>> 1
      if (beats(younger, older, middle)) high = middle
      else low = middle
    }
    return high
  }

  values[0] = base[0]!
  if (end >= 1) values[1] = base[1]!
  for (let l = 2; l <= end; l++) {
    if (l % MANY === 0) yield l / end
    const c = l - 1
    a[c] = c * stride + values[c - lag]!
    while (tail > head && beats(c, candidates[tail - 1]!, Math.max(l, reigns[tail - 1]!))) tail--
    if (tail === head) {
      candidates[tail] = c
      reigns[tail++] = l
    } else if (beats(c, candidates[tail - 1]!, end)) {
      reigns[tail] = takeover(c, candidates[tail - 1]!, Math.max(l, reigns[tail - 1]!))
      candidates[tail++] = c
    }
    while (head + 1 < tail && reigns[head + 1]! <= l) head++
    const winner = candidates[head]!
    const split = constant + a[winner]! + known[l - winner]!
    values[l] = Math.min(split, base[l]!)
    winners[l] = split < base[l]! ? winner : 0
  }
}
