/** A colour bar: which colour stands for which value, with arrows where values are beyond its ends. */
import type * as PlotTypes from '@observablehq/plot'
import * as Plot from '@observablehq/plot'
import { cssColour, type Rgb } from './colours.js'
import { imageMark, triangleMark } from './image-mark.js'
import { pixelsOf } from './pixels.js'

/** What colours stand for. */
export interface ColourScale {
  readonly colourOf: (value: number) => Rgb
  readonly from: number
  readonly to: number
  /** Numbers on the axis are values divided by `10 ** exponent`. */
  readonly exponent: number
  /** Whether some values are beyond `from` and `to`. */
  readonly isClipped: boolean
  /** Whether numbers have a sign. */
  readonly isSigned: boolean
  readonly label: string
}

/** Its width, the gap before it, and the room for its numbers. */
export const BAR = { width: 16, gap: 10, room: 76 }
/** What it reaches above and below the frame that it belongs to. */
export const BAR_MARGIN = 10
const ROWS = 256

/** As high as the map beside it. */
export function colourBar(scale: ColourScale, height: number, ticks: number): PlotTypes.PlotOptions {
  const { colourOf, from, to, exponent, isClipped, isSigned, label } = scale
  const unit = 10 ** exponent
  const ramp = Array.from({ length: ROWS }, (_, i) => to - ((to - from) * (i + 0.5)) / ROWS)
  const [top, foot] = [BAR_MARGIN, BAR_MARGIN + height]
  const middle = BAR.width / 2
  const arrow = (base: number, tip: number, value: number) =>
    triangleMark(
      [
        [0, base],
        [BAR.width, base],
        [middle, tip],
      ],
      cssColour(colourOf(value)),
    )
  return {
    width: BAR.width + BAR.room,
    height: height + 2 * BAR_MARGIN,
    marginLeft: 0,
    marginRight: BAR.room,
    marginTop: BAR_MARGIN,
    marginBottom: BAR_MARGIN,
    y: { domain: [from / unit, to / unit] },
    marks: [
      imageMark(pixelsOf({ rows: ROWS, columns: 1, values: ramp }, colourOf), 0, top, BAR.width, height),
      Plot.frame(),
      ...(isClipped ? [arrow(top, top - 9, to), arrow(foot, foot + 9, from)] : []),
      Plot.axisY({
        anchor: 'right',
        label,
        labelAnchor: 'center',
        labelArrow: 'none',
        labelOffset: 62,
        ticks,
        tickFormat: isSigned ? signed : plain,
      }),
    ],
  }
}

const plain = (value: number) => `${value < 0 ? '−' : ''}${size(value)}`
const signed = (value: number) => `${value > 0 ? '+' : ''}${plain(value)}`
const size = (value: number) => Number(Math.abs(value).toPrecision(6)).toLocaleString('en-US')
