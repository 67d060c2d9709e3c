/** A gradient over one axis: a line. */
import * as Plot from '@observablehq/plot'
import { axisLabel, type GradientPicture, titleOf, valueLabel } from './labels.js'
import { sheet } from './svg.js'
import { exponentOf } from './value-range.js'

const size = { width: 760, height: 440, left: 72, right: 24, top: 62, bottom: 52 }
const LINE = '#8c1d18'
/** If there are more values than this, each stretch is represented by its lowest and highest value. */
const MOST_POINTS = 4000

export function linePicture({ values, field, caption }: GradientPicture): string {
  const axis = field.axes[0]!
  const points = thinned(values)
  const largest = points.reduce((most, [, value]) => Math.max(most, Math.abs(value) || 0), 0)
  const exponent = exponentOf(largest)
  const drawn = points.map(([i, value]) => [axis.start + i * axis.spacing, value / 10 ** exponent] as const)
  const plot: Plot.PlotOptions = {
    width: size.width,
    height: size.height - size.top + 10,
    marginLeft: size.left,
    marginRight: size.right,
    marginTop: 10,
    marginBottom: size.bottom,
    x: { nice: false },
    y: { nice: true, ...(largest === 0 ? { domain: [-1, 1] } : {}) },
    marks: [
      Plot.gridY({ stroke: '#000', strokeOpacity: 0.08 }),
      Plot.ruleY([0], { stroke: '#777' }),
      Plot.line(drawn, { stroke: LINE, strokeWidth: 1.8 }),
      Plot.axisX({ label: axisLabel(axis), labelAnchor: 'center', labelArrow: 'none', labelOffset: 38 }),
      Plot.axisY({
        label: valueLabel(field, exponent),
        labelAnchor: 'center',
        labelArrow: 'none',
        labelOffset: 62,
      }),
    ],
  }
  const captions = [
    { text: titleOf(field), x: size.left, y: 26, size: 16, isBold: true },
    { text: caption, x: size.left, y: 45, size: 11.5 },
  ]
  return sheet(size.width, size.height, captions, [{ x: 0, y: size.top - 10, plot }])
}

function thinned(values: ArrayLike<number>): [number, number][] {
  const stretch = Math.ceil((2 * values.length) / MOST_POINTS)
  if (values.length <= MOST_POINTS) return Array.from(values, (value, i) => [i, value])
  const points: [number, number][] = []
  for (let from = 0; from < values.length; from += stretch) {
    let [low, high] = [from, from]
    for (let i = from; i < Math.min(from + stretch, values.length); i++) {
      if (values[i]! < values[low]!) low = i
      if (values[i]! > values[high]!) high = i
    }
    const both = low <= high ? [low, high] : [high, low]
    points.push(...both.map((i): [number, number] => [i, values[i]!]))
  }
  return points
}
