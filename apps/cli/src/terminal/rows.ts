/** Rows of a label, a value and a note, for people: aligned. */
import { coloursFor } from './colours.js'

export type Row = readonly [label: string, value: string, note?: string | undefined]

/** The lines of the rows. */
export function alignedRows(rows: readonly Row[]): string[] {
  const { bold, dim } = coloursFor(process.stdout)
  const width = Math.max(...rows.map(([label]) => label.length))
  return rows.map(([label, value, note]) => {
    const beside = note === undefined || note === '' ? '' : dim(`  ${note}`)
    return `${label.padEnd(width)}  ${bold(value)}${beside}`.trimEnd()
  })
}
