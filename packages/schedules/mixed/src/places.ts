/**
 * The tree behind Mixed's closed form, counted by levels.
 *
 * A schedule is a tree. A node labelled k has k places; filling a place at depth d reverses one step at a cost of d+1, and opening a place
 * (a checkpoint with restart data) makes it a node with labels 1 … k one level deeper. The root, at depth 0, is labelled s:
 *
 * ```
 * depth 0         3
 *               / | \
 * depth 1      3  2  1          beta(s-k, d-1) nodes of label k at depth d
 * ```
 *
 * Filling level by level, largest labels first, is optimal. So it is enough to know how many nodes cover a given number of places.
 * With beta(q, d) nodes of label >= s-q, these have W(s, q, d) = s·beta(q, d) - d·beta(q-1, d+1) places.
 */
import { beta } from '@checkpoint-schedules/binomial'

// W(s, q, d): the places at depth d in nodes of label >= s-q.
function places(s: number, q: number, d: number): number {
  return s * beta(q, d) - d * beta(q - 1, d + 1)
}

/** P(s, d, R): the fewest nodes at depth d that have R places together; R must not exceed the number there are. O(d·log s). */
export function fewestNodes(s: number, d: number, wanted: number): number {
  if (wanted <= 0) return 0
  if (d === 0) return 1
  // Every node has at least one place, except for label 0, so as many nodes as places are enough; that also keeps beta small.
  const q = least(s, (q) => beta(q, d) >= wanted || places(s, q, d) >= wanted)
  return beta(q - 1, d) + Math.ceil((wanted - places(s, q - 1, d)) / (s - q))
}

/** cap(s, d, p): the most places that p nodes at depth d have together. The inverse of `fewestNodes`. O(d·log s). */
export function mostPlaces(s: number, d: number, nodes: number): number {
  if (nodes <= 0) return 0
  if (d === 0) return s
  const q = least(s, (q) => beta(q, d) >= nodes)
  return places(s, q - 1, d) + (Math.min(nodes, beta(q, d)) - beta(q - 1, d)) * (s - q)
}

/** The least integer from 0 to `most` for which `isEnough` holds; `most` if none below does. */
export function least(most: number, isEnough: (candidate: number) => boolean): number {
  let low = -1
  let high = most
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if (isEnough(middle)) high = middle
    else low = middle
  }
  return high
}
