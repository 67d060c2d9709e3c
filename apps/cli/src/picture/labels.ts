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
  /** A field of the same size that is drawn above or beside it. */
  readonly beside?: Beside | undefined
}

/** A field for comparison, such as the true control. */
export interface Beside {
  readonly values: ArrayLike<number>
  /** Where it comes from. */
  readonly name: string
}

export function titleOf({ label }: Field): string {
  return `Gradient with respect to the ${label}`
}

/** `Velocity, from velocity-true.npy`. */
export function besideTitle({ label }: Field, { name }: Beside): string {
  return `${label.charAt(0).toUpperCase()}${label.slice(1)}, from ${name}`
}

/** `depth (m)`; a unit of `1` is left out. */
export function axisLabel({ label, unit }: Pick<Axis, 'label' | 'unit'>): string {
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
