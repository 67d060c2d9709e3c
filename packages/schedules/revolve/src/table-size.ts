/** Tables grow with steps and slots. What would not fit in memory, or take minutes to fill, is refused before anything is allocated. */

/** The most bytes that the tables of one schedule may take: 4 GiB. */
const MOST_BYTES = 2 ** 32

/** The most entries that may be searched for: half a minute at usual costs, some minutes in the worst cases met. */
const MOST_ENTRIES = 1e8

/**
 * A sentence if the tables are too large, with what would fit.
 *
 * @param bytesPerStep - What they take for each step, besides the rows.
 * @param rows - Rows with a 32-bit entry for each step.
 * @param other - What needs no tables, or smaller ones.
 */
export function tooLarge(
  steps: number,
  bytesPerStep: number,
  rows: number,
  other: string,
): string | undefined {
  const bytes = steps * (bytesPerStep + 4 * rows)
  const entries = steps * rows
  if (bytes <= MOST_BYTES && entries <= MOST_ENTRIES) return undefined
  const mostSteps = Math.floor(Math.min(MOST_BYTES / (bytesPerStep + 4 * rows), MOST_ENTRIES / rows))
  const mostRows = Math.floor(Math.min((MOST_BYTES / steps - bytesPerStep) / 4, MOST_ENTRIES / steps))
  const size =
    bytes > MOST_BYTES
      ? `need ${(bytes / 2 ** 30).toPrecision(3)} GiB; a schedule may take 4`
      : `have ${entries.toPrecision(3)} entries to search for; a schedule may have ${MOST_ENTRIES}`
  const fewerSlots =
    rows > 0 && mostRows > 0
      ? `, or at most ${mostRows} slots (those of a lowest level that costs nothing are not counted)`
      : ''
  return `tables for steps ${steps}${rows > 0 ? ` and ${rows} slots` : ''} ${size}. Pass at most ${mostSteps} steps${fewerSlots}, or ${other}.`
}
