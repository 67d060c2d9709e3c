/** Optimality against an exhaustive search over the abstract machine, for small runs. */
import type { Schedule } from '@checkpoint-schedules/core'
import { multistage, twoLevel } from '@checkpoint-schedules/multistage'
import { simulate } from '@checkpoint-schedules/simulator'
import { describe, expect, test } from 'vitest'
import { leastCost } from './support/shortest-path.js'

const forwardSteps = (schedule: Schedule, steps: number) => simulate(schedule, { steps }).forwardSteps

/** The fewest forward steps with this many checkpoints of restart data, wherever they are. */
const fewest = (steps: number, slots: number) =>
  leastCost({ steps, levels: [{ slots, write: 0, read: 0 }], forwardStep: 1, adjointStep: 0 })

describe.each([1, 2, 3, 4])('with %i checkpoints', (slots) => {
  test('multistage takes the fewest forward steps', () => {
    for (let steps = 1; steps <= 9; steps++) {
      const least = fewest(steps, slots)
      for (const trajectory of ['maximum', 'revolve'] as const) {
        expect(
          forwardSteps(multistage({ steps, snapshotsInRam: slots, trajectory }), steps),
          `${steps} steps`,
        ).toBe(least)
        const both = multistage({ steps, snapshotsInRam: 1, snapshotsOnDisk: slots - 1, trajectory })
        expect(forwardSteps(both, steps)).toBe(least)
      }
    }
  })

  test('twoLevel takes the fewest within each period', () => {
    for (let period = 1; period <= 7; period++) {
      const steps = 2 * period
      const schedule = twoLevel({ period, binomialSnapshots: slots - 1, binomialStorage: 'RAM' })
      // The forward, then each of the two periods like a run of its own with its checkpoint on disk as one more.
      expect(forwardSteps(schedule, steps)).toBe(steps + 2 * fewest(period, slots))
    }
  })
})
