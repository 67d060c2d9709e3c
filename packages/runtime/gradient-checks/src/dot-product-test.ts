/** The dot-product test: whether `adjoint` is the transpose of `tangent`. <J d, a> = <d, Jᵀ a> holds for every d and a. */
import { optionError, show } from '@checkpoint-schedules/core'
import { type Codec, type Model, treeCodec } from '@checkpoint-schedules/model'
import { innerProduct } from './inner-product.js'
import { DOUBLE, SINGLE } from './precision.js'
import { hasSinglePrecision } from './trees.js'
import type { Verdict } from './verdict.js'

/** How many units in the last place of |J d| |a| are rounding. */
const ROUNDING = 64

/** Where to test. */
export interface DotProductOptions<State, Adjoint> {
  /** The state at step `n0`; copied. */
  readonly state: State
  /** A direction at step `n0`: a tangent, preferably random. */
  readonly direction: Adjoint
  /** An adjoint at step `n0 + steps`, preferably random. */
  readonly adjoint: Adjoint
  /** The first step, by default 0. */
  readonly n0?: number
  /** How many steps, by default 1. */
  readonly steps?: number
  /** The inner product of two tangents, by default the sum over all numbers. */
  readonly innerProduct?: (a: Adjoint, b: Adjoint) => number
  /** The largest relative error that is right. By default 1e-10, or 1e-4 with Float32Arrays. */
  readonly tolerance?: number | undefined
}

/** What the test found. */
export interface DotProductResult {
  /**
   * `passed`: the two sides agree within `tolerance`. `wrong`: they do not. `undecided`: both are zero, one is not finite, or the vectors are
   * so nearly orthogonal that rounding explains the difference; take other directions.
   */
  readonly verdict: Verdict
  /** <J d, a> */
  readonly tangentSide: number
  /** <d, Jᵀ a> */
  readonly adjointSide: number
  /** |difference| / max(|tangentSide|, |adjointSide|): about 1e-15 for a right adjoint in double precision. NaN where both are 0. */
  readonly relativeError: number
}

/**
 * Compares a model's tangent and adjoint over some steps. Keeps the tapes of all of them.
 *
 * @throws `INVALID_OPTION`: the model has no `tangent`.
 * @example
 * ```ts
 * import { dotProductTest } from '@checkpoint-schedules/gradient-checks'
 *
 * const model = {
 *   step: (x: number) => x * x,
 *   tape: (x: number) => ({ state: x * x, tape: x }),
 *   tangent: (d: number, x: number) => 2 * x * d,
 *   adjoint: (a: number, x: number) => 2 * x * a,
 * }
 * const { verdict, relativeError } = await dotProductTest(model, { state: 1.1, direction: 0.3, adjoint: 0.7, steps: 5 })
 * console.log(verdict, relativeError < 1e-14) // passed true
 * ```
 */
export async function dotProductTest<State, Tape, Adjoint>(
  model: Model<State, Tape, Adjoint>,
  options: DotProductOptions<State, Adjoint>,
): Promise<DotProductResult> {
  if (typeof model.tangent !== 'function') {
    throw optionError(
      'dotProductTest',
      'the model has no tangent(tangent, tape, n); it is what the adjoint is compared with.',
    )
  }
  const { n0 = 0, steps = 1, innerProduct: product = innerProduct } = options
  const precision = [options.state, options.direction].some(hasSinglePrecision) ? SINGLE : DOUBLE
  const { tolerance = precision.dotProductTolerance } = options
  if (!Number.isSafeInteger(steps) || steps < 1)
    throw optionError('dotProductTest', `steps must be an integer >= 1; got ${show(steps)}.`)
  if (!(tolerance > 0 && tolerance < Infinity))
    throw optionError('dotProductTest', `tolerance must be a finite number > 0; got ${show(tolerance)}.`)
  const states = model.codecs?.state ?? (treeCodec as Codec<State>)
  const adjoints = model.codecs?.adjoint ?? (treeCodec as Codec<Adjoint>)

  const tapes: Tape[] = []
  let state: State = await states.clone(options.state)
  let tangent: Adjoint = await adjoints.clone(options.direction)
  for (let n = n0; n < n0 + steps; n++) {
    const next = await model.tape(state, n)
    state = next.state
    tapes.push(next.tape)
    tangent = await model.tangent(tangent, next.tape, n)
  }
  let adjoint: Adjoint = await adjoints.clone(options.adjoint)
  for (let n = n0 + steps - 1; n >= n0; n--) adjoint = await model.adjoint(adjoint, tapes[n - n0]!, n)

  const tangentSide = product(tangent, options.adjoint)
  const adjointSide = product(options.direction, adjoint)
  const size = Math.sqrt(
    Math.max(
      product(tangent, tangent) * product(options.adjoint, options.adjoint),
      product(options.direction, options.direction) * product(adjoint, adjoint),
    ),
  )
  for (const tape of tapes) await model.codecs?.tape?.dispose?.(tape)
  for (const value of [tangent, adjoint]) await adjoints.dispose?.(value)
  await states.dispose?.(state)
  const difference = Math.abs(tangentSide - adjointSide)
  const relativeError = difference / Math.max(Math.abs(tangentSide), Math.abs(adjointSide))
  // What rounding makes of products of this size, for any sides.
  const isRounding = difference <= ROUNDING * precision.epsilon * size
  const verdict =
    relativeError <= tolerance
      ? 'passed'
      : Number.isFinite(relativeError) && !isRounding
        ? 'wrong'
        : 'undecided'
  return { verdict, tangentSide, adjointSide, relativeError }
}
