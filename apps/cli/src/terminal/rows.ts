/** Aligned rows of a label, a value and a note, for people. */
import { coloursFor } from './colours.js'
import { beside } from './wrap.js'

export type Row = readonly [label: string, value: string, note?: string | undefined]

/** The lines of the rows. */
export function alignedRows(rows: readonly Row[]): string[] {
  const { bold, dim } = coloursFor(process.stdout)
  const width = Math.max(...rows.map(([label]) => label.length))
  return rows.flatMap(([label, value, note = '']) => {
    const start = `${label.padEnd(width)}  ${value}`
    const [first, ...others] = note === '' ? [start] : beside(`${start}  `, note, dim)
    return [`${label.padEnd(width)}  ${bold(value)}${first!.slice(start.length)}`.trimEnd(), ...others]
  })
}
