/** Random explicit methods; consistent, and otherwise of no order. */
import fc from 'fast-check'
import type { Tableau } from '../../src/tableaus.js'

const weight = fc.oneof(fc.constant(0), fc.double({ min: -2, max: 2, noNaN: true }))

export const anyTableau: fc.Arbitrary<Tableau> = fc.integer({ min: 1, max: 6 }).chain((stages) =>
  fc
    .record({
      a: fc.tuple(
        ...Array.from({ length: stages }, (_, i) => fc.array(weight, { minLength: i, maxLength: i })),
      ),
      most: fc.array(weight, { minLength: stages - 1, maxLength: stages - 1 }),
      rest: fc.integer({ min: 0, max: stages - 1 }),
    })
    .map(({ a, most, rest }) => {
      const b = most.toSpliced(rest, 0, 1 - most.reduce((sum, it) => sum + it, 0))
      return { name: 'random', a, b, c: a.map((row) => row.reduce((sum, it) => sum + it, 0)), order: 1 }
    }),
)

const coordinate = fc.double({ min: -2, max: 2, noNaN: true })
export const anyTriple = fc.tuple(coordinate, coordinate, coordinate)
