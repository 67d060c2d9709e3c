/** Memory against time: which schedules are not beaten in both by another one. */
import * as Plot from '@observablehq/plot'
import { sheet } from '../picture/svg.js'
import type { CompareArguments } from './arguments.js'
import type { Candidate } from './candidates.js'
import { labelOf } from './table.js'

const size = { plot: 526, height: 480, left: 84, top: 64, bottom: 56 }
/** The widest letters of a label, on average, and the gap between a point and its label. */
const LETTER_WIDTH = 6.3
const LABEL_GAP = 10
const LABEL_HEIGHT = 21
const BEST = '#0b6e99'
const OTHER = '#9a9a9a'

interface Point {
  readonly label: string
  readonly memory: number
  readonly time: number
  readonly isBest: boolean
}

export function paretoPicture(
  candidates: readonly Candidate[],
  steps: number,
  { stateBytes, inSeconds }: CompareArguments,
): string {
  const points = pointsOf(candidates)
  const front = points.filter(({ isBest }) => isBest).toSorted((a, b) => a.memory - b.memory)
  const [time, timeLabel] = inSeconds ? timeUnit(points) : ([1, 'predicted time (forward steps)'] as const)
  const [bytes, memoryLabel] =
    stateBytes === undefined ? ([1, 'checkpoints in memory, at most'] as const) : memoryUnit(points)
  const drawn = ({ memory, time: value, ...rest }: Point) => ({
    ...rest,
    memory: memory / bytes,
    time: value / time,
  })
  // A label begins at its point, which may be at the right edge.
  const right = Math.ceil(2 * LABEL_GAP + LETTER_WIDTH * Math.max(...points.map(({ label }) => label.length)))
  const width = size.left + size.plot + right
  const plot: Plot.PlotOptions = {
    width,
    height: size.height - size.top + 10,
    marginLeft: size.left,
    marginRight: right,
    marginTop: 10,
    marginBottom: size.bottom,
    x: { nice: true, zero: true },
    y: { nice: true, zero: true },
    marks: [
      Plot.gridY({ stroke: '#000', strokeOpacity: 0.08 }),
      Plot.gridX({ stroke: '#000', strokeOpacity: 0.08 }),
      // Below the points, so that no tick crosses one.
      Plot.axisX({ label: memoryLabel, labelAnchor: 'center', labelArrow: 'none', labelOffset: 42 }),
      Plot.axisY({ label: timeLabel, labelAnchor: 'center', labelArrow: 'none', labelOffset: 66 }),
      Plot.line(front.map(drawn), {
        x: 'memory',
        y: 'time',
        stroke: BEST,
        strokeOpacity: 0.5,
        strokeWidth: 1.5,
      }),
      Plot.dot(points.map(drawn), {
        x: 'memory',
        y: 'time',
        r: 5,
        fill: (point: Point) => (point.isBest ? BEST : OTHER),
        symbol: (point: Point) => (point.isBest ? 'circle' : 'square'),
      }),
      Plot.text(labelled(points).map(drawn), {
        x: 'memory',
        y: 'time',
        text: 'label',
        textAnchor: 'start',
        dx: LABEL_GAP,
        fontSize: 11,
        fill: 'currentColor',
        // A white outline, so that no line runs through the letters.
        stroke: 'white',
        strokeWidth: 4,
      }),
    ],
  }
  const captions = [
    { text: 'Schedules within the budget: memory against time', x: size.left, y: 26, size: 16, isBold: true },
    {
      text: `${steps.toLocaleString('en-US')} steps; blue circles are beaten by no other schedule in both`,
      x: size.left,
      y: 46,
      size: 11.5,
    },
  ]
  return sheet(width, size.height, captions, [{ x: 0, y: size.top - 10, plot }])
}

function pointsOf(candidates: readonly Candidate[]): Point[] {
  const points = candidates.map((it) => ({
    label: labelOf(it),
    memory: it.memory,
    time: it.time,
  }))
  return points.map((point) => ({
    ...point,
    isBest: !points.some(
      (other) =>
        other.memory <= point.memory &&
        other.time <= point.time &&
        (other.memory < point.memory || other.time < point.time),
    ),
  }))
}

// Labels of points close to each other would overlap, so they are moved up until they do not.
function labelled(points: readonly Point[]): Point[] {
  const lineHeight = (LABEL_HEIGHT / size.height) * Math.max(...points.map(({ time }) => time))
  const near = 0.25 * Math.max(...points.map(({ memory }) => memory))
  const placed: Point[] = []
  for (const point of points.toSorted((a, b) => a.time - b.time)) {
    const below = placed.filter(({ memory }) => Math.abs(memory - point.memory) <= near)
    const free = Math.max(...below.map(({ time }) => time + lineHeight), point.time)
    placed.push({ ...point, time: free })
  }
  return placed
}

function timeUnit(points: readonly Point[]): readonly [number, string] {
  const most = Math.max(...points.map((it) => it.time))
  if (most >= 7200) return [3600, 'predicted time (hours)']
  if (most >= 120) return [60, 'predicted time (minutes)']
  return most >= 1 ? [1, 'predicted time (seconds)'] : [1e-3, 'predicted time (milliseconds)']
}

function memoryUnit(points: readonly Point[]): readonly [number, string] {
  const most = Math.max(...points.map((it) => it.memory))
  for (const [unit, bytes] of [
    ['TB', 1e12],
    ['GB', 1e9],
    ['MB', 1e6],
    ['kB', 1e3],
  ] as const)
    if (most >= bytes) return [bytes, `memory, at most (${unit})`]
  return [1, 'memory, at most (B)']
}
