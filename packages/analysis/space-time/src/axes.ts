/** From actions and steps to pixels, and the round numbers that axes show. */
import type { Recording } from './recording.js'

/** What goes across: time, or each action with the same width. */
export type Across = 'actions' | 'time'

/** The part of a recording that is shown: across in actions or time, down in steps. */
export interface View {
  readonly across: Across
  readonly left: number
  readonly right: number
  readonly top: number
  readonly bottom: number
}

/** How far recordings reach across: pictures with the same extent have the same scale, and can be compared. */
export interface Extent {
  readonly actions: number
  readonly time: number
}

/**
 * The extent of the longest of some recordings.
 *
 * @example
 * ```ts
 * import { multistage } from '@checkpoint-schedules/multistage'
 * import { extentOf, record } from '@checkpoint-schedules/space-time'
 *
 * const recordings = [2, 3].map((snapshotsInRam) => record(multistage({ steps: 10, snapshotsInRam })))
 * extentOf(...recordings) // { actions: 40, time: 40 }
 * ```
 */
export function extentOf(...recordings: readonly Recording[]): Extent {
  return {
    actions: Math.max(...recordings.map(({ length }) => length)),
    time: Math.max(...recordings.map(({ times, length }) => times[length]!)),
  }
}

/** A view of the whole recording, and of what is beyond if the extent is larger. */
export function wholeView(recording: Recording, across: Across, extent = extentOf(recording)): View {
  // A makespan of 0 (all costs are 0) has no width.
  const right = Math.max(extent[across], extentOf(recording)[across]) || 1
  return { across, left: 0, right, top: 0, bottom: recording.steps }
}

/** Where action `i` begins, in the view's unit; the end of the last one for `i` = length. */
export function edgeOf({ times }: Recording, across: Across, i: number): number {
  return across === 'actions' ? i : times[i]!
}

/** The action at a place across. */
export function actionAcross({ length, times }: Recording, across: Across, place: number): number {
  if (across === 'actions') return Math.max(0, Math.min(length - 1, Math.floor(place)))
  // The last action that begins at or before the place and takes any time.
  let low = 0
  let high = length - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if (times[middle]! <= place) low = middle
    else high = middle - 1
  }
  return low
}

/** Some `count` round numbers from `low` to `high`; whole ones only if `isWhole`. */
export function roundNumbers(low: number, high: number, count: number, isWhole = true): number[] {
  const raw = (high - low) / Math.max(1, count)
  if (!(raw > 0)) return [low]
  const power = 10 ** Math.floor(Math.log10(raw))
  const factor = [1, 2, 5, 10].find((it) => it * power >= raw * 0.999) ?? 10
  const step = isWhole ? Math.max(1, factor * power) : factor * power
  const first = Math.ceil(low / step - 1e-9)
  const last = Math.floor(high / step + 1e-9)
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => (first + i) * step)
}

/** A number as axes show it: 12,000 or 0.25. */
export function axisText(value: number): string {
  return Number(value.toPrecision(6)).toLocaleString('en-US', { maximumFractionDigits: 6 })
}
