import { extraSteps } from '@checkpoint-schedules/binomial'
import { atOnce } from '@checkpoint-schedules/core'
import { testSchedule } from '@checkpoint-schedules/testkit'
import { simulate } from '@checkpoint-schedules/simulator'
import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { multistage, twoLevel } from '../src/index.js'
import { slotTraffic } from '../src/slot-traffic.js'

testSchedule(multistage, { describe, it, neverDearerWithMore: ['snapshotsInRam', 'snapshotsOnDisk'] })
testSchedule(twoLevel, { describe, it, neverDearerWithMore: ['binomialSnapshots'] })

const trajectory = fc.constantFrom('maximum' as const, 'revolve' as const)

test('the traffic of the slots is what the schedule does', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 2, max: 300 }),
      fc.integer({ min: 1, max: 20 }),
      trajectory,
      (steps, most, trajectory) => {
        const slots = Math.min(most, steps - 1)
        const writes = new Array<number>(slots).fill(0)
        const reads = new Array<number>(slots).fill(0)
        const stack: number[] = []
        for (const action of multistage({ steps, snapshotsInRam: slots, trajectory })) {
          if (action.type === 'Forward' && action.writeIcs) {
            writes[stack.length]! += 1
            stack.push(action.n0)
          } else if (action.type === 'Copy' || action.type === 'Move') {
            reads[stack.length - 1]! += 1
            if (action.type === 'Move') stack.pop()
          }
        }
        expect(atOnce(slotTraffic(steps, slots, trajectory))).toEqual({
          writes: Float64Array.from(writes),
          reads: Float64Array.from(reads),
        })
      },
    ),
  )
})

test('the traffic of huge runs is found without running them', () => {
  // Reads and writes of restart data follow from the forward steps alone: one read for each step but the last.
  for (const [steps, slots] of [
    [1e6, 100],
    [1e9, 50],
    [1e6, 3],
    [1e5, 2],
  ] as const) {
    const { reads } = atOnce(slotTraffic(steps, slots, 'maximum'))!
    expect(reads.reduce((sum, count) => sum + count, 0)).toBe(steps - 1)
  }
})

test('the busiest slots are in memory', () => {
  const reads = (ram: number, disk: number) =>
    simulate(multistage({ steps: 200, snapshotsInRam: ram, snapshotsOnDisk: disk })).reads
  let before = Infinity
  for (let ram = 1; ram <= 6; ram++) {
    const onDisk = reads(ram, 7 - ram)['DISK']!
    expect(onDisk).toBeLessThan(before)
    before = onDisk
  }
})

test('a run of 1e9 steps starts at once', () => {
  const schedule = multistage({ steps: 1e9, snapshotsInRam: 40, snapshotsOnDisk: 60 })
  expect(schedule.start().next().value).toMatchObject({ type: 'Forward', n0: 0, writeIcs: true })
  expect(schedule.optimum()!.forwardSteps).toBe(1e9 + extraSteps(1e9, 100))
})

test.each([
  [{ steps: 10 }, /needs? at least one checkpoint.*none\(\)/],
  [{ steps: 0, snapshotsInRam: 1 }, /steps must be an integer >= 1/],
  [{ steps: 10, snapshotsInRam: 1, trajectory: 'reverse' }, /one of maximum, revolve/],
  [{ snapshotsInRam: 1 }, /steps is missing/],
])('multistage(%o) is refused', (options, message) => {
  expect(() => multistage(options as never)).toThrow(message)
})

test('twoLevel needs a period', () => {
  expect(() => twoLevel({ period: 0, binomialSnapshots: 1 })).toThrow(
    /period must be an integer >= 1, .*; got 0/,
  )
  expect(twoLevel({ period: 5, binomialSnapshots: 1 }).manifest.period).toBe(5)
})
