/** The space-time diagram as shapes: steps down, actions or time across, what is held as bars, occupancy below. */
import { actionAcross, axisText, edgeOf, roundNumbers, type View } from './axes.js'
import type { Frame } from './frame.js'
import { marksIn } from './marks.js'
import { occupancy } from './occupancy.js'
import { RANGED, type Ranges } from './ranges.js'
import { Kind, type Recording } from './recording.js'
import { ADJOINT_DASH, dashOf, lookOf, type Ink, type Shape } from './shapes.js'

const inks: readonly Ink[] = ['forward', 'tape', 'adjoint']
const WIDE = 1.5 // pixels from which an action is drawn by itself
const MOST_BARS = 5000
const MANY = 400 // bars from which they are thin
const LONG = 60 // pixels from which thin bars are dashed
const CROWDED = 1 / 3 // bars for each pixel down, from which single ones cannot be told apart

/** All shapes of a view. Their number is bounded by the width, however many actions there are. */
export function sceneOf(recording: Recording, ranges: Ranges, view: View, frame: Frame): Shape[] {
  const scale = scaleOf(recording, view, frame)
  return [
    ...axes(view, frame, scale),
    ...diagramOf(recording, ranges, view, frame),
    ...marksIn(recording, view, frame, scale),
    ...occupancy(recording, ranges, view, frame),
  ]
}

/** What is held, and the steps that are taken: the diagram without axes, marks and occupancy. */
export function diagramOf(recording: Recording, ranges: Ranges, view: View, frame: Frame): Shape[] {
  const scale = scaleOf(recording, view, frame)
  return [...bars(recording, view, frame, scale), ...motion(recording, ranges, view, frame, scale)]
}

/** From the recording to pixels. */
interface Scale {
  /** Where action `i` begins, across. */
  readonly x: (i: number) => number
  /** Where step `n` begins, down. */
  readonly y: (n: number) => number
  /** The first and the last action in view. */
  readonly first: number
  readonly last: number
}

function scaleOf(recording: Recording, view: View, frame: Frame): Scale {
  const { across, left, right, top, bottom } = view
  const perPlace = frame.width / (right - left)
  const perStep = frame.height / (bottom - top)
  return {
    x: (i) => frame.left + (edgeOf(recording, across, i) - left) * perPlace,
    y: (n) => frame.top + (n - top) * perStep,
    first: actionAcross(recording, across, left),
    last: actionAcross(recording, across, right),
  }
}

function axes({ across, left, right, top, bottom }: View, frame: Frame, { y }: Scale): Shape[] {
  const shapes: Shape[] = []
  const end = frame.left + frame.width
  const foot = frame.top + frame.height
  for (const n of roundNumbers(top, bottom, Math.min(10, Math.floor(frame.height / 26)))) {
    shapes.push(
      { type: 'line', ink: 'grid', from: [frame.left, y(n)], to: [end, y(n)], width: 1 },
      { type: 'text', ink: 'muted', x: frame.left - 8, y: y(n) + 4, text: axisText(n), anchor: 'end' },
    )
  }
  const x = (place: number) => frame.left + ((place - left) / (right - left)) * frame.width
  for (const place of roundNumbers(
    left,
    right,
    Math.max(2, Math.floor(frame.width / 90)),
    across === 'actions',
  )) {
    const text = axisText(place)
    shapes.push(
      { type: 'line', ink: 'muted', from: [x(place), foot], to: [x(place), foot + 4], width: 1 },
      { type: 'text', ink: 'muted', x: x(place), y: foot + 17, text, anchor: 'middle' },
    )
  }
  shapes.push(
    { type: 'line', ink: 'muted', from: [frame.left, foot], to: [end, foot], width: 1 },
    { type: 'text', ink: 'text', x: frame.left - 8, y: frame.top - 14, text: 'step', anchor: 'end' },
    {
      type: 'text',
      ink: 'text',
      x: end,
      y: foot + 33,
      text: across === 'actions' ? 'action' : 'time',
      anchor: 'end',
    },
  )
  return shapes
}

