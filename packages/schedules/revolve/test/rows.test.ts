/** Both ways to fill a row equal its definition: values, and which of several best splits is taken. */
import { atOnce } from '@checkpoint-schedules/core'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fillByDeque } from '../src/deque-row.js'
import { fillByHull } from '../src/hull-row.js'
import { lowerHull } from '../src/lower-hull.js'
import type { SplitRow } from '../src/split-row.js'
import { fillNaively } from './naive.js'

const dyadic = (most: number) => fc.integer({ min: 0, max: most * 8 }).map((n) => n / 8)
const anyCost = (most: number) => fc.double({ min: 0, max: most, noNaN: true })

function row(cost: (most: number) => fc.Arbitrary<number>, convex: boolean): fc.Arbitrary<SplitRow> {
  return fc
    .record({
      steepness: fc.array(cost(20), { minLength: 1, maxLength: 150 }),
      noise: fc.array(cost(40), { minLength: 150, maxLength: 150 }),
      constant: cost(20),
      stride: cost(3),
      lag: fc.constantFrom(0 as const, 1 as const),
    })
    .map(({ steepness, noise, constant, ...rest }) => {
      const slopes = convex ? steepness.toSorted((a, b) => a - b) : steepness
      let sum = 0
      const known = Float64Array.from(slopes, (slope) => (sum += slope))
      const base = known.map((value, i) => value * 3 + noise[i]! + i * constant)
      const values = new Float64Array(base.length)
      return { base, known, constant, ...rest, values, winners: new Int32Array(base.length) }
    })
}

test.each([
  ['fillByDeque', fillByDeque, true, 'first'],
  ['fillByHull', fillByHull, true, 'last'],
  ['fillByHull, not convex', fillByHull, false, 'last'],
] as const)('%s is exact for dyadic costs, convex %s, %s of equals', (_, fill, convex, ties) => {
  fc.assert(
    fc.property(row(dyadic, convex), (problem) => {
      atOnce<unknown>(fill(problem))
      const naive = fillNaively(problem, ties)
      expect(Array.from(problem.values)).toEqual(naive.values)
      expect(Array.from(problem.winners)).toEqual(naive.winners)
    }),
    { numRuns: 500 },
  )
})

test.each([
  ['fillByDeque', fillByDeque, true],
  ['fillByHull', fillByHull, false],
] as const)('%s is as good as rounding permits for any costs', (_, fill, convex) => {
  fc.assert(
    fc.property(row(anyCost, convex), (problem) => {
      atOnce<unknown>(fill(problem))
      fillNaively(problem, 'last').values.forEach((value, l) => {
        expect(Math.abs(problem.values[l]! - value)).toBeLessThanOrEqual(1e-12 * value + 1e-300)
      })
    }),
    { numRuns: 300 },
  )
})

test.each([
  [fillByDeque, 'first'],
  [fillByHull, 'last'],
] as const)('a row of equal costs: %o takes the %s split', (fill, ties) => {
  const values = new Float64Array(40)
  const winners = new Int32Array(40)
  const base = values.map((_, l) => (l < 2 ? 0 : 1))
  const known = new Float64Array(40)
  const problem: SplitRow = { base, known, constant: 0.5, stride: 0, lag: 0, values, winners }
  atOnce<unknown>(fill(problem))
  expect(Array.from(winners)).toEqual(fillNaively(problem, ties).winners)
})

test('a lower hull is convex, nowhere above its points, and touches its ends', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 1000 }), { minLength: 3, maxLength: 80 }), (list) => {
      const points = Float64Array.from(list)
      const end = list.length - 1
      const { values, slopes } = atOnce(lowerHull(points, 1, end))
      expect(values[1]).toBe(points[1])
      expect(values[end]).toBe(points[end])
      for (let x = 1; x < end; x++) {
        expect(values[x]).toBeLessThanOrEqual(points[x]! + 1e-9)
        expect(values[x]! + slopes[x]!).toBeCloseTo(values[x + 1]!, 9)
        if (x > 1) expect(slopes[x]).toBeGreaterThanOrEqual(slopes[x - 1]!)
      }
    }),
  )
})
