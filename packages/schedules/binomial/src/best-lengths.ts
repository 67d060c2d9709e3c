/** Lengths of stretches that binomial checkpointing reverses at the least cost for each step. */
import { beta } from './beta.js'

/**
 * beta(s, t) for t = 1, 2, …, up to `most`: no step is recomputed more than t times, and one more step would be. Where a run is cut into
 * equal stretches, good lengths are among them.
 *
 * @example
 * ```ts
 * import { bestLengths } from '@checkpoint-schedules/binomial'
 *
 * bestLengths(3, 100) // [ 4, 10, 20, 35, 56, 84 ]
 * ```
 */
export function bestLengths(s: number, most: number): number[] {
  const lengths: number[] = []
  for (let t = 1; lengths.length < MOST; t++) {
    const length = beta(s, t)
    if (length > most) break
    lengths.push(length)
  }
  return lengths
}

/** More repetitions than that are not worth a look. */
const MOST = 64
