/** A gradient over two axes: pixels in a diverging colour scale, the first axis downwards, with a colour bar. */
import * as Plot from '@observablehq/plot'
import type { Axis } from '@checkpoint-schedules/driver'
import { axisLabel, type GradientPicture, titleOf, valueLabel } from './labels.js'
import { pixelsOf } from './pixels.js'
import { sheet } from './svg.js'
import { rangeOf, type ValueRange } from './value-range.js'

const MOST_WIDTH = 680
const MOST_HEIGHT = 520
const LEAST = 90
const margins = { left: 64, right: 14, top: 62, bottom: 50 }
const bar = { width: 16, gap: 10, room: 76 }

export function mapPicture(picture: GradientPicture): string {
  const { values, field, caption } = picture
  const [down, across] = field.axes as [Axis, Axis]
  const range = rangeOf(values)
  const frame = frameOf(down, across)
  const pixels = pixelsOf({ rows: down.count, columns: across.count, values }, range.limit)

  const width = margins.left + frame.width + margins.right + bar.gap + bar.width + bar.room
  const height = margins.top + frame.height + margins.bottom
  const map: Plot.PlotOptions = {
    width: margins.left + frame.width + margins.right,
    height: frame.height + margins.bottom + 10,
    marginLeft: margins.left,
    marginRight: margins.right,
    marginTop: 10,
    marginBottom: margins.bottom,
    x: { domain: edges(across) },
    y: { domain: edges(down).toReversed() },
    marks: [
      imageMark(pixels, margins.left, 10, frame.width, frame.height),
      Plot.frame(),
      Plot.axisX({
        label: axisLabel(across),
        labelAnchor: 'center',
        labelArrow: 'none',
        labelOffset: 38,
        ticks: ticksFor(frame.width),
      }),
      Plot.axisY({
        label: axisLabel(down),
        labelAnchor: 'center',
        labelArrow: 'none',
        labelOffset: 58,
        ticks: ticksFor(frame.height),
      }),
    ],
  }
  const titleWidth = width - margins.left
  const captions = [
    { text: titleOf(field), x: margins.left, y: 26, size: Math.min(16, titleWidth / 22), isBold: true },
    { text: caption, x: margins.left, y: 45, size: Math.min(11.5, titleWidth / 34) },
  ]
  const barAt = { x: map.width! + bar.gap - margins.right, y: margins.top - 10 }
  const label = valueLabel(field, range.exponent)
  return sheet(width, height, captions, [
    { x: 0, y: margins.top - 10, plot: map },
    { ...barAt, plot: colourBar(range, frame.height, label) },
  ])
}

function colourBar(range: ValueRange, height: number, label: string): Plot.PlotOptions {
  const { limit, isClipped, exponent } = range
  const top = limit / 10 ** exponent
  const rows = 256
  const ramp = Array.from({ length: rows }, (_, i) => limit * (1 - (2 * (i + 0.5)) / rows))
  const scale = pixelsOf({ rows, columns: 1, values: ramp }, limit)
  const note = isClipped ? `, clipped at the 99th percentile` : ''
  return {
    width: bar.width + bar.room,
    height: height + 20,
    marginLeft: 0,
    marginRight: bar.room,
    marginTop: 10,
    marginBottom: 10,
    y: { domain: [-top, top] },
    marks: [
      imageMark(scale, 0, 10, bar.width, height),
      Plot.frame(),
      Plot.axisY({
        anchor: 'right',
        label: height < 260 ? label : label + note,
        labelAnchor: 'center',
        labelArrow: 'none',
        labelOffset: 62,
        ticks: ticksFor(height),
        tickFormat: signed,
      }),
    ],
  }
}

const signed = (value: number) =>
  `${value > 0 ? '+' : value < 0 ? '−' : ''}${Number(Math.abs(value).toPrecision(6))}`

// Pixel positions are known, so the image needs no scale.
function imageMark(src: string, x: number, y: number, width: number, height: number): Plot.Markish {
  return (_index, _scales, _channels, _dimensions, context) => {
    const image = context.ownerSVGElement.ownerDocument.createElementNS('http://www.w3.org/2000/svg', 'image')
    const attributes = { href: src, x, y, width, height, preserveAspectRatio: 'none' }
    for (const [name, value] of Object.entries(attributes)) image.setAttribute(name, String(value))
    return image
  }
}

/** Equal lengths for equal distances if both axes have the same unit, but never too thin to see. */
function frameOf(down: Axis, across: Axis): { width: number; height: number } {
  const [tall, wide] = [down.count * Math.abs(down.spacing), across.count * Math.abs(across.spacing)]
  if (down.unit !== across.unit || !(tall > 0 && wide > 0)) return { width: 560, height: 400 }
  const scale = Math.min(MOST_WIDTH / wide, MOST_HEIGHT / tall)
  return {
    width: Math.max(LEAST, Math.round(wide * scale)),
    height: Math.max(LEAST, Math.round(tall * scale)),
  }
}

// Each value fills its cell, so the axis reaches half a cell beyond the first and last.
function edges({ start, spacing, count }: Axis): [number, number] {
  return [start - spacing / 2, start + (count - 0.5) * spacing]
}

function ticksFor(length: number): number {
  return Math.max(2, Math.round(length / 70))
}
