/** Tables grow with steps and slots. What would not fit in memory, or take minutes to fill, is refused before anything is allocated. */
import type { TableWork } from './table-work.js'

/** The most bytes that the tables of one schedule may take: 4 GiB. */
const MOST_BYTES = 2 ** 32

/** The most entries that may be searched for: half a minute, if each is found at once. */
const MOST_ENTRIES = 1e8

/** The most costs that may be compared: a minute or two. */
const MOST_COMPARED = 2e10

/** Up to this many entries are filled in seconds, whatever they are compared with. */
const FEW_ENTRIES = 1e6

/** What tables take. */
export interface TableSize {
  readonly steps: number
  /** Bytes for each step, besides the rows. */
  readonly bytesPerStep: number
  /** Rows with a 32-bit entry for each step. */
  readonly rows: number
  /** Estimates the work; asked only where it may be too much. */
  readonly work?: () => TableWork
  /** What needs no tables, or smaller ones. */
  readonly other: string
}

/** A sentence if the tables are too large, with what would fit. */
export function tooLarge({ steps, bytesPerStep, rows, work, other }: TableSize): string | undefined {
  const bytes = steps * (bytesPerStep + 4 * rows)
  const entries = steps * rows
  const isLarge = bytes > MOST_BYTES || entries > MOST_ENTRIES
  const { compared, power } = (entries > FEW_ENTRIES && work?.()) || { compared: 0, power: 1 }
  if (!isLarge && compared <= MOST_COMPARED) return undefined
  const share = Math.min(1, MOST_COMPARED / compared)
  const mostSteps = Math.min(
    MOST_BYTES / (bytesPerStep + 4 * rows),
    MOST_ENTRIES / rows,
    steps * share ** (1 / power),
  )
  const mostRows = Math.floor(
    Math.min((MOST_BYTES / steps - bytesPerStep) / 4, MOST_ENTRIES / steps, rows * share),
  )
  const slots = rows > 0 ? ` and ${rows} slots` : ''
  const fewerSlots =
    rows > 0 && mostRows > 0
      ? `, or at most ${mostRows} slots (those of a lowest level that costs nothing are not counted)`
      : ''
  return (
    `tables for steps ${steps}${slots} ${excess(bytes, entries, compared)}. ` +
    `Pass at most ${Math.floor(mostSteps)} steps${fewerSlots}, or ${other}.`
  )
}

function excess(bytes: number, entries: number, compared: number): string {
  if (bytes > MOST_BYTES) return `need ${(bytes / 2 ** 30).toPrecision(3)} GiB; a schedule may take 4`
  if (entries > MOST_ENTRIES)
    return `have ${entries.toPrecision(3)} entries to search for; a schedule may have ${MOST_ENTRIES}`
  const rounded = (number: number) => number.toExponential(0).replace('e+', ' * 10^')
  return `need some ${rounded(compared)} comparisons at these costs; a schedule may take ${rounded(MOST_COMPARED)}`
}
