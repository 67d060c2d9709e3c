/**
 * Blue through near-white to red, perceptually uniform: interpolated in OKLab between ends of equal lightness, so that
 * equal distances from zero look equally strong in both colours.
 */
import { converter, interpolate } from 'culori'

/** Red, green, blue, 0 to 255. */
export type Rgb = readonly [number, number, number]

const ends = { negative: 'oklch(0.40 0.17 262)', zero: 'oklch(0.975 0 0)', positive: 'oklch(0.40 0.17 27)' }
/** For a value that is not a number; this colour is not on the scale. */
const NOT_A_NUMBER: Rgb = [120, 120, 120]
const STEPS = 512

const toRgb = converter('rgb')
const scale = interpolate([ends.negative, ends.zero, ends.positive], 'oklab')
const table: readonly Rgb[] = Array.from({ length: STEPS + 1 }, (_, i) => {
  const { r, g, b } = toRgb(scale(i / STEPS))
  return [byte(r), byte(g), byte(b)]
})

/** The colour of a value from -1 to 1; values outside are clipped. */
export function divergingColour(value: number): Rgb {
  if (Number.isNaN(value)) return NOT_A_NUMBER
  const clipped = Math.max(-1, Math.min(1, value))
  return table[Math.round(((clipped + 1) / 2) * STEPS)]!
}

function byte(part: number): number {
  return Math.round(255 * Math.max(0, Math.min(1, part)))
}
