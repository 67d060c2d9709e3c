/** Planning in pieces: long loops yield the part that is done, 0 to 1, at least every millisecond or so. */
import type { Pieces } from '@checkpoint-schedules/core'

/** Entries of a row that are quick to compute, for each piece. */
export const MANY = 2 ** 14

/** Entries that take longer. */
export const FEW = 2 ** 10

/** Work that is the part from `from` to `to` of a larger work. */
export function* part<T>(from: number, to: number, work: Pieces<T>): Pieces<T> {
  for (;;) {
    const { done, value } = work.next()
    if (done === true) return value
    yield from + (to - from) * (value ?? 0)
  }
}
