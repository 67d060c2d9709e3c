/** The suite that every schedule must pass. */
import { extraSteps } from '@checkpoint-schedules/binomial'
import { testSchedule } from '@checkpoint-schedules/testkit'
import fc from 'fast-check'
import { describe, it } from 'vitest'
import { diskRevolve, hRevolve, periodicDiskRevolve, revolve } from '../src/index.js'

const neverDearerWithMore = ['snapshotsInRam']

testSchedule(revolve, {
  describe,
  it,
  neverDearerWithMore,
  optimal: ({ steps, snapshotsInRam }) => ({ forwardSteps: steps + extraSteps(steps, snapshotsInRam) }),
})
testSchedule(diskRevolve, { describe, it, neverDearerWithMore })
testSchedule(periodicDiskRevolve, { describe, it })

const cost = fc.constantFrom(0, 0.5, 1, 2, 10)
testSchedule(hRevolve, {
  describe,
  it,
  neverDearerWithMore: ['snapshotsInRam', 'snapshotsOnDisk'],
  arbitrary: fc.record({
    steps: fc.integer({ min: 1, max: 60 }),
    snapshotsInRam: fc.integer({ min: 1, max: 6 }),
    snapshotsOnDisk: fc.integer({ min: 0, max: 6 }),
    costs: fc.record({
      forwardStep: cost,
      adjointStep: cost,
      write: fc.record({ DISK: cost }),
      read: fc.record({ DISK: cost }),
    }),
  }),
})
