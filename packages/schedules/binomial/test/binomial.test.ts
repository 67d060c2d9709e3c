/** Against independent truths: Pascal's triangle in BigInt, and the recurrence of the extra steps by dynamic programming. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { beta, extraSteps, optimalSplit, repetitions } from '../src/index.js'

const MOST = 2n ** 53n - 1n

describe('beta', () => {
  test("is Pascal's triangle, capped", () => {
    let row = [1n]
    for (let n = 0; n <= 200; n++) {
      row.forEach((exact, s) => expect(BigInt(beta(s, n - s))).toBe(exact > MOST ? MOST : exact))
      row = [1n, ...row.slice(1).map((value, i) => value + row[i]!), 1n]
    }
  })

  test('is exact just below the cap, where products overflow', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 6 }), fc.integer({ min: 1, max: 1e8 }), (s, t) => {
        let exact = 1n
        for (let i = 1n; i <= s; i++) exact = (exact * (BigInt(t) + i)) / i
        expect(BigInt(beta(s, t))).toBe(exact > MOST ? MOST : exact)
      }),
    )
  })

  test('is 0 for a negative argument', () => {
    expect([beta(-1, 3), beta(3, -1), beta(0, 0), beta(0, 9), beta(9, 0)]).toEqual([0, 0, 1, 1, 1])
  })
})

test('repetitions brackets n', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1e15 }), fc.integer({ min: 1, max: 200 }), (n, s) => {
      const t = repetitions(n, s)
      expect(beta(s, t)).toBeGreaterThanOrEqual(n)
      expect(beta(s, t - 1)).toBeLessThan(n)
    }),
  )
})

describe('against the recurrence E(n, s) = min over m of m + E(m, s) + E(n-m, s-1)', () => {
  const N = 90
  const S = 9
  const table: number[][] = Array.from({ length: N + 1 }, () => new Array<number>(S + 1).fill(Infinity))
  for (let s = 0; s <= S; s++) table[1]![s] = 0
  for (let n = 2; n <= N; n++) {
    for (let s = 1; s <= S; s++) {
      for (let m = 1; m < n; m++) {
        // With one checkpoint the rest must be a single step.
        const cost = m + table[m]![s]! + table[n - m]![s - 1]!
        if (cost < table[n]![s]!) table[n]![s] = cost
      }
    }
  }

  test('extraSteps is the least', () => {
    for (let n = 1; n <= N; n++) for (let s = 1; s <= S; s++) expect(extraSteps(n, s)).toBe(table[n]![s])
  })

  test.each(['maximum', 'revolve', 'largest'] as const)('every %s split is optimal', (trajectory) => {
    for (let n = 2; n <= N; n++) {
      for (let s = 1; s <= S; s++) {
        const m = optimalSplit(n, s, trajectory)
        expect(m + table[m]![s]! + table[n - m]![s - 1]!).toBe(table[n]![s])
      }
    }
  })

  test('largest is the largest', () => {
    for (let n = 3; n <= N; n++) {
      for (let s = 2; s <= S; s++) {
        const best = [...Array(n - 1).keys()]
          .map((i) => i + 1)
          .filter((m) => m + table[m]![s]! + table[n - m]![s - 1]! === table[n]![s])
        expect(optimalSplit(n, s, 'largest')).toBe(best.at(-1))
      }
    }
  })
})

test('extraSteps stays right where its parts exceed 2^53', () => {
  expect(extraSteps(1e15, 1)).toBe(Number((10n ** 15n * (10n ** 15n - 1n)) / 2n))
  expect(extraSteps(1e6, 1e9)).toBe(999_999)
})

test('the split of huge numbers of steps keeps within the optimal range', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 2, max: Number.MAX_SAFE_INTEGER }),
      fc.integer({ min: 2, max: 300 }),
      fc.constantFrom('maximum' as const, 'revolve' as const, 'largest' as const),
      (n, s, trajectory) => {
        const slots = Math.min(s, n - 1)
        const t = repetitions(n, slots)
        const m = optimalSplit(n, slots, trajectory)
        expect(m).toBeGreaterThanOrEqual(Math.max(beta(slots, t - 2), n - beta(slots - 1, t)))
        expect(m).toBeLessThanOrEqual(Math.min(beta(slots, t - 1), n - beta(slots - 1, t - 1)))
      },
    ),
  )
})
