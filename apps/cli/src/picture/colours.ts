/**
 * Colour scales, perceptually uniform: interpolated in OKLab.
 *
 * Diverging: blue through near-white to red, between ends of equal lightness, so that equal distances from zero look equally strong in
 * both colours. Sequential: from light to dark, for values without a zero.
 */
import { converter, interpolate } from 'culori'

/** Red, green, blue, 0 to 255. */
export type Rgb = readonly [number, number, number]

const diverging = tableOf(['oklch(0.40 0.17 262)', 'oklch(0.975 0 0)', 'oklch(0.40 0.17 27)'])
const sequential = tableOf(['oklch(0.96 0.05 105)', 'oklch(0.68 0.11 170)', 'oklch(0.33 0.10 265)'])
/** For a value that is not a number; this colour is on neither scale. */
const NOT_A_NUMBER: Rgb = [120, 120, 120]

/** The colour of a value from -1 to 1; values outside are clipped. */
export function divergingColour(value: number): Rgb {
  return colourIn(diverging, (value + 1) / 2)
}

/** The colour of a value from 0 to 1; values outside are clipped. */
export function sequentialColour(value: number): Rgb {
  return colourIn(sequential, value)
}

/** As SVG wants it. */
export const cssColour = (rgb: Rgb) => `rgb(${rgb.join(',')})`

function colourIn(table: readonly Rgb[], part: number): Rgb {
  if (Number.isNaN(part)) return NOT_A_NUMBER
  return table[Math.round(Math.max(0, Math.min(1, part)) * (table.length - 1))]!
}

function tableOf(ends: string[]): Rgb[] {
  const steps = 512
  const toRgb = converter('rgb')
  const scale = interpolate(ends, 'oklab')
  return Array.from({ length: steps + 1 }, (_, i) => {
    const { r, g, b } = toRgb(scale(i / steps))
    return [byte(r), byte(g), byte(b)] as const
  })
}

function byte(part: number): number {
  return Math.round(255 * Math.max(0, Math.min(1, part)))
}
