/**
 * The Taylor test: whether a gradient is right. The remainder |f(m + h d) - f(m) - h <g, d>| of a right gradient falls
 * with h², that of a wrong one with h.
 */
import { optionError } from '@checkpoint-schedules/core'
import { innerProduct, moved } from './inner-product.js'
import type { Awaitable } from '@checkpoint-schedules/model'

/** A function with its gradient. */
export interface ValueAndGradient<M> {
  readonly value: number
  /** Needed at `m` only, not at the points nearby. */
  readonly gradient?: M
}

/** What the test found. */
export interface TaylorResult {
  /** For each step length: the remainder, and the rate against the one before, log2(previous / remainder). */
  readonly rows: readonly {
    readonly h: number
    readonly remainder: number
    readonly rate: number | undefined
  }[]
  /** The median rate: 2 for a right gradient, 1 for a wrong one, NaN where the remainders are all rounding errors. */
  readonly rate: number
}

/** How to test. */
export interface TaylorOptions {
  /** The largest step length; halved `halvings` times. By default 0.01. */
  readonly h?: number
  /** By default 4. */
  readonly halvings?: number
}

/**
 * Tests the gradient of `f` at `m` along `direction`. Calls `f` once at `m` and `halvings + 1` times nearby.
 *
 * Choose `direction` about as large as `m`, so that `h` is a relative change.
 *
 * @throws `INVALID_OPTION`: `m`, `direction` and the gradient differ in shape, or a value is not finite.
 * @example
 * ```ts
 * import { taylorTest } from '@checkpoint-schedules/driver'
 *
 * const cube = (m: number) => ({ value: m ** 3, gradient: 3 * m * m })
 * const { rate } = await taylorTest(cube, 1, 1)
 * console.log(rate.toFixed(1)) // 2.0
 * ```
 */
export async function taylorTest<M>(
  f: (m: M) => Awaitable<ValueAndGradient<M>>,
  m: M,
  direction: M,
  { h = 0.01, halvings = 4 }: TaylorOptions = {},
): Promise<TaylorResult> {
  if (!(h > 0) || !Number.isSafeInteger(halvings) || halvings < 1) {
    throw optionError('taylorTest', 'h must be a number > 0 and halvings an integer >= 1.')
  }
  const { value, gradient } = await f(m)
  if (gradient === undefined)
    throw optionError('taylorTest', 'f must return { value, gradient } at m; got no gradient.')
  const slope = innerProduct(gradient, direction)
  if (!Number.isFinite(value) || !Number.isFinite(slope)) {
    throw optionError(
      'taylorTest',
      `f is ${value} at m and its slope along direction ${slope}; both must be finite.`,
    )
  }
  const rows: { h: number; remainder: number; rate: number | undefined }[] = []
  for (let i = 0; i <= halvings; i++) {
    const step = h / 2 ** i
    const there = await f(moved(m, step, direction))
    const remainder = Math.abs(there.value - value - step * slope)
    const before = rows.at(-1)?.remainder
    rows.push({ h: step, remainder, rate: before === undefined ? undefined : Math.log2(before / remainder) })
  }
  return { rows, rate: median(rows.flatMap((row) => row.rate ?? [])) }
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length / 2
  return (sorted[Math.ceil(middle) - 1]! + sorted[Math.floor(middle)]!) / 2
}
