/**
 * Where to place the next checkpoint. Splitting n steps at m costs m + E(m, s) + E(n-m, s-1), and every m with
 * max(beta(s,t-2), n-beta(s-1,t)) <= m <= min(beta(s,t-1), n-beta(s-1,t-1)) is optimal (Griewank & Walther 2000,
 * doi:10.1145/347837.347846). The schedules differ in which one they take.
 *
 * ```
 * p               p+m             p+n
 * +--------------->+--------------->
 *  later, with s    first, with s-1 checkpoints
 * ```
 */
import { beta } from './beta.js'
import { repetitions } from './extra-steps.js'

/**
 * Which optimal m is taken. `maximum` and `revolve` are the two of Stumm & Walther's implementation; `largest` is the largest
 * one, which Revolve's table-based definition takes.
 */
export type Trajectory = 'maximum' | 'revolve' | 'largest'

/**
 * The steps to advance before the next checkpoint, with n >= 2 steps to reverse and s checkpoints left, the one at the first
 * step included. O(log t) evaluations of beta.
 *
 * @example
 * ```ts
 * import { optimalSplit } from '@checkpoint-schedules/binomial'
 *
 * optimalSplit(10, 3, 'maximum') // 4
 * ```
 */
export function optimalSplit(n: number, s: number, trajectory: Trajectory): number {
  if (s >= n - 1) return 1
  if (s <= 1) return n - 1
  const t = repetitions(n, s)
  const b = beta(s, t - 1)
  const d = beta(s - 1, t - 1)
  if (trajectory === 'largest') return Math.min(b, n - d)
  const a = beta(s, t - 2)
  const e = beta(s - 2, t - 1)
  if (trajectory === 'revolve') {
    if (n - b <= e) return a
    return n - b - e < d ? n - d - e : b
  }
  const c = beta(s - 1, t - 2)
  if (n - b <= c) return n - b + a
  if (n - b - e <= c) return a + c
  return n - b - e <= d ? n - d - e : b
}
