/**
 * The Taylor test: whether a gradient is right. The remainder |f(m + h d) - f(m) - h <g, d>| of a right gradient falls
 * with h², that of a wrong one with h.
 */
import { optionError, show } from '@checkpoint-schedules/core'
import type { Awaitable } from '@checkpoint-schedules/model'
import { DOUBLE, SINGLE } from './precision.js'
import { slopeError } from './slope-error.js'
import { hasSinglePrecision, moved, visitLeaves } from './trees.js'
import type { Verdict } from './verdict.js'

/** A function with its gradient. */
export interface ValueAndGradient<M> {
  readonly value: number
  /** Needed at `m` only, not at the points nearby. */
  readonly gradient?: M
}

/** One step length. */
export interface TaylorRow {
  readonly h: number
  readonly remainder: number
  /** What rounding alone may make of the remainder: a few units in the last place of the values that were subtracted. */
  readonly rounding: number
  /**
   * log2 of the remainder before over this one: 2 for a right gradient, 1 for a wrong one; `undefined` in the first row, and if one of the
   * two is not above rounding.
   */
  readonly rate: number | undefined
}

/** What the test found. */
export interface TaylorResult {
  /**
   * `passed`: the slope is right within `tolerance`. `exact`: the same, and the function is linear along the direction, so that there are no
   * rates. `wrong`: the slope is farther off than `tolerance`. `undecided`: the values do not decide; the step lengths or the direction do not
   * suit the function, or it is not smooth, or not reproducible.
   */
  readonly verdict: Verdict | 'exact'
  /** Whether the verdict is `exact`. */
  readonly exact: boolean
  /** By step length, the largest first. */
  readonly rows: readonly TaylorRow[]
  /** The median rate: 2 for a right gradient, 1 for one that is quite wrong; `undefined` if no remainder is above rounding. */
  readonly rate: number | undefined
  /**
   * The last rate minus the first one. About 0 for a right gradient, whose rates approach 2. Not for one that is slightly wrong: its rates
   * leave 2, the more the smaller h is, and end at 1. `undefined` with fewer than two rates.
   */
  readonly trend: number | undefined
  /** <g, d>, the slope that the gradient says. */
  readonly slope: number
  /** How far that is from the slope that the values show, relative to the latter. Extrapolated to h = 0. */
  readonly slopeError: number
  /** How sure `slopeError` is: the true one is within ± `uncertainty`. */
  readonly uncertainty: number
}

/** How to test. */
export interface TaylorOptions {
  /** The largest step length; halved `halvings` times. By default such that |h d| is 0.002 |m|, or 0.05 |m| with Float32Arrays. */
  readonly h?: number | undefined
  /** By default 4. With fewer than 3 the verdict is rarely sure. */
  readonly halvings?: number | undefined
  /** The largest relative error of the slope that is right. By default 1e-5, or 1e-2 with Float32Arrays: test in double precision if you can. */
  readonly tolerance?: number | undefined
}

/** How many times its uncertainty an error must be above the tolerance to be called wrong: noise must not look like a mistake. */
const SURE = 10

/**
 * Tests the gradient of `f` at `m` along `direction`. Calls `f` once at `m` and `halvings + 1` times nearby.
 *
 * The verdict compares <g, d> with the slope that the values themselves show, extrapolated from all step lengths; the rates are what
 * the literature prints. Choose a `direction` that has all parts of `m` in it, each about as large as in `m`: one test sees one direction.
 *
 * @throws `INVALID_OPTION`: `m`, `direction` and the gradient differ in shape, the direction is zero, or a value at `m` is not finite.
 * @example
 * ```ts
 * import { taylorTest } from '@checkpoint-schedules/gradient-checks'
 *
 * const cube = (m: number) => ({ value: m ** 3, gradient: 3 * m * m })
 * const { verdict, rate } = await taylorTest(cube, 1, 1)
 * console.log(verdict, rate!.toFixed(1)) // passed 2.0
 * ```
 */
export async function taylorTest<M>(
  f: (m: M) => Awaitable<ValueAndGradient<M>>,
  m: M,
  direction: M,
  options: TaylorOptions = {},
): Promise<TaylorResult> {
  const precision = hasSinglePrecision(m) ? SINGLE : DOUBLE
  const { halvings = 4, tolerance = precision.taylorTolerance } = options
  checkOptions(halvings, tolerance, options.h)
  // Copies: what f does to its argument, or to a gradient that it gave, changes nothing here.
  const start = moved(m, 0, direction)
  const along = moved(direction, 0, direction)
  const h = options.h ?? precision.h * relativeLength(start, along)
  const { value, gradient } = await f(m)
  if (gradient === undefined)
    throw optionError('taylorTest', 'f must return { value, gradient } at m; got no gradient.')
  const lengths = Array.from({ length: halvings + 1 }, (_, i) => h / 2 ** i)
  const { slope, size, steps } = slopesOf(start, along, gradient, lengths)
  if (!Number.isFinite(value) || !Number.isFinite(slope)) {
    throw optionError(
      'taylorTest',
      `f is ${show(value)} at m and its slope along direction ${slope}; both must be finite.`,
    )
  }
  const seen: Seen[] = []
  for (const [i, length] of lengths.entries()) {
    const there = (await f(moved(start, length, along))).value
    const signed = there - value - steps[i]!
    const largest = Math.abs(there) + Math.abs(value) + Math.abs(steps[i]!) + size
    seen.push({ h: length, there, signed, rounding: precision.units * precision.epsilon * largest })
  }
  return judge(seen, value, slope, tolerance)
}

