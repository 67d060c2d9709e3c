/** The comparison as text: a table with bars for people, CSV for spreadsheets. */
import { toKebabCase } from '@checkpoint-schedules/core'
import { coloursFor } from '../terminal/colours.js'
import { showBytes, showCount, showDuration } from '../terminal/units.js'
import { terminalColumns } from '../terminal/wrap.js'
import type { CompareArguments } from './arguments.js'
import type { Candidate } from './candidates.js'

const LONGEST_BAR = 20
/** A shorter one says nothing. */
const SHORTEST_BAR = 6

/** A column of a table, and what a row has in it. */
interface Column<Row> {
  readonly name: string
  readonly cell: (row: Row) => string
}

/** The lines of the table: as wide as the terminal at most, without what does not fit. */
export function tableOf(
  candidates: readonly Candidate[],
  { stateBytes, inSeconds }: CompareArguments,
  width = terminalColumns() ?? Infinity,
): string[] {
  const size = (amount: number) => (stateBytes === undefined ? showCount(amount) : showBytes(amount))
  const time = (value: number) => (inSeconds ? showDuration(1000 * value) : showCount(Math.round(value)))
  const count = (value: number | null) => (value === null ? '?' : showCount(value))
  const all: readonly Column<Candidate>[] = [
    { name: 'schedule', cell: labelOf },
    { name: 'forward', cell: (it) => showCount(it.forwardSteps) },
    { name: 'factor', cell: (it) => it.recomputeFactor.toFixed(2) },
    { name: 'memory', cell: (it) => size(it.memory) },
    { name: 'disk', cell: (it) => size(it.space) },
    { name: 'writes', cell: (it) => count(it.writes) },
    { name: 'reads', cell: (it) => count(it.reads) },
    { name: 'time', cell: (it) => time(it.time) },
  ]
  const expendable = [['writes', 'reads'], ['factor'], ['forward']]
  return fitted({ rows: candidates, columns: all, expendable, length: (it) => it.time, width })
}

/** A table as wide as `width` at most: expendable columns are left out, the first ones first; bars take the room that is left. */
export function fitted<Row>({
  rows,
  columns: all,
  expendable,
  length,
  width,
}: {
  readonly rows: readonly Row[]
  readonly columns: readonly Column<Row>[]
  readonly expendable: readonly (readonly string[])[]
  /** What a row's bar shows. */
  readonly length: (row: Row) => number
  readonly width: number
}): string[] {
  const { bold, dim, cyan } = coloursFor(process.stdout)
  const columns = all.map(({ name, cell }) => {
    const cells = rows.map(cell)
    return { name, cells, width: Math.max(...[name, ...cells].map((text) => text.length)) }
  })
  const widthOf = (shown: typeof columns) => shown.reduce((sum, column) => sum + column.width + 2, -2)
  let shown = columns
  for (const names of expendable) {
    if (widthOf(shown) <= width) break
    shown = shown.filter(({ name }) => !names.includes(name))
  }
  const room = Math.min(LONGEST_BAR, width - widthOf(shown) - 2)
  const most = room < SHORTEST_BAR ? 0 : room
  const line = (pick: (column: (typeof columns)[number]) => string) =>
    shown.map((it, i) => (i === 0 ? pick(it).padEnd(it.width) : pick(it).padStart(it.width))).join('  ')
  const longest = Math.max(...rows.map(length))
  const first = shown[0]!.width
  return [
    dim(line(({ name }) => name)),
    ...rows.map((row, i) => {
      const bar = barOf((most * length(row)) / longest)
      const text = line(({ cells }) => cells[i]!)
      return `${bold(text.slice(0, first))}${text.slice(first)}  ${cyan(bar)}`.trimEnd()
    }),
  ]
}

/** A bar of this many columns, to the nearest eighth. */
function barOf(length: number): string {
  const eighths = Math.round(8 * length)
  return '█'.repeat(eighths >> 3) + ' ▏▎▍▌▋▊▉'.charAt(eighths & 7).trimEnd()
}

/** The candidate's name, with the option that distinguishes it from others of its family. */
export function labelOf({ name, options }: Pick<Candidate, 'name' | 'options'>): string {
  const { storage, period } = options as { storage?: string; period?: number }
  if (storage !== undefined) return `${name}, in ${storage}`
  return period === undefined ? name : `${name}, period ${showCount(period)}`
}

const columns = [
  'name',
  'options',
  'forwardSteps',
  'recomputeFactor',
  'ram',
  'disk',
  'memory',
  'space',
  'writes',
  'reads',
  'time',
  'serial',
] as const

/** The lines of a CSV file (RFC 4180), with a header. */
export function csvOf(candidates: readonly Candidate[]): string[] {
  const cell = (value: string | number | object | null) => {
    if (value === null) return ''
    const text = typeof value === 'object' ? JSON.stringify(value) : String(value)
    return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
  }
  return [
    columns.map((column) => toKebabCase(column)).join(','),
    ...candidates.map((it) => columns.map((column) => cell(it[column])).join(',')),
  ]
}
