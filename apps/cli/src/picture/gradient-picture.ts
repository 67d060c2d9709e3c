/** The picture of a gradient: a map for a field with two axes, a line for one with one. */
import type { Field } from '@checkpoint-schedules/driver'
import type { GradientPicture } from './labels.js'
import { linePicture } from './line-picture.js'
import { mapPicture } from './map-picture.js'

/** The picture as SVG text. */
export function gradientPicture(picture: GradientPicture): string {
  return picture.field.axes.length === 1 ? linePicture(picture) : mapPicture(picture)
}

/** Why there can be no picture; `undefined` if there can. */
export function pictureFault(field: Field | undefined, size: number): string | undefined {
  if (field === undefined) return 'it does not describe the layout of its gradient (field)'
  const { axes } = field
  if (axes.length < 1 || axes.length > 2)
    return `its gradient has ${axes.length} axes; one or two can be drawn`
  const expected = axes.reduce((product, { count }) => product * count, 1)
  return expected === size ? undefined : `its gradient has ${size} values and its axes ${expected}`
}
