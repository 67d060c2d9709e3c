/** Where the parts of a picture are. */
import type { Recording } from './recording.js'

/** The diagram itself, without axis and occupancy; in pixels. */
export interface Frame {
  readonly left: number
  readonly top: number
  readonly width: number
  readonly height: number
}

/** Below the diagram: the axis, and a strip for each storage. */
export const AXIS_HEIGHT = 40
export const STRIP_HEIGHT = 52
/** Room for the numbers at the left, and for what reaches over at the right. */
export const LEFT = 64
export const RIGHT = 28
/** Room for the word above the numbers. */
export const TOP = 30

/** How high the whole picture is. */
export function heightOf({ storages }: Recording, frame: Frame): number {
  return frame.top + frame.height + AXIS_HEIGHT + storages.length * STRIP_HEIGHT
}
