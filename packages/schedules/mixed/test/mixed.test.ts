/** The closed form equals the recurrence, and the schedule does what it says. */
import { formatAction, isCheckpointScheduleError } from '@checkpoint-schedules/core'
import { simulate } from '@checkpoint-schedules/simulator'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Decisions } from '../src/decisions.js'
import { mixed } from '../src/index.js'
import { leastForwardSteps } from '../src/least-steps.js'
import { fewestNodes, mostPlaces } from '../src/places.js'
import { naiveMixed } from './naive.js'

describe('against the recurrence', () => {
  const N = 260
  const S = 24
  const naive = naiveMixed(N, S)
  const decisions = new Decisions()

  test('the least forward steps', () => {
    for (let n = 1; n <= N; n++)
      for (let s = Math.min(1, n - 1); s <= S; s++) expect(leastForwardSteps(n, s)).toBe(naive.m[n]![s])
  })

  test('the decisions, ties included', () => {
    for (let n = 2; n <= N; n++) {
      for (let s = 1; s <= S; s++) {
        const first = decisions.storesDependencies(n, s) ? 0 : decisions.advanceFrom(n, s)
        expect(first).toBe(naive.first[n]![s])
        if (n > s + 1) expect(decisions.advanceFrom(n, s)).toBe(naive.again[n]![s])
      }
    }
  })
})

test('the fewest nodes for so many places, and the most places in so many nodes, are inverse', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 30 }),
      fc.integer({ min: 0, max: 6 }),
      fc.integer({ min: 1, max: 500 }),
      (s, d, p) => {
        const places = mostPlaces(s, d, p)
        expect(mostPlaces(s, d, fewestNodes(s, d, places))).toBe(places)
      },
    ),
  )
})

test('keeps the laws, its limits and its word', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 400 }),
      fc.integer({ min: 1, max: 60 }),
      fc.constantFrom('RAM', 'DISK', 'TAPE'),
      (steps, snapshots, storage) => {
        const schedule = mixed({ steps, snapshots, storage })
        const { violations, forwardSteps, makespan, peak } = simulate(schedule)
        expect(violations).toEqual([])
        expect(schedule.optimum()).toEqual({ forwardSteps, makespan })
        expect(schedule.manifest.limits).toEqual(steps === 1 ? {} : peak)
      },
    ),
    { numRuns: 400 },
  )
})

test.each([
  [1, 0],
  [1, 9],
  [2, 1],
  [3, 1],
  [3, 2],
  [50, 50],
  [50, 49],
  [50, 1e9],
])('%i steps, %i checkpoints', (steps, snapshots) => {
  const schedule = mixed({ steps, snapshots })
  const { violations, forwardSteps } = simulate(schedule)
  expect(violations).toEqual([])
  expect(schedule.optimum()!.forwardSteps).toBe(forwardSteps)
})

test('never takes more forward steps with one checkpoint more', () => {
  for (let s = 1; s < 99; s++) {
    expect(leastForwardSteps(100, s + 1)).toBeLessThan(leastForwardSteps(100, s))
  }
})

test('starts at once, however many steps', () => {
  for (const [steps, snapshots] of [
    [1e6, 1000],
    [1e12, 100],
    [1e9, 1e8],
  ] as const) {
    const run = mixed({ steps, snapshots }).start()
    for (let i = 0; i < 1000; i++) run.next()
    expect(run.n).toBeGreaterThan(0)
  }
  const big = mixed({ steps: 1e6, snapshots: 1000 }).optimum()!
  expect(big.forwardSteps).toBe(leastForwardSteps(1e6, 1000))
})

test('a large schedule takes the steps that the closed form tells', () => {
  const schedule = mixed({ steps: 50_000, snapshots: 40 })
  const { violations, forwardSteps, makespan } = simulate(schedule)
  expect(violations).toEqual([])
  expect(schedule.optimum()).toEqual({ forwardSteps, makespan })
})

test('says what is wrong with its options', () => {
  const message = (options: unknown) => {
    try {
      mixed(options as Parameters<typeof mixed>[0])
    } catch (error) {
      if (isCheckpointScheduleError(error)) return error.message
    }
    return undefined
  }
  expect(message({ steps: 5, snapshots: 0 })).toMatch(
    /^mixed: 5 steps need at least one checkpoint; got snapshots 0/,
  )
  expect(message({ steps: 5, snapshots: 2, storage: 'ADJ_DEPS' })).toMatch(
    /^mixed: storage must be the name of a checkpoint storage/,
  )
  expect(message({ steps: 0, snapshots: 2 })).toMatch(/^mixed: steps must be an integer >= 1/)
})

test("the tutorial's diagram", () => {
  const actions = Array.from(mixed({ steps: 4, snapshots: 2 }), (action) => formatAction(action))
  expect(actions).toEqual([
    'Forward(0, 1, false, true, DISK)',
    'Forward(1, 3, true, false, DISK)',
    'Forward(3, 4, false, true, ADJ_DEPS)',
    'EndForward()',
    'Reverse(4, 3, true)',
    'Move(1, DISK, FWD_RESTART)',
    'Forward(1, 2, false, true, DISK)',
    'Forward(2, 3, false, true, ADJ_DEPS)',
    'Reverse(3, 2, true)',
    'Move(1, DISK, ADJ_DEPS)',
    'Reverse(2, 1, true)',
    'Move(0, DISK, ADJ_DEPS)',
    'Reverse(1, 0, true)',
    'EndReverse()',
  ])
})
