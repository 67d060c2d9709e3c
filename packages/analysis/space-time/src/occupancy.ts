/** What each storage holds over time, as strips below the diagram: each with its own axis. */
import { actionAcross, axisText, type View } from './axes.js'
import { AXIS_HEIGHT, type Frame, STRIP_HEIGHT } from './frame.js'
import type { Ranges } from './ranges.js'
import type { Recording } from './recording.js'
import { lookOf, type Shape } from './shapes.js'

const GAP = 18

export function occupancy(recording: Recording, ranges: Ranges, view: View, frame: Frame): Shape[] {
  const { storages } = recording
  const shapes: Shape[] = []
  const columns = columnsOf(recording, view, frame)
  const most = Array.from(ranges.of(0, recording.length).held, (count) => Math.max(1, count))
  for (const [k, storage] of storages.entries()) {
    const foot = frame.top + frame.height + AXIS_HEIGHT + (k + 1) * STRIP_HEIGHT - 4
    const height = STRIP_HEIGHT - GAP - 4
    const end = frame.left + frame.width
    const counts = columns.map(({ from, to }) => ranges.of(from, to).held[k]!)
    // Equal neighbours are one box.
    for (let i = 0, next = 1; i < columns.length; i = next) {
      for (next = i + 1; next < columns.length && counts[next] === counts[i];) next += 1
      const last = columns[next - 1]!
      const { x } = columns[i]!
      const tall = (counts[i]! / most[k]!) * height
      const width = last.x + last.width - x
      if (tall > 0)
        shapes.push({
          type: 'box',
          ink: `storage-${lookOf(storages, k)}`,
          x,
          y: foot - tall,
          width,
          height: tall,
          opacity: 0.55,
        })
    }
    shapes.push(
      { type: 'line', ink: 'muted', from: [frame.left, foot], to: [end, foot], width: 1 },
      {
        type: 'text',
        ink: 'text',
        x: frame.left,
        y: foot - height - 5,
        text: `held in ${storage}`,
        anchor: 'start',
      },
      {
        type: 'text',
        ink: 'muted',
        x: frame.left - 8,
        y: foot - height + 8,
        text: axisText(most[k]!),
        anchor: 'end',
      },
      { type: 'text', ink: 'muted', x: frame.left - 8, y: foot, text: '0', anchor: 'end' },
    )
  }
  return shapes
}

/** Columns of a pixel or of one action, whichever is wider. */
function columnsOf(recording: Recording, { across, left, right }: View, frame: Frame) {
  const columns: { x: number; width: number; from: number; to: number }[] = []
  const perPixel = (right - left) / frame.width
  const { length, times } = recording
  const edge = (i: number) => (across === 'actions' ? i : times[i]!)
  // Beyond the last action nothing is known to be held.
  const end = Math.min(frame.width, (edge(length) - left) / perPixel)
  for (let pixel = 0; pixel < end;) {
    const from = actionAcross(recording, across, left + pixel * perPixel)
    const ends = (edge(from + 1) - left) / perPixel
    const width = Math.min(end - pixel, Math.max(1, ends - pixel))
    const to = Math.max(from + 1, actionAcross(recording, across, left + (pixel + width) * perPixel))
    columns.push({ x: frame.left + pixel, width, from, to: Math.min(length, to) })
    pixel += width
  }
  return columns
}
