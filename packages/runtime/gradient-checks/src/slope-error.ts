/**
 * How far a slope is from the one that values of the function show.
 *
 * With the remainder r(h) = f(m + h d) - f(m) - h <g, d>, the quotient r(h) / h is a + b h + c h² + …, where a is the error of the
 * slope: 0 for a right gradient. Without the quadratic term, r(h) / h² is such a series for half the curvature. Halved step lengths
 * let Richardson's extrapolation remove b, c, … one after the other; of all extrapolations the one that its neighbours confirm best is
 * taken, as in Ridders' method (C. J. F. Ridders, Accurate computation of F'(x) and F'(x)F''(x), Advances in Engineering Software 4
 * (1982) 75-76).
 */

/** The error of a slope, and how sure that is. */
export interface SlopeError {
  readonly error: number
  /** The true error is within `error` ± `uncertainty`. */
  readonly uncertainty: number
}

/**
 * Extrapolates the quotients to h = 0.
 *
 * @param quotients - r(h) / h^order for step lengths each half the one before.
 * @param rounding - How much rounding there may be in each quotient, at least.
 */
export function slopeError(
  quotients: readonly number[],
  rounding: readonly number[],
  order: number,
): SlopeError {
  const table = extrapolations(quotients)
  const growth = 2 ** order
  const noise = noiseIn(table, growth)
  let best: SlopeError = { error: Number.NaN, uncertainty: Infinity }
  for (let i = 1; i < table.length; i++) {
    for (let j = 1; j <= i; j++) {
      const error = table[i]![j]!
      const disagreement = Math.max(
        Math.abs(error - table[i]![j - 1]!),
        Math.abs(error - table[i - 1]![j - 1]!),
      )
      const uncertainty = disagreement + amplification(j) * Math.max(rounding[i]!, noise * growth ** i)
      if (uncertainty < best.uncertainty) best = { error, uncertainty }
    }
  }
  return best
}

/** Row i, column j: from the quotients i - j … i, with the first j powers of h removed. */
function extrapolations(quotients: readonly number[]): number[][] {
  const table: number[][] = []
  for (const [i, quotient] of quotients.entries()) {
    const row = [quotient]
    for (let j = 1; j <= i; j++) {
      const last = row[j - 1]!
      row.push(last + (last - table[i - 1]![j - 1]!) / (2 ** j - 1))
    }
    table.push(row)
  }
  return table
}

/**
 * How much noise there seems to be in the first quotient; in each of the next ones it is `growth` times as much. What the columns from
 * the third one on differ by from row to row is noise, or what is left of a smooth function. The latter falls from row to row, the former
 * grows: if all of them fall, the least difference says most about the noise; otherwise the largest one is taken.
 */
function noiseIn(table: readonly (readonly number[])[], growth: number): number {
  const change = (i: number, j: number) => Math.abs(table[i]![j]! - table[i - 1]![j]!)
  const seen: number[] = []
  let falls = true
  for (let i = 3; i < table.length; i++) {
    for (let j = 1; j < i; j++) {
      if (j >= 2) seen.push(change(i, j) / (growth ** i * amplification(j)))
      if (j < i - 1 && change(i, j) > change(i - 1, j) / 2) falls = false
    }
  }
  return seen.length === 0 ? 0 : falls ? Math.min(...seen) : Math.max(...seen)
}

/** How much noise grows, at most, by j extrapolations. */
function amplification(j: number): number {
  let factor = 1
  for (let k = 1; k <= j; k++) factor *= (2 ** k + 1) / (2 ** k - 1)
  return factor
}
