/** A gradient over two axes: pixels in a diverging colour scale, the first axis downwards, with a colour bar; with it a field to compare. */
import type { Axis, Field } from '@checkpoint-schedules/driver'
import * as Plot from '@observablehq/plot'
import { BAR, BAR_MARGIN, colourBar, type ColourScale } from './colour-bar.js'
import { divergingColour, sequentialColour } from './colours.js'
import { imageMark } from './image-mark.js'
import { axisLabel, besideTitle, type GradientPicture, titleOf, valueLabel } from './labels.js'
import { pixelsOf } from './pixels.js'
import { type Caption, type Placed, sheet } from './svg.js'
import { extentOf, rangeOf } from './value-range.js'

const MOST_WIDTH = 680
const MOST_HEIGHT = 520
/** Of each of two. */
const MOST_OF_TWO = 560
const LEAST = 90
const margins = { left: 64, right: 14, top: 62, bottom: 50 }
const LINE = 19

/** The signs of marks, in the order in which a field names them: on the map, and in words. */
const signs = [
  { symbol: 'star', glyph: '☆', r: 5.5 },
  { symbol: 'triangle2', glyph: '△', r: 2.6 },
  { symbol: 'diamond2', glyph: '◇', r: 3.5 },
] as const

/** One map of the picture. */
interface Panel {
  readonly title: string
  readonly lines: readonly string[]
  readonly values: ArrayLike<number>
  readonly scale: ColourScale
}

export function mapPicture(picture: GradientPicture): string {
  const { field, beside } = picture
  const frame = frameOf(field, beside === undefined ? MOST_WIDTH : MOST_OF_TWO)
  const gradient = gradientPanel(picture)
  const panels =
    beside === undefined
      ? [{ ...gradient, lines: [...gradient.lines, ...marksLine(field)] }]
      : [besidePanel(picture), gradient]
  const width = margins.left + frame.width + margins.right + BAR.gap + BAR.width + BAR.room
  const heights = panels.map((panel) => topOf(panel) + frame.height + margins.bottom)
  // Wide maps one above the other, so that the same places are in line; high ones side by side.
  const isStacked = frame.width >= frame.height
  const drawn = panels.map((panel, k) => {
    const [x, y] = isStacked ? [0, k === 0 ? 0 : heights[0]!] : [k * width, 0]
    return drawPanel(panel, field, frame, width, x, y)
  })
  return sheet(
    isStacked ? width : width * panels.length,
    isStacked ? heights.reduce((sum, height) => sum + height, 0) : Math.max(...heights),
    drawn.flatMap(({ captions }) => captions),
    drawn.flatMap(({ plots }) => plots),
  )
}

function gradientPanel({ values, field, caption }: GradientPicture): Panel {
  const { limit, largest, isClipped, exponent } = rangeOf(values)
  const beyond = Number((largest / 10 ** exponent).toPrecision(2))
  return {
    title: titleOf(field),
    lines: [isClipped ? `${caption}; arrows: up to ±${beyond}` : caption],
    values,
    scale: {
      colourOf: (value) => divergingColour(value / limit),
      from: -limit,
      to: limit,
      exponent,
      isClipped,
      isSigned: true,
      label: valueLabel(field, exponent),
    },
  }
}

function besidePanel({ field, beside }: GradientPicture): Panel {
  const { values } = beside!
  const { from, to } = extentOf(values)
  return {
    title: besideTitle(field, beside!),
    lines: marksLine(field),
    values,
    scale: {
      colourOf: (value) => sequentialColour((value - from) / (to - from)),
      from,
      to,
      exponent: 0,
      isClipped: false,
      isSigned: false,
      label: axisLabel(field),
    },
  }
}

/** `☆ sources (3), △ receivers (80)`. */
function marksLine({ marks = [] }: Field): string[] {
  const words = marks
    .slice(0, signs.length)
    .map(({ label, at }, k) => `${signs[k]!.glyph} ${label} (${at.length.toLocaleString('en-US')})`)
  return words.length === 0 ? [] : [words.join(', ')]
}

/** Room for the title and the lines below it. */
const topOf = ({ lines }: Panel) => margins.top + LINE * Math.max(0, lines.length - 1)

function drawPanel(
  panel: Panel,
  field: Field,
  frame: { readonly width: number; readonly height: number },
  width: number,
  x: number,
  y: number,
): { captions: Caption[]; plots: Placed[] } {
  const [down, across] = field.axes as [Axis, Axis]
  const top = topOf(panel)
  const pixels = pixelsOf(
    { rows: down.count, columns: across.count, values: panel.values },
    panel.scale.colourOf,
  )
  const map: Plot.PlotOptions = {
    width: margins.left + frame.width + margins.right,
    height: frame.height + margins.bottom + BAR_MARGIN,
    marginLeft: margins.left,
    marginRight: margins.right,
    marginTop: BAR_MARGIN,
    marginBottom: margins.bottom,
    x: { domain: edges(across) },
    y: { domain: edges(down).toReversed() },
    symbol: { legend: false },
    marks: [
      imageMark(pixels, margins.left, BAR_MARGIN, frame.width, frame.height),
      Plot.frame(),
      ...(field.marks ?? []).slice(0, signs.length).map(({ at }, k) =>
        Plot.dot(at, {
          x: ([, column]: readonly number[]) => column,
          y: ([row]: readonly number[]) => row,
          symbol: signs[k]!.symbol,
          r: signs[k]!.r,
          fill: '#fff',
          stroke: '#222',
          strokeWidth: 1,
        }),
      ),
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
  const left = x + margins.left
  return {
    captions: [
      { text: panel.title, x: left, y: y + 26, size: Math.min(16, titleWidth / 22), isBold: true },
      ...panel.lines.map((text, k) => ({
        text,
        x: left,
        y: y + 45 + k * LINE,
        size: Math.min(11.5, titleWidth / 34),
      })),
    ],
    plots: [
      { x, y: y + top - BAR_MARGIN, plot: map },
      {
        x: x + map.width! + BAR.gap - margins.right,
        y: y + top - BAR_MARGIN,
        plot: colourBar(panel.scale, frame.height, ticksFor(frame.height)),
      },
    ],
  }
}

/** Equal lengths for equal distances if both axes have the same unit, but never too thin to see. */
function frameOf({ axes }: Field, most: number): { width: number; height: number } {
  const [down, across] = axes as [Axis, Axis]
  const [tall, wide] = [down.count * Math.abs(down.spacing), across.count * Math.abs(across.spacing)]
  if (down.unit !== across.unit || !(tall > 0 && wide > 0)) return { width: 560, height: 400 }
  const scale = Math.min(most / wide, Math.min(most, MOST_HEIGHT) / tall)
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
