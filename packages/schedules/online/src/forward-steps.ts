/** How many forward steps a run takes, without iterating its actions. */
import { beta, extraSteps, repetitions } from '@checkpoint-schedules/binomial'
import { UNBOUNDED } from '@checkpoint-schedules/core'
import { Placement } from './placement.js'

// Checkpoints placed in a walk that takes a few tenths of a second.
const FARTHEST = 1e6

/**
 * N + sum of L + E(L, j) over the intervals of length L that are reversed with j slots; `undefined` if finding the intervals would take
 * long.
 *
 * In closed form N + E(N+1, s), for one slot, up to N = beta(s, 2), and at both ends of each phase. Elsewhere the placement is walked from
 * the start of the phase: O(N/t) time, O(s) memory.
 */
export function forwardStepsOf(steps: number, slots: number): number | undefined {
  if (steps === 0) return 0
  if (steps >= UNBOUNDED) return undefined // beta is capped there
  // More slots than steps are never used.
  const s = Math.min(slots, steps)
  const t = repetitions(steps + 1, s)
  const start = beta(s, t - 1)
  if (s === 1 || t <= 2 || steps === start || steps === beta(s, t) - 1 || steps === beta(s, 2))
    return steps + extraSteps(steps + 1, s)
  if ((steps - start) / t > FARTHEST) return undefined
  const placement = Placement.atStartOf(t - 1, s)
  for (let n = start; n < steps;) n = placement.keep(n).next
  const { held } = placement
  let total = steps
  for (let i = 0; i < s; i++) {
    const length = (held[i + 1] ?? steps) - held[i]!
    total += length + extraSteps(length, s - i)
  }
  return total
}
