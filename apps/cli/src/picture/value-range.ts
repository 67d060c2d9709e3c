/** The range of a colour scale that is symmetric about zero, and its power of ten. */

/** How values are shown. */
export interface ValueRange {
  /** The largest absolute value shown; larger ones are clipped. */
  readonly limit: number
  /** The largest absolute value. */
  readonly largest: number
  /** Whether some values are clipped. */
  readonly isClipped: boolean
  /** Numbers on the axis are values divided by `10 ** exponent`. */
  readonly exponent: number
}

const PERCENTILE = 0.99
/** Clip only if the largest value exceeds the percentile by more than this factor. */
const WORTH_CLIPPING = 1.5

export function rangeOf(values: ArrayLike<number>): ValueRange {
  const sizes = Float64Array.from(values, Math.abs).filter(Number.isFinite).sort()
  const largest = sizes.at(-1) ?? 0
  const high = sizes[Math.floor(PERCENTILE * (sizes.length - 1))] ?? 0
  const isClipped = high > 0 && largest > WORTH_CLIPPING * high
  const limit = isClipped ? high : largest || 1
  return { limit, largest, isClipped, exponent: exponentOf(limit) }
}

/** The least and the greatest value, a little apart if they are the same. */
export function extentOf(values: ArrayLike<number>): { from: number; to: number } {
  let [from, to] = [Infinity, -Infinity]
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!
    if (!Number.isFinite(value)) continue
    from = Math.min(from, value)
    to = Math.max(to, value)
  }
  if (from > to) return { from: 0, to: 1 }
  return from < to ? { from, to } : { from: from - 0.5, to: to + 0.5 }
}

/** The power of ten, a multiple of three, that brings `value` to 1 … 1000; 0 if plain numbers are short enough. */
export function exponentOf(value: number): number {
  if (!(value > 0) || (value >= 0.01 && value < 10_000)) return 0
  return 3 * Math.floor(Math.log10(value) / 3)
}

/** `10⁻⁶`, empty for 10⁰. */
export function powerOfTen(exponent: number): string {
  if (exponent === 0) return ''
  const digits = String(Math.abs(exponent)).replace(/\d/g, (digit) => '⁰¹²³⁴⁵⁶⁷⁸⁹'[Number(digit)]!)
  return `10${exponent < 0 ? '⁻' : ''}${digits}`
}
