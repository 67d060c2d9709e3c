/** A space-time diagram as SVG: steps down, actions across. Shape, not colour alone, tells the kinds apart. */
import type { Action } from '@checkpoint-schedules/core'
import { why } from './why.js'

const COLUMN = 14
const ROW = 22
const LEFT = 34
const TOP = 8

/** One line of SVG: forward solid, taped forward double, adjoint dashed; a square is a write, a ring a read. */
export function diagram(actions: readonly Action[], steps: number, label: string): string {
  const drawn = actions.filter(({ type }) => type !== 'EndForward' && type !== 'EndReverse')
  const width = LEFT + drawn.length * COLUMN + 10
  const height = TOP * 2 + steps * ROW
  const y = (n: number): number => TOP + Math.min(n, steps) * ROW
  const grid = Array.from(
    { length: steps + 1 },
    (_, n) =>
      `<path class="grid" d="M${LEFT} ${y(n)}H${width}"/><text x="${LEFT - 8}" y="${y(n) + 4}">${n}</text>`,
  )
  const marks = drawn.map((action, i) => {
    const x = LEFT + (i + 0.5) * COLUMN
    return `<g><title>${escaped(why(action, steps))}</title>${mark(action, x, y)}</g>`
  })
  return (
    `<svg class="diagram" role="img" aria-label="${escaped(label)}" viewBox="0 0 ${width} ${height}" ` +
    `width="${width}" height="${height}">${grid.join('')}${marks.join('')}</svg>`
  )
}

function mark(action: Action, x: number, y: (n: number) => number): string {
  if (action.type === 'Copy' || action.type === 'Move')
    return `<circle class="read" cx="${x}" cy="${y(action.n)}" r="4"/>`
  if (action.type === 'Reverse') return `<path class="adjoint" d="M${x} ${y(action.n1)}V${y(action.n0)}"/>`
  if (action.type !== 'Forward') return ''
  const line = `<path class="${action.writeAdjDeps ? 'tape' : 'forward'}" d="M${x} ${y(action.n0)}V${y(action.n1)}"/>`
  const stores = action.writeIcs || (action.writeAdjDeps && action.storage !== 'ADJ_DEPS')
  return stores ? `${line}<path class="write" d="M${x - 4} ${y(action.n0) - 4}h8v8h-8z"/>` : line
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
const escaped = (text: string): string => text.replaceAll(/[&<>"]/g, (it) => entities[it]!)
