/**
 * beta(s, t) = C(s+t, s): the most steps that s checkpoints can reverse when every step is advanced at most t
 * extra times (Griewank & Walther 2000, doi:10.1145/347837.347846, eq. 2). It outgrows 2^53 quickly, so it is
 * capped there; below the cap every value is exact.
 */

/** The cap: "at least this many". */
export const MOST = Number.MAX_SAFE_INTEGER

/**
 * C(s+t, s), at most 2^53-1; 0 if s or t is negative. Exact below the cap. O(min(s, t)), which the cap keeps below 30
 * or so.
 *
 * @example
 * ```ts
 * import { beta } from '@checkpoint-schedules/binomial'
 *
 * beta(3, 2) // 10
 * ```
 */
export function beta(s: number, t: number): number {
  if (s < 0 || t < 0) return 0
  const fewer = Math.min(s, t)
  const more = Math.max(s, t)
  let value = 1
  for (let i = 1; i <= fewer; i++) {
    const product = value * (more + i)
    value = product <= MOST ? product / i : divided(value, more + i, i)
    if (value >= MOST) return MOST
  }
  return value
}

// a·b/c, known to be an integer, when a·b itself is too large: with c/gcd(a, c) prime to a/gcd(a, c), it divides b.
function divided(a: number, b: number, c: number): number {
  const common = gcd(a, c)
  return (a / common) * (b / (c / common))
}

function gcd(a: number, b: number): number {
  while (b !== 0) [a, b] = [b, a % b]
  return a
}
