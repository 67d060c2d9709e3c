/** The few shapes that a picture is made of. Scenes are lists of them; SVG and canvas draw them. */

/** What a shape stands for; a theme gives it its colour. `storage-0` is RAM, `storage-1` DISK, others follow. */
export type Ink =
  | 'forward'
  | 'tape'
  | 'adjoint'
  | 'text'
  | 'muted'
  | 'grid'
  | 'background'
  | `storage-${number}`

/** One shape; lengths in pixels from the upper left corner. */
export type Shape =
  | {
      readonly type: 'line'
      readonly ink: Ink
      readonly from: readonly [x: number, y: number]
      readonly to: readonly [x: number, y: number]
      readonly width: number
      readonly dash?: readonly number[] | undefined
      /** By default 1. */
      readonly opacity?: number
    }
  | {
      readonly type: 'box'
      readonly ink: Ink
      readonly x: number
      readonly y: number
      readonly width: number
      readonly height: number
      readonly opacity: number
    }
  /** A square is something written, a ring something read, a cross something discarded. */
  | {
      readonly type: 'square' | 'ring' | 'cross'
      readonly ink: Ink
      readonly x: number
      readonly y: number
      /** Half the side of a square or a cross, and the radius of a ring. */
      readonly size: number
    }
  | {
      readonly type: 'text'
      readonly ink: Ink
      readonly x: number
      readonly y: number
      readonly text: string
      readonly anchor: 'start' | 'middle' | 'end'
      readonly isBold?: boolean
    }

export type Line = Extract<Shape, { type: 'line' }>

/** Whether two lines may be one path. Transparent ones stay apart: where many of them lie above each other, they add up. */
export function isAlike(a: Line, b: Line): boolean {
  const isOpaque = a.opacity === undefined && b.opacity === undefined
  return isOpaque && a.ink === b.ink && a.width === b.width && a.dash === b.dash
}

/** The size of a mark that has room. */
export const MARK = 3.5
/** How thick the line of a ring or a cross is. */
export const strokeOf = (size: number) => (size < 3 ? 1.2 : 2)
/** The height of text. */
export const FONT_SIZE = 12

const dashes: readonly (readonly number[] | undefined)[] = [undefined, [7, 3], [2, 3], [7, 3, 2, 3]]

/** The storages that have their own looks, in order. */
export const usualStorages: readonly string[] = ['RAM', 'DISK']

/** The adjoint's dashes. */
export const ADJOINT_DASH: readonly number[] = [4, 2]

/** The number of the look of storage `k`: the same storage looks the same in every picture. */
export function lookOf(storages: readonly string[], k: number): number {
  const usual = usualStorages.indexOf(storages[k]!)
  if (usual >= 0) return usual
  return usualStorages.length + storages.slice(0, k).filter((name) => !usualStorages.includes(name)).length
}

/** The dashes of a look, so that colour is not the only sign. */
export const dashOf = (look: number) => dashes[look % dashes.length]
