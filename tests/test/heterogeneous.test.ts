/**
 * The chain of unequal steps against the schedules that it contains, and against an exhaustive search of the machine in bytes. SEARCHES
 * random cases of each kind, 60 by default; SEED repeats a run. The share of cases in which another schedule is better is printed.
 */
import { extraSteps } from '@checkpoint-schedules/binomial'
import { formatAction, type Schedule } from '@checkpoint-schedules/core'
import { heterogeneous } from '@checkpoint-schedules/heterogeneous'
import { mixed } from '@checkpoint-schedules/mixed'
import { diskRevolve, hRevolve, revolve } from '@checkpoint-schedules/revolve'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type ByteProblem, leastMakespan } from './support/byte-search.js'

const searches = Number(process.env['SEARCHES'] ?? 60)
const seed = Number(process.env['SEED'] ?? Math.floor(Math.random() * 2 ** 31))
const patient = 3_600_000

describe('what it contains', () => {
  const lines = (schedule: Schedule) => Array.from(schedule, (action) => formatAction(action))
  const equal = { forwardCost: 1, adjointCost: 1, stateBytes: 1 }
  const huge = 1e9 // a tape that fits nowhere

  // As one number, and as steps that are not known to be equal.
  describe.each([1, [...Array.from({ length: 39 }, () => 1), 2]])('tapeCost %o', (tapeCost) => {
    test('Mixed and Revolve, line by line', () => {
      const steps = 40
      for (let slots = 1; slots <= 10; slots++) {
        const options = { ...equal, steps, tapeCost, ramBytes: slots }
        expect(lines(heterogeneous({ ...options, tapeBytes: 1 }))).toEqual(
          lines(mixed({ steps, snapshots: slots, storage: 'RAM' })),
        )
        expect(lines(heterogeneous({ ...options, tapeBytes: huge }))).toEqual(
          lines(revolve({ steps, snapshotsInRam: slots })),
        )
      }
    })
  })

  test('the forward steps of binomial checkpointing', () => {
    for (let steps = 2; steps <= 40; steps++) {
      for (let slots = 1; slots <= 10; slots++) {
        const schedule = heterogeneous({ ...equal, steps, tapeBytes: huge, ramBytes: slots })
        expect(schedule.optimum()!.forwardSteps).toBe(steps + extraSteps(steps, Math.min(slots, steps - 1)))
      }
    }
  })

  test.each([
    [2, 2],
    [5, 1],
    [1, 7],
    [50, 2],
  ])('Disk-Revolve with many reads, and H-Revolve of two levels: writing %i, reading %i', (write, read) => {
    const costs = { write: { DISK: write }, read: { DISK: read } }
    const disk = { writePerByte: write, readPerByte: read }
    for (let steps = 2; steps <= 40; steps += 3) {
      for (const ram of [1, 2, 4]) {
        const options = { ...equal, steps, tapeBytes: huge, ramBytes: ram }
        expect(heterogeneous({ ...options, disk }).optimum()!.makespan).toBe(
          diskRevolve({ steps, snapshotsInRam: ram, diskReads: 'many', costs }).optimum()!.makespan,
        )
        for (const slots of [1, 3]) {
          expect(heterogeneous({ ...options, disk: { ...disk, bytes: slots } }).optimum()!.makespan).toBe(
            hRevolve({ steps, snapshotsInRam: ram, snapshotsOnDisk: slots, costs }).optimum()!.makespan,
          )
        }
      }
    }
  })
})

/** A step holds its state before and after, a taped step its tape too, an adjoint step that tape and the adjoint before and after. */
function workingOf(
  { stateBytes, tapeBytes }: Pick<ByteProblem, 'stateBytes' | 'tapeBytes'>,
  standing: number,
) {
  const forward = stateBytes.map((bytes, n) => bytes + (stateBytes[n + 1] ?? bytes))
  return {
    forward,
    tape: forward.map((bytes, n) => bytes + tapeBytes[n]!),
    adjoint: tapeBytes.map((bytes) => bytes + 2 * standing),
    standing: Array.from({ length: stateBytes.length + 1 }, () => standing),
  }
}

describe(`against an exhaustive search (seed ${seed})`, () => {
  const numbers = (steps: number, min: number, max: number) =>
    fc.array(fc.integer({ min, max }), { minLength: steps, maxLength: steps })
  const problems = (
    [fewest, most]: readonly [number, number],
    kind: 'memory' | 'unlimited disk' | 'limited disk' | 'working bytes',
  ): fc.Arbitrary<ByteProblem> =>
    fc.integer({ min: fewest, max: most }).chain((steps) => {
      const withDisk = kind === 'limited disk' || kind === 'unlimited disk'
      const cost = fc.integer({ min: 0, max: 3 })
      const isLimited = kind === 'limited disk'
      const disk = fc.record({
        bytes: isLimited ? fc.integer({ min: 1, max: 8 }) : fc.constant(null),
        writeLatency: cost,
        writePerByte: fc.integer({ min: 0, max: 1 }),
        readLatency: cost,
        readPerByte: fc.integer({ min: 0, max: 1 }),
      })
      const isWorking = kind === 'working bytes'
      return fc
        .record({
          forward: numbers(steps, 1, 9),
          tape: numbers(steps, 1, 9),
          adjoint: numbers(steps, 1, 9),
          stateBytes: numbers(steps, 1, 6),
          tapeBytes: numbers(steps, 1, 9),
          standing: fc.integer({ min: 0, max: 3 }),
          ram: isWorking ? fc.integer({ min: 12, max: 36 }) : fc.integer({ min: 2, max: 14 }),
          ...(withDisk && { disk }),
        })
        .map(({ standing, ...problem }) => ({
          ...problem,
          ...(isWorking && { working: workingOf(problem, standing) }),
        }))
    })

  test.each([
    ['memory', [4, 7], 0.2],
    ['unlimited disk', [3, 5], 0.05],
    ['limited disk', [3, 5], 0.1],
    ['working bytes', [4, 6], 0.3],
  ] as const)(
    '%s: no plan is better than the best schedule, and few are worse',
    (kind, sizes, most) => {
      let [cases, beaten, worst] = [0, 0, 0]
      const property = fc.property(problems(sizes, kind), (problem) => {
        const { forward, tape, adjoint, ram, ...rest } = problem
        let planned = Infinity
        try {
          planned = heterogeneous({
            ...rest,
            steps: forward.length,
            forwardCost: forward,
            tapeCost: tape,
            adjointCost: adjoint,
            ramBytes: ram,
          }).optimum()!.makespan
        } catch (error) {
          expect((error as Error).message).toMatch(/too little/)
        }
        const least = leastMakespan(problem)
        expect(planned).toBeGreaterThanOrEqual(least)
        if (least === Infinity) return
        cases += 1
        if (planned > least) beaten += 1
        if (planned < Infinity) worst = Math.max(worst, planned / least - 1)
      })
      fc.assert(property, { numRuns: searches, seed, includeErrorInReport: true })
      console.log(`${kind}: ${beaten} of ${cases} are beaten, by up to ${(100 * worst).toFixed(1)} %`)
      expect(beaten).toBeLessThanOrEqual(Math.ceil(cases * most))
    },
    patient,
  )
})
