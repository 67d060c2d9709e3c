/**
 * Where each step is drawn: as wide as fits, from four columns per step down to many steps per column.
 *
 * ```
 * 4 columns per step   0   1   2   3        2 columns per step   0   2   4   6
 *                      +---+---+---+                             +-+-+-+-+-+-+
 * ```
 */

/** From steps to columns. */
export interface Layout {
  /** Columns that a step takes; 0 if several steps share a column. */
  readonly cell: number
  /** Steps in a column; 1 if each step has a column or more. */
  readonly stepsPerColumn: number
  /** Columns in all. */
  readonly width: number
  /** The column of the start of step n. */
  readonly column: (n: number) => number
}

const WIDEST_CELL = 4

/** The layout of `steps` steps in at most `room` columns. */
export function layoutFor(steps: number, room: number): Layout {
  const cell = Math.min(WIDEST_CELL, Math.floor((room - 1) / steps))
  if (cell >= 1) {
    return { cell, stepsPerColumn: 1, width: cell * steps + 1, column: (n) => cell * n }
  }
  const stepsPerColumn = Math.ceil(steps / (room - 1))
  const column = (n: number) => Math.floor(n / stepsPerColumn)
  return { cell: 0, stepsPerColumn, width: column(steps) + 1, column }
}

/** Two lines: step numbers as close together as they fit, and a scale. */
export function rulerOf(layout: Layout, steps: number): [string, string] {
  const { cell, width, column } = layout
  const room = String(steps).length + 2
  const interval = niceNumbers().find((candidate) => column(candidate) >= room || candidate >= steps)!
  let numbers = ''
  const scale = new Array<string>(width).fill('-')
  if (cell > 1) for (let n = 0; n <= steps; n++) scale[column(n)] = '+'
  for (let n = 0; n <= steps; n += interval) {
    numbers = numbers.padEnd(column(n)) + n
    scale[column(n)] = '+'
  }
  scale[width - 1] = '+'
  return [numbers, scale.join('')]
}

function niceNumbers(): number[] {
  return Array.from({ length: 17 }, (_, power) => [1, 2, 5].map((digit) => digit * 10 ** power)).flat()
}