function bars(
  { bars, storages, steps: total }: Recording,
  view: View,
  frame: Frame,
  { x, y, first, last }: Scale,
): Shape[] {
  const end = frame.left + frame.width
  const visible: number[] = []
  for (let k = 0; k < bars.length && bars.from[k]! <= last; k++) {
    if (bars.to[k]! >= first && bars.steps[k]! <= view.bottom && bars.ends[k]! >= view.top) visible.push(k)
  }
  const looks = (k: number) =>
    [x(bars.from[k]!), x(bars.to[k]!), y(bars.steps[k]!), y(bars.ends[k]!), bars.storages[k]!]
      .map(Math.round)
      .join()
  const lengthOf = (k: number) => Math.min(end, x(bars.to[k]!)) - Math.max(frame.left, x(bars.from[k]!))
  // Of many, one of those that look alike; then the longest ones, if there are still more than can be distinguished.
  let drawn = visible.length > MOST_BARS ? [...new Map(visible.map((k) => [looks(k), k])).values()] : visible
  for (let least = 1; drawn.length > MOST_BARS; least *= 2) drawn = drawn.filter((k) => lengthOf(k) >= least)
  // Dashes of many bars would form patterns that are not there: they become a tint, darker where there are more.
  const together = drawn.reduce((sum, k) => sum + lengthOf(k), 0) / frame.width
  const isCrowded = together > CROWDED * frame.height
  return drawn.flatMap((k): Shape[] => {
    const look = lookOf(storages, bars.storages[k]!)
    const ink: Ink = `storage-${look}`
    const from = Math.max(frame.left, x(bars.from[k]!))
    const to = Math.min(end, x(bars.to[k]!))
    const top = Math.max(view.top, bars.steps[k]!)
    const bottom = Math.min(view.bottom, bars.ends[k]!, total)
    if (bars.ends[k]! - bars.steps[k]! > 1)
      return [
        { type: 'box', ink, x: from, y: y(top), width: to - from, height: y(bottom) - y(top), opacity: 0.16 },
      ]
    if (bars.steps[k]! < view.top) return []
    const isFine = drawn.length > MANY
    // Where many short bars lie together, their dashes would form slopes that are not there.
    const dash = isFine && to - from < LONG ? undefined : dashOf(look)
    const style = isCrowded ? { width: 1, opacity: 0.3 } : { width: isFine ? 1 : 2, dash }
    return [{ type: 'line', ink, from: [from, y(top)], to: [to, y(top)], ...style }]
  })
}

function motion(
  recording: Recording,
  ranges: Ranges,
  view: View,
  frame: Frame,
  { x, y, first, last }: Scale,
): Shape[] {
  // One list for each kind, so that neighbours look alike and become one path.
  const shapes = RANGED.map((): Shape[] => [])
  const end = frame.left + frame.width
  const clamp = (n: number) => Math.min(view.bottom, Math.max(view.top, n))
  const { across, left, right } = view
  const placeOf = (pixel: number) => left + ((pixel - frame.left) / frame.width) * (right - left)
  for (let i = first, pixel = Math.max(frame.left, x(first)); i <= last && pixel < end;) {
    if (x(i + 1) - x(i) >= WIDE) {
      shapes[recording.kinds[i]!]?.push(...single(recording, i, view, frame, { x, y }))
      pixel = x(i + 1)
      i += 1
      continue
    }
    // Those that begin within this pixel, as one column.
    const next = Math.min(last + 1, Math.max(i + 1, actionAcross(recording, across, placeOf(pixel + 1))))
    const { least, greatest } = ranges.of(i, next)
    for (const kind of RANGED) {
      if (least[kind]! > view.bottom || greatest[kind]! < view.top) continue
      const from = y(clamp(least[kind]!))
      const to = Math.max(from + 2, y(clamp(greatest[kind]!)))
      shapes[kind]!.push({
        type: 'line',
        ink: inks[kind]!,
        from: [pixel + 0.5, from],
        to: [pixel + 0.5, to],
        width: 1,
      })
    }
    i = next
    pixel = Math.max(pixel + 1, Math.min(x(i), end))
  }
  return shapes.flat()
}

/** One action as a slope, cut where the view ends. */
function single(
  { kinds, starts, ends }: Recording,
  i: number,
  view: View,
  frame: Frame,
  { x, y }: Pick<Scale, 'x' | 'y'>,
): Shape[] {
  const kind = kinds[i]!
  if (kind > Kind.Adjoint) return []
  const steps = ends[i]! - starts[i]!
  if (steps === 0) return []
  const x0 = x(i)
  const slope = (x(i + 1) - x0) / steps
  const across = (n: number) => x0 + (n - starts[i]!) * slope
  const within = (n: number) => Math.min(view.bottom, Math.max(view.top, n))
  // Steps at which the slope enters and leaves the view across.
  const atLeft = starts[i]! + (frame.left - x0) / slope
  const atRight = starts[i]! + (frame.left + frame.width - x0) / slope
  const [low, high] = atLeft < atRight ? [atLeft, atRight] : [atRight, atLeft]
  const cut = (n: number) => within(Math.min(high, Math.max(low, n)))
  const from = cut(starts[i]!)
  const to = cut(ends[i]!)
  if (from === to) return []
  const width = kind === Kind.Taped ? 4 : 2
  const dash = kind === Kind.Adjoint ? ADJOINT_DASH : undefined
  return [
    { type: 'line', ink: inks[kind]!, from: [across(from), y(from)], to: [across(to), y(to)], width, dash },
  ]
}
