/** The signs of writes, reads and discards: smaller where there are many, and none where they would be a smear. */
import type { View } from './axes.js'
import type { Frame } from './frame.js'
import { Kind, type Recording } from './recording.js'
import { lookOf, MARK, type Shape } from './shapes.js'

type Sign = 'square' | 'ring' | 'cross'

/** A mark of action `i`, not yet placed. */
interface Mark {
  readonly sign: Sign
  readonly i: number
  readonly step: number
  /** Index of the recording's `storages`. */
  readonly storage: number
}

const LEAST = 1.4 // the smallest mark
const SHARE = 0.45 // of the room that a mark of its kind has across

/** What of writes (squares), reads (rings) and discards (crosses) is marked at all in a picture of the whole. */
export function areMarked(recording: Recording, width: number): ReadonlySet<Sign> {
  const marks = [...marksOf(recording, 0, recording.length - 1)]
  const sizes = sizesOf(marks, width)
  return new Set(marks.filter((it) => sizes(it) > 0).map(({ sign }) => sign))
}

/** The marks in view. */
export function marksIn(
  recording: Recording,
  { top, bottom }: View,
  frame: Frame,
  scale: {
    readonly x: (i: number) => number
    readonly y: (n: number) => number
    readonly first: number
    readonly last: number
  },
): Shape[] {
  const { x, y, first, last } = scale
  const end = frame.left + frame.width
  const xOf = ({ sign, i }: Mark) => (sign === 'square' ? x(i) : (x(i) + x(i + 1)) / 2)
  const inView = [...marksOf(recording, first, last)].filter((mark) => {
    const pixel = xOf(mark)
    return mark.step >= top && mark.step <= bottom && pixel >= frame.left - 1 && pixel <= end + 1
  })
  const sizes = sizesOf(inView, frame.width)
  return inView.flatMap((mark) => {
    const size = sizes(mark)
    const ink = `storage-${lookOf(recording.storages, mark.storage)}` as const
    return size === 0 ? [] : [{ type: mark.sign, ink, x: xOf(mark), y: y(mark.step), size }]
  })
}

/** Squares first: what is read at once lies above what was written. */
function* marksOf(recording: Recording, first: number, last: number): Generator<Mark> {
  const { kinds, starts, places, names, storages, bars } = recording
  for (let k = 0; k < bars.length && bars.from[k]! <= last; k++) {
    const [i, step, end] = [bars.from[k]!, bars.steps[k]!, bars.ends[k]!]
    if (i >= first && end - step === 1) yield { sign: 'square', i, step, storage: bars.storages[k]! }
  }
  for (let i = first; i <= last; i++) {
    const isDiscard = kinds[i] === Kind.Discard
    if (kinds[i] !== Kind.Copy && kinds[i] !== Kind.Move && !isDiscard) continue
    const storage = Math.max(0, storages.indexOf(names[places[i]!]!))
    yield { sign: isDiscard ? 'cross' : 'ring', i, step: starts[i]!, storage }
  }
}

/** A few marks on disk stay large among many in memory: each kind in each storage has its own size. */
function sizesOf(marks: readonly Mark[], width: number): (mark: Mark) => number {
  const counts = new Map<string, number>()
  const key = ({ sign, storage }: Mark) => `${sign} ${storage}`
  for (const mark of marks) counts.set(key(mark), (counts.get(key(mark)) ?? 0) + 1)
  return (mark) => {
    const size = Math.min(MARK, (SHARE * width) / counts.get(key(mark))!)
    return size < LEAST ? 0 : size
  }
}
