/** Tables grow with the number of steps. What would not fit in memory is refused in bytes, before anything is allocated. */

/** The most bytes that the tables of one schedule may take: 4 GiB. */
export const MOST_TABLE_BYTES = 2 ** 32

/** A sentence if tables of `bytes` bytes are too large. */
export function tooLarge(steps: number, bytes: number, wayOut: string): string | undefined {
  if (bytes <= MOST_TABLE_BYTES) return undefined
  const gibibytes = (bytes / 2 ** 30).toPrecision(3)
  return `tables for steps ${steps} need ${gibibytes} GiB; a schedule may take 4. ${wayOut}`
}
