/** What remainders by step length say of a coefficient of the Taylor series: the slope, or half the curvature. */
import { slopeError } from './slope-error.js'
import type { Verdict } from './verdict.js'

/** One step length. */
export interface TaylorRow {
  readonly h: number
  readonly remainder: number
  /** What rounding alone may make of the remainder: a few units in the last place of the values that were subtracted. */
  readonly rounding: number
  /**
   * log2 of the remainder before over this one: 2 for a right gradient, 1 for a wrong one, one more for second derivatives; `undefined` in the
   * first row, and if one of the two is not above rounding.
   */
  readonly rate: number | undefined
}

/** How many times its uncertainty an error must be above the tolerance to be called wrong: noise must not look like a mistake. */
const SURE = 10

/** What was computed at one step length. */
export interface Seen {
  readonly h: number
  /** f(m + h d) - f(m) */
  readonly whole: number
  /** What the term that is judged, and those beyond it, make of that. */
  readonly change: number
  /** The remainder, without that term, with its sign. */
  readonly signed: number
  readonly rounding: number
}

/** What they say. */
export interface Judgement {
  readonly verdict: Verdict | 'exact'
  readonly exact: boolean
  readonly rows: readonly TaylorRow[]
  readonly rate: number | undefined
  readonly trend: number | undefined
  /** Of the coefficient, relative. */
  readonly error: number
  readonly uncertainty: number
}

/**
 * Judges the coefficient of h^order.
 *
 * @param coefficient - The one that was subtracted.
 */
export function judge(
  seen: readonly Seen[],
  coefficient: number,
  order: 1 | 2,
  tolerance: number,
): Judgement {
  const rows: TaylorRow[] = []
  for (const { h, signed, rounding } of seen) {
    const remainder = Math.abs(signed)
    const before = rows.at(-1)
    const isAbove = before !== undefined && before.remainder > before.rounding && remainder > rounding
    const rate = isAbove ? Math.log2(before.remainder / remainder) : undefined
    rows.push({ h, remainder, rounding, rate: Number.isFinite(rate) ? rate : undefined })
  }
  const rates = rows.flatMap(({ rate }) => rate ?? [])
  // Near a pole or beyond the domain, only the smaller steps count.
  const finite = seen.slice(seen.findLastIndex(({ signed }) => !Number.isFinite(signed)) + 1)
  const isExact = finite.length > 0 && rows.every(({ remainder, rounding }) => remainder <= rounding)
  const { error, uncertainty } = isExact
    ? { error: 0, uncertainty: finite[0]!.rounding / finite[0]!.h ** order }
    : slopeError(
        finite.map(({ signed, h }) => signed / h ** order),
        finite.map(({ rounding, h }) => rounding / h ** order),
        order,
      )
  // If the coefficient is zero, at an optimum for example, it is compared with how the function changes anyway.
  const last = seen.at(-1)!
  const change = isExact
    ? Math.abs(finite[0]!.whole) / finite[0]!.h ** order
    : Math.abs(last.change) / last.h ** order
  const scale = Math.max(
    Math.abs(coefficient),
    Math.abs(coefficient + error),
    Number.isFinite(change) ? change : 0,
  )
  const relative = error === 0 ? 0 : Math.abs(error) / scale
  const unsure = uncertainty / scale
  const isRight = relative + unsure <= tolerance
  const isWrong = relative - SURE * unsure > tolerance
  const exact = isExact && isRight
  return {
    verdict: exact ? 'exact' : isRight ? 'passed' : isWrong ? 'wrong' : 'undecided',
    exact,
    rows,
    rate: median(rates),
    trend: rates.length < 2 ? undefined : rates.at(-1)! - rates[0]!,
    error: relative,
    uncertainty: unsure,
  }
}

function median(values: readonly number[]): number | undefined {
  if (values.length === 0) return undefined
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length / 2
  return (sorted[Math.ceil(middle) - 1]! + sorted[Math.floor(middle)]!) / 2
}