interface Seen {
  readonly h: number
  readonly there: number
  /** The remainder with its sign. */
  readonly signed: number
  readonly rounding: number
}

function judge(seen: readonly Seen[], value: number, slope: number, tolerance: number): TaylorResult {
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
  const isLinear = finite.length > 0 && rows.every(({ remainder, rounding }) => remainder <= rounding)
  const { error, uncertainty } = isLinear
    ? { error: 0, uncertainty: finite[0]!.rounding / finite[0]!.h }
    : slopeError(
        finite.map(({ signed, h }) => signed / h),
        finite.map(({ rounding, h }) => rounding / h),
      )
  // If the slope is zero, at an optimum for example, it is compared with how the function changes anyway.
  const last = seen.at(-1)!
  const change = Math.abs(last.there - value) / last.h
  const scale = Math.max(Math.abs(slope), Math.abs(slope + error), Number.isFinite(change) ? change : 0)
  const relative = error === 0 ? 0 : Math.abs(error) / scale
  const unsure = uncertainty / scale
  const isRight = relative + unsure <= tolerance
  const isWrong = relative - SURE * unsure > tolerance
  const exact = isLinear && isRight
  return {
    verdict: exact ? 'exact' : isRight ? 'passed' : isWrong ? 'wrong' : 'undecided',
    exact,
    rows,
    rate: median(rates),
    trend: rates.length < 2 ? undefined : rates.at(-1)! - rates[0]!,
    slope,
    slopeError: relative,
    uncertainty: unsure,
  }
}

function checkOptions(halvings: number, tolerance: number, h: number | undefined): void {
  if (!Number.isSafeInteger(halvings) || halvings < 1)
    throw optionError('taylorTest', `halvings must be an integer >= 1; got ${show(halvings)}.`)
  for (const [name, value] of Object.entries({ h, tolerance })) {
    if (value !== undefined && !(value > 0 && value < Infinity))
      throw optionError('taylorTest', `${name} must be a finite number > 0; got ${show(value)}.`)
  }
}

/** |m| / |d|: a step of that length changes `m` by its own size. 1 if `m` is zero. */
function relativeLength<M>(m: M, direction: M): number {
  const norms = { m: 0, direction: 0 }
  visitLeaves('taylorTest', [m, direction], (x, d) => {
    for (let i = 0; i < x.length; i++) {
      norms.m = Math.hypot(norms.m, x[i]!)
      norms.direction = Math.hypot(norms.direction, d[i]!)
    }
  })
  if (!(norms.direction > 0 && norms.direction < Infinity && norms.m < Infinity)) {
    throw optionError(
      'taylorTest',
      norms.direction === 0
        ? 'the direction is zero; give one that moves every part of m, about as large as m.'
        : 'm and direction must be finite numbers.',
    )
  }
  return norms.m === 0 ? 1 : norms.m / norms.direction
}

/**
 * The slope along the direction, and the change that the gradient predicts for each step, at the rounded point. `size` is the
 * approximate size of the largest terms of the function, estimated from the gradient.
 */
function slopesOf<M>(m: M, direction: M, gradient: M, lengths: readonly number[]) {
  let [slope, size] = [0, 0]
  visitLeaves('taylorTest', [gradient, direction, m], (g, d, x) => {
    for (let i = 0; i < g.length; i++) {
      slope += g[i]! * d[i]!
      size += Math.abs(g[i]! * x[i]!)
    }
  })
  const steps = lengths.map((h) => {
    let sum = 0
    visitLeaves('taylorTest', [gradient, moved(m, h, direction), m], (g, there, x) => {
      for (let i = 0; i < g.length; i++) sum += g[i]! * (there[i]! - x[i]!)
    })
    return sum
  })
  return { slope, size, steps }
}

function median(values: readonly number[]): number | undefined {
  if (values.length === 0) return undefined
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length / 2
  return (sorted[Math.ceil(middle) - 1]! + sorted[Math.floor(middle)]!) / 2
}
