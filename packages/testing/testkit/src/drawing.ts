/** A trace around an action, as a little drawing. */
import { type Action, formatAction } from '@checkpoint-schedules/core'

const WIDTH = 40

/**
 * The actions around `index`, one a line: a mark at the action itself, the steps it covers, its text.
 *
 * ```
 *   12 |        --->     | Forward(2, 3, false, true, ADJ_DEPS)
 * > 13 |    <---         | Reverse(2, 1, true)
 * ```
 *
 * @example
 * ```ts
 * import { tape } from '@checkpoint-schedules/core'
 * import { drawTrace } from '@checkpoint-schedules/testkit'
 *
 * drawTrace([tape(0)], 0, 1) // '>     0 |---> | Forward(0, 1, false, true, ADJ_DEPS)'
 * ```
 */
export function drawTrace(actions: readonly Action[], index: number, steps: number, around = 6): string {
  const from = Math.max(0, index - around)
  const scale = Math.min(4, WIDTH / Math.max(1, steps))
  const column = (n: number) => Math.round(Math.min(n, steps) * scale)
  const width = column(steps) + 1
  return actions
    .slice(from, index + around + 1)
    .map((action, i) => {
      const mark = from + i === index ? '>' : ' '
      return `${mark} ${String(from + i).padStart(5)} |${drawn(action, column).padEnd(width)}| ${formatAction(action)}`
    })
    .join('\n')
}

function drawn(action: Action, column: (n: number) => number): string {
  switch (action.type) {
    case 'Forward': {
      const [from, to] = [column(action.n0), column(action.n1)]
      return `${' '.repeat(from)}${action.writeIcs ? '+' : '-'}${'-'.repeat(Math.max(0, to - from - 2))}>`
    }
    case 'Reverse': {
      const [from, to] = [column(action.n0), column(action.n1)]
      return `${' '.repeat(from)}<${'-'.repeat(Math.max(0, to - from - 1))}`
    }
    case 'Copy':
      return `${' '.repeat(column(action.n))}c`
    case 'Move':
      return `${' '.repeat(column(action.n))}m`
    case 'Discard':
      return `${' '.repeat(column(action.n))}x`
    default:
      return ''
  }
}
