/** What a picture of a gradient shows, and the words on it. */
import type { Axis, Field } from '@checkpoint-schedules/driver'
import { powerOfTen } from './value-range.js'

/** What is drawn. */
export interface GradientPicture {
  /** The gradient's values, the last axis fastest. */
  readonly values: ArrayLike<number>
  readonly field: Field
  /** How it was computed: model, schedule, steps. */
  readonly caption: string
}

export function titleOf({ label }: Field): string {
  return `Gradient with respect to the ${label}`
}

/** `depth (m)`; a unit of `1` is left out. */
export function axisLabel({ label, unit }: Axis): string {
  return isNoUnit(unit) ? label : `${label} (${unit})`
}

/** The gradient is the objective per unit of the control: `∂J / ∂ velocity (10⁻⁶ per m/s)`. */
export function valueLabel({ label, unit }: Field, exponent: number): string {
  const parts = [powerOfTen(exponent), isNoUnit(unit) ? '' : `per ${unit}`].filter((part) => part !== '')
  return `∂J / ∂ ${label}${parts.length === 0 ? '' : ` (${parts.join(' ')})`}`
}

function isNoUnit(unit: string): boolean {
  return unit === '' || unit === '1'
}
