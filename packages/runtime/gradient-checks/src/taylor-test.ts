/**
 * The Taylor test: whether a gradient is right. The remainder |f(m + h d) - f(m) - h <g, d>| of a right gradient falls
 * with h², that of a wrong one with h. Without the quadratic term of a right Hessian it falls with h³.
 */
import { optionError, show } from '@checkpoint-schedules/core'
import type { Awaitable } from '@checkpoint-schedules/model'
import { judge, type Seen, type TaylorRow } from './judge.js'
import { DOUBLE, SINGLE } from './precision.js'
import { innerProduct } from './inner-product.js'
import { hasSinglePrecision, moved, visitLeaves } from './trees.js'
import type { Verdict } from './verdict.js'

/** A function with its gradient. */
export interface ValueAndGradient<M> {
  readonly value: number
  /** Needed at `m` only, not at the points nearby. */
  readonly gradient?: M
  /** The Hessian at `m` times the direction of the test, to be tested as well. */
  readonly hessianVectorProduct?: M | undefined
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
  /** What the values say of `hessianVectorProduct`, if `f` returned one. It is part of `verdict`. */
  readonly secondOrder?: SecondOrderResult
}

/** What the test found of the second derivative. The remainder is |f(m + h d) - f(m) - h <g, d> - h² <H d, d> / 2|. */
export interface SecondOrderResult {
  /** As for the gradient; `exact` if the function is quadratic along the direction. */
  readonly verdict: Verdict | 'exact'
  /** By step length, the largest first; rates of 3 for a right product, 2 for a wrong one. */
  readonly rows: readonly TaylorRow[]
  /** The median rate. */
  readonly rate: number | undefined
  /** <H d, d>, the second derivative along the direction that the product says. */
  readonly curvature: number
  /** How far that is from the one that the values show, relative to the latter. */
  readonly curvatureError: number
  /** How sure `curvatureError` is. */
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
  const { value, gradient, hessianVectorProduct } = await f(m)
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
  const curvature = hessianVectorProduct === undefined ? 0 : innerProduct(hessianVectorProduct, along)
  if (!Number.isFinite(curvature))
    throw optionError(
      'taylorTest',
      `the hessianVectorProduct times direction is ${curvature}; it must be finite.`,
    )
  const seen: Seen[] = []
  for (const [i, length] of lengths.entries()) {
    const there = (await f(moved(start, length, along))).value
    const whole = there - value
    const signed = whole - steps[i]!
    const largest = Math.abs(there) + Math.abs(value) + Math.abs(steps[i]!) + size
    seen.push({
      h: length,
      whole,
      change: whole,
      signed,
      rounding: precision.units * precision.epsilon * largest,
    })
  }
  const { error, ...first } = judge(seen, slope, 1, tolerance)
  const result = { ...first, slope, slopeError: error }
  if (hessianVectorProduct === undefined) return result
  const beyond = seen.map((it) => ({
    ...it,
    change: it.signed,
    signed: it.signed - (it.h * it.h * curvature) / 2,
  }))
  const second = judge(beyond, curvature / 2, 2, tolerance)
  const { verdict, rows, rate, uncertainty } = second
  const both = new Set([result.verdict, verdict])
  const worst = (['wrong', 'undecided', 'passed'] as const).find((it) => both.has(it)) ?? 'exact'
  return {
    ...result,
    verdict: worst,
    exact: worst === 'exact',
    secondOrder: { verdict, rows, rate, curvature, curvatureError: second.error, uncertainty },
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
