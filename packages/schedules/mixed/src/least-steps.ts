/**
 * Mixed's recurrence in closed form: the least number of forward steps, and the decision that attains it (Maddison 2024,
 * doi:10.1016/j.jocs.2024.102405, section 4).
 *
 * With M(n, s) the forward steps for n steps and s free checkpoints, nothing stored yet, the published recurrence is
 *
 *     M(n, s) = min( 1 + M(n-1, s-1),  min over 2 <= i < n of  i + M(i, s) + M(n-i, s-1) )
 *
 * with dependency data of one step, or restart data and an advance i. Both the value and the largest best i follow from the counts of
 * `places.ts`, so no table is needed. Checked against the recurrence cell by cell in the tests. Exact while n times the repetitions of
 * a step stay below 2^53.
 */
import { beta, extraSteps, repetitions } from '@checkpoint-schedules/binomial'
import { fewestNodes, least, mostPlaces } from './places.js'

/** M(n, s), for n >= 1 and s >= min(1, n-1). */
export function leastForwardSteps(n: number, s: number): number {
  if (n <= s + 1) return n
  const t = repetitions(n, s)
  return extraSteps(n, s) + beta(s, t - 2) + fewestNodes(s, t - 1, n - beta(s, t - 1))
}

/** Whether to store dependency data of the first of n steps (else restart data), n >= 2. It wins a tie. */
export function storesDependencies(n: number, s: number): boolean {
  if (n <= s + 1) return true
  return s > 1 && 1 + leastForwardSteps(n - 1, s - 1) === leastForwardSteps(n, s)
}

/** The steps to advance from restart data of the first of n > s+1 steps: the largest best i. */
export function advanceFrom(n: number, s: number): number {
  if (s === 1) return n - 1
  const d = repetitions(n, s) - 1
  const wanted = n - beta(s, d)
  const nodes = fewestNodes(s, d, wanted)
  // The places that the two parts of the tree have if the second one opens a of the nodes; concave in a.
  const both = (a: number) => mostPlaces(s, d - 1, nodes - a) + mostPlaces(s - 1, d, a)
  let y: number
  if (both(0) >= wanted) {
    y = Math.max(wanted - mostPlaces(s, d - 1, nodes), d >= 2 ? -beta(s - 2, d - 2) : 0)
  } else {
    // Left of the peak, or of the first a that is enough, `both` rises.
    const a = least(nodes, (a) => both(a) >= wanted || both(a + 1) <= both(a))
    y = wanted - mostPlaces(s, d - 1, nodes - a)
  }
  return n - beta(s - 1, d) - y
}
