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

/** Half the side of a square or a cross, and the radius of a ring. */
export const MARK = 3.5
/** The height of text. */
export const FONT_SIZE = 12

/** Colours of inks. Storages beyond the last colour begin again; their dashes differ too. */
export interface Theme {
  readonly forward: string
  readonly tape: string
  readonly adjoint: string
  readonly text: string
  readonly muted: string
  readonly grid: string
  readonly background: string
  readonly storages: readonly string[]
}

// Okabe and Ito's colours, which the colour-blind can distinguish; lighter ones on dark ground.
export const lightTheme: Theme = {
  forward: '#0072b2',
  tape: '#d55e00',
  adjoint: '#333333',
  text: '#222222',
  muted: '#595959',
  grid: '#e3e3e3',
  background: '#ffffff',
  storages: ['#008060', '#b07800', '#a8488a', '#3b7fa8'],
}

export const darkTheme: Theme = {
  forward: '#56b4e9',
  tape: '#ff8a3d',
  adjoint: '#eeeeee',
  text: '#eeeeee',
  muted: '#b4b4b4',
  grid: '#3a3a3d',
  background: '#1b1b1f',
  storages: ['#2fd0a2', '#f0b73a', '#e08fc6', '#8fc7ea'],
}

export function colourOf(theme: Theme, ink: Ink): string {
  if (!ink.startsWith('storage-')) return theme[ink as Exclude<Ink, `storage-${number}`>]
  return theme.storages[Number(ink.slice(8)) % theme.storages.length]!
}

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
