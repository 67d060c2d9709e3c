/** What the signs mean, in rows above the diagram. */
import type { Recording } from './recording.js'
import { ADJOINT_DASH, dashOf, type Ink, type Line, lookOf, MARK, type Shape } from './shapes.js'

const SIGN = 26
const GAP = 18
const ROW = 20
const LETTER = 6.6 // the mean width of a letter, in pixels

const words = [
  ['square', 'written'],
  ['ring', 'read'],
  ['cross', 'discarded'],
] as const

/** The legend in rows of at most `width` pixels, and how high it is; of the marks, those in `marked`. */
export function legendOf(
  { storages }: Pick<Recording, 'storages'>,
  marked: ReadonlySet<string>,
  left: number,
  top: number,
  width: number,
): { shapes: Shape[]; height: number } {
  const sign = (ink: Ink, lineWidth: number, dash?: readonly number[]) => ({ ink, width: lineWidth, dash })
  const entries = [
    { text: 'forward', ...sign('forward', 2) },
    { text: 'taped forward', ...sign('tape', 4) },
    { text: 'adjoint', ...sign('adjoint', 2, ADJOINT_DASH) },
    ...storages.map((storage, k) =>
      storage === 'WORKING_MEMORY'
        ? {
            text: 'tapes in WORKING_MEMORY',
            mark: 'box' as const,
            ...sign(`storage-${lookOf(storages, k)}`, 2),
          }
        : {
            text: `checkpoint in ${storage}`,
            ...sign(`storage-${lookOf(storages, k)}`, 2, dashOf(lookOf(storages, k))),
          },
    ),
    ...words.flatMap(([mark, text]) =>
      marked.has(mark) ? [{ text, mark, ...sign(`storage-${lookOf(storages, 0)}`, 2) }] : [],
    ),
  ]
  const shapes: Shape[] = []
  let x = left
  let y = top + ROW / 2
  for (const entry of entries) {
    const room = SIGN + 6 + entry.text.length * LETTER
    if (x > left && x + room > left + width) {
      x = left
      y += ROW
    }
    const { ink, width: lineWidth, dash } = entry
    const mark = 'mark' in entry ? entry.mark : undefined
    if (mark === 'box') shapes.push({ type: 'box', ink, x, y: y - 6, width: SIGN, height: 12, opacity: 0.16 })
    else if (mark !== undefined) shapes.push({ type: mark, ink, x: x + SIGN / 2 + 6, y, size: MARK })
    else
      shapes.push({
        type: 'line',
        ink,
        from: [x, y],
        to: [x + SIGN, y],
        width: lineWidth,
        dash,
      } satisfies Line)
    shapes.push({ type: 'text', ink: 'text', x: x + SIGN + 6, y: y + 4, text: entry.text, anchor: 'start' })
    x += room + GAP
  }
  return { shapes, height: y + ROW / 2 - top }
}
