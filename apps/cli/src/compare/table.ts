/** The comparison as text: a table with bars for people, CSV for spreadsheets. */
import { toKebabCase } from '@checkpoint-schedules/core'
import { coloursFor } from '../terminal/colours.js'
import { showBytes, showCount, showDuration } from '../terminal/units.js'
import { terminalColumns } from '../terminal/wrap.js'
import type { CompareArguments } from './arguments.js'
import type { Candidate } from './candidates.js'

const LONGEST_BAR = 20

/** The lines of the table. */
export function tableOf(
  candidates: readonly Candidate[],
  { stateBytes, inSeconds }: CompareArguments,
): string[] {
  const { bold, dim, cyan } = coloursFor(process.stdout)
  const size = (checkpoints: number) =>
    stateBytes === undefined ? showCount(checkpoints) : showBytes(checkpoints * stateBytes)
  const time = (value: number) => (inSeconds ? showDuration(1000 * value) : showCount(Math.round(value)))
  const head = ['schedule', 'forward', 'factor', 'memory', 'disk', 'writes', 'reads', 'time']
  const rows = candidates.map((it) => [
    labelOf(it),
    showCount(it.forwardSteps),
    it.recomputeFactor.toFixed(2),
    size(it.ram + it.tapes),
    size(it.disk),
    showCount(it.writes),
    showCount(it.reads),
    time(it.time),
  ])
  const widths = head.map((_, i) => Math.max(...[head, ...rows].map((row) => row[i]!.length)))
  const line = (row: string[]) =>
    row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!))).join('  ')
  const room = (terminalColumns() ?? Infinity) - line(head).length - 2
  const most = Math.max(0, Math.min(LONGEST_BAR, room))
  const longest = Math.max(...candidates.map((it) => it.time))
  return [
    dim(line(head)),
    ...rows.map((row, i) => {
      const bar = barOf((most * candidates[i]!.time) / longest)
      const text = line(row)
      return `${bold(text.slice(0, widths[0]))}${text.slice(widths[0])}  ${cyan(bar)}`.trimEnd()
    }),
  ]
}

/** A bar of this many columns, to the nearest eighth. */
function barOf(length: number): string {
  const eighths = Math.round(8 * length)
  return '█'.repeat(eighths >> 3) + ' ▏▎▍▌▋▊▉'.charAt(eighths & 7).trimEnd()
}

/** The candidate's name, with the option that distinguishes it from others of its family. */
export function labelOf({ name, options }: Candidate): string {
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
  'tapes',
  'writes',
  'reads',
  'time',
] as const

/** The lines of a CSV file (RFC 4180), with a header. */
export function csvOf(candidates: readonly Candidate[]): string[] {
  const cell = (value: string | number | object) => {
    const text = typeof value === 'object' ? JSON.stringify(value) : String(value)
    return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
  }
  return [
    columns.map((column) => toKebabCase(column)).join(','),
    ...candidates.map((it) => columns.map((column) => cell(it[column])).join(',')),
  ]
}
