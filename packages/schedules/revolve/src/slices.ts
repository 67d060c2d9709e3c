/** Planning in slices: long loops yield the part that is done, 0 to 1, at least every millisecond or so. */

/** Work in slices, and what comes out of it. */
export type Slices<T> = Generator<number, T, void>

/** Entries of a row that are quick to compute, for each slice. */
export const MANY = 2 ** 14

/** Entries that take longer. */
export const FEW = 2 ** 10

/** Work that is the part from `from` to `to` of a larger work. */
export function* part<T>(from: number, to: number, work: Slices<T>): Slices<T> {
  for (;;) {
    const { done, value } = work.next()
    if (done === true) return value
    yield from + (to - from) * value
  }
}

/** Does the work all at once. */
export function atOnce<T>(work: Slices<T>): T {
  for (;;) {
    const { done, value } = work.next()
    if (done === true) return value
  }
}
