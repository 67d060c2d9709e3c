/**
 * Opt0: what reversing a segment costs with memory alone (Aupy et al. 2016, doi:10.1137/15M1019222, section 3).
 *
 * The insight: the published table has a closed form, Opt0[l] = (l+1)·ub + uf·E(l+1, s), and E grows by t(n, s) from n-1 to n.
 */
import type { Pieces } from '@checkpoint-schedules/core'
import { beta } from '@checkpoint-schedules/binomial'
import { MANY } from './pieces.js'

/**
 * Opt0[0 … l]: the cost of reversing l+1 steps with `slots` checkpoints in memory, the l+1 taped forward steps left out.
 * Convex in l. O(l) time and memory.
 *
 * @param uf - Cost of a forward step.
 * @param ub - Cost of an adjoint step.
 */
export function* opt0Row(l: number, slots: number, uf: number, ub: number): Pieces<Float64Array> {
  const row = new Float64Array(l + 1)
  row[0] = ub
  let extra = 0 // E(n, s)
  let t = 1
  let reach = beta(slots, t) // the most steps that t repetitions reverse
  for (let n = 2; n <= l + 1; n++) {
    if (n > reach) reach = beta(slots, ++t)
    extra += t
    row[n - 1] = n * ub + uf * extra
    if (n % MANY === 0) yield n / l
  }
  return row
}
