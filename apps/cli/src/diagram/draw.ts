/**
 * Our own diagram: one line for each action, with the checkpoints held at that moment.
 *
 * ```
 * 0   1   2   3   4
 * +---+---+---+---+
 * R--->--->           Forward(0, 2, true, false, RAM)     stored at 0, then advanced
 * R       R--->       Forward(2, 3, true, false, RAM)
 * R       R   |===>   Forward(3, 4, false, true, ADJ_DEPS)
 * R       R    <==|   Reverse(4, 3, true)
 * R       ^           Move(2, RAM, FWD_RESTART)           read and removed
 * ```
 */
import { type Action, formatAction, type Run } from '@checkpoint-schedules/core'
import { CheckpointMarks, type Mark } from './checkpoint-marks.js'
import type { Layout } from './layout.js'

/** What a character of the diagram is, for its colour. */
export type Ink = 'forward' | 'tape' | 'adjoint' | 'read' | { readonly storage: string }

/** How characters are coloured: on a terminal; not at all elsewhere. */
export type Paint = (text: string, ink: Ink) => string

interface Cell {
  readonly text: string
  readonly ink: Ink
}

/** The lines of a run whose number of steps is known. Cost: O(width) for each line. */
export function* diagramLines(
  run: Run,
  steps: number,
  layout: Layout,
  letters: ReadonlyMap<string, string>,
  paint: Paint,
): Generator<string> {
  const marks = new CheckpointMarks(layout, letters)
  for (const action of run) {
    const end = action.type === 'Forward' ? Math.min(action.n1, steps) : 0
    marks.apply(action, end)
    const cells = new Array<Cell | undefined>(layout.width)
    const held = new Map<number, Mark>()
    marks.draw((column, mark) => held.set(column, mark))
    drawAction(cells, action, end, layout)
    for (const [column, { letter, storage }] of held) {
      // A checkpoint stays visible under a passing arrow, but not where an arrow ends or where it is read.
      if (isPath(cells[column]) || cells[column]?.text === '|')
        cells[column] = { text: letter, ink: { storage } }
    }
    yield `${painted(cells, paint)}  ${formatAction(action)}`
  }
}

function isPath(cell: Cell | undefined): boolean {
  return cell === undefined || cell.text === '-' || cell.text === '='
}

function drawAction(cells: (Cell | undefined)[], action: Action, end: number, layout: Layout): void {
  const { cell, column } = layout
  switch (action.type) {
    case 'Forward': {
      const [from, to] = [column(action.n0), column(end)]
      const ink = action.writeAdjDeps ? 'tape' : 'forward'
      if (from === to) {
        cells[from] = action.writeIcs ? undefined : { text: '>', ink }
        return
      }
      cells[from] = { text: '|', ink }
      for (let at = from + 1; at <= to; at++) {
        const isHead = at === to || (cell > 2 && at % cell === 0)
        cells[at] = { text: isHead ? '>' : action.writeAdjDeps ? '=' : '-', ink }
      }
      return
    }
    case 'Reverse': {
      const [from, to] = [column(action.n1), column(action.n0)]
      const ink = 'adjoint'
      if (from > to) cells[from] = { text: '|', ink }
      for (let at = to + 1; at < from; at++) {
        const isHead = at === to + 1 || (cell > 2 && at % cell === 1)
        cells[at] = { text: isHead ? '<' : '=', ink }
      }
      if (from <= to + 1) cells[from] = { text: '<', ink }
      return
    }
    case 'Copy':
      cells[column(action.n) + (cell > 1 ? 1 : 0)] = { text: '^', ink: 'read' }
      return
    case 'Move':
      cells[column(action.n)] = { text: '^', ink: 'read' }
      return
    case 'Discard':
      cells[column(action.n)] = { text: 'x', ink: 'read' }
      return
    default:
  }
}

function painted(cells: readonly (Cell | undefined)[], paint: Paint): string {
  let line = ''
  for (let at = 0; at < cells.length;) {
    const ink = cells[at]?.ink
    let text = ''
    while (at < cells.length && cells[at]?.ink === ink) text += cells[at++]?.text ?? ' '
    line += ink === undefined ? text : paint(text, ink)
  }
  return line
}
