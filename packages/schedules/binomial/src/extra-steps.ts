/** How often steps must be advanced again (Griewank & Walther 2000, doi:10.1145/347837.347846, theorem 6.1). */
import { beta, MOST } from './beta.js'

const FEW = 16

/**
 * t(n, s): the integer with beta(s, t-1) < n <= beta(s, t), the most often that any one step of n is advanced
 * again with s checkpoints, the one at the first step included. n >= 1, s >= 1. O(log t) evaluations of beta.
 *
 * @example
 * ```ts
 * import { repetitions } from '@checkpoint-schedules/binomial'
 *
 * repetitions(100, 5) // 4
 * ```
 */
export function repetitions(n: number, s: number): number {
  if (n <= s + 1) return n === 1 ? 0 : 1
  if (s === 1) return n - 1
  // Small t, the usual case, by beta(s, t) = beta(s, t-1)·(s+t)/t; then by doubling and bisection.
  let low = 1 // beta(s, low) < n
  for (let value = s + 1; low < FEW; low++) {
    const product = value * (s + low + 1)
    value = product <= MOST ? product / (low + 1) : beta(s, low + 1)
    if (value >= n) return low + 1
  }
  let high = 2 * low
  while (beta(s, high) < n) {
    low = high
    high *= 2
  }
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if (beta(s, middle) < n) low = middle
    else high = middle
  }
  return high
}

/**
 * E(n, s) = t·n - beta(s+1, t-1): the least number of extra forward steps (beyond the n taped ones) that reverse n steps
 * with s checkpoints. n >= 1; s >= 1, or 0 for n = 1. Exact below 2^53, rounded above.
 *
 * @example
 * ```ts
 * import { extraSteps } from '@checkpoint-schedules/binomial'
 *
 * extraSteps(10, 3) // 15
 * ```
 */
export function extraSteps(n: number, s: number): number {
  if (n === 1) return 0
  const slots = Math.min(s, n - 1)
  const t = repetitions(n, slots)
  const product = t * n
  if (product <= MOST) return product - beta(slots + 1, t - 1)
  return Number(BigInt(t) * BigInt(n) - bigBeta(slots + 1, t - 1))
}

function bigBeta(s: number, t: number): bigint {
  let value = 1n
  for (let i = 1n; i <= Math.min(s, t); i++) value = (value * (BigInt(Math.max(s, t)) + i)) / i
  return value
}
