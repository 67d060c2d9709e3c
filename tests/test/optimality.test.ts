/** Optimality against an exhaustive search over the abstract machine, for small runs. */
import type { Schedule } from '@checkpoint-schedules/core'
import { mixed } from '@checkpoint-schedules/mixed'
import { multistage, twoLevel } from '@checkpoint-schedules/multistage'
import { diskRevolve, hRevolve, periodicDiskRevolve, revolve } from '@checkpoint-schedules/revolve'
import { simulate } from '@checkpoint-schedules/simulator'
import { describe, expect, test } from 'vitest'
import { leastCost, type Level } from './support/shortest-path.js'

const forwardSteps = (schedule: Schedule, steps: number) => simulate(schedule, { steps }).forwardSteps

/** The fewest forward steps with this many checkpoints, wherever they are. */
const fewest = (steps: number, slots: number, mixedData = false) =>
  leastCost({
    steps,
    levels: [{ slots, write: 0, read: 0 }],
    forwardStep: 1,
    adjointStep: 0,
    mixed: mixedData,
  })

describe.each([1, 2, 3, 4])('with %i checkpoints', (slots) => {
  test('multistage and revolve take the fewest forward steps', () => {
    for (let steps = 1; steps <= 9; steps++) {
      const least = fewest(steps, slots)
      const about = `${steps} steps`
      for (const trajectory of ['maximum', 'revolve'] as const) {
        expect(forwardSteps(multistage({ steps, snapshotsInRam: slots, trajectory }), steps), about).toBe(
          least,
        )
        const both = multistage({ steps, snapshotsInRam: 1, snapshotsOnDisk: slots - 1, trajectory })
        expect(forwardSteps(both, steps), about).toBe(least)
      }
      expect(forwardSteps(revolve({ steps, snapshotsInRam: slots }), steps), about).toBe(least)
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

  test('mixed takes the fewest where a checkpoint may hold either kind of data', () => {
    for (let steps = 1; steps <= 7; steps++) {
      expect(forwardSteps(mixed({ steps, snapshots: slots }), steps), `${steps} steps`).toBe(
        fewest(steps, slots, true),
      )
    }
  })
})

// Time per forward and adjoint step, and for writing to and reading from disk.
const stepCosts = [
  [1, 1],
  [3, 1],
  [0.5, 2],
] as const
const diskCosts = [
  [2, 2],
  [0, 1],
  [1, 0],
  [0, 0],
  [5, 1],
  [1, 5],
] as const

describe.each(stepCosts)('with steps that cost %d forward, %d adjoint', (forwardStep, adjointStep) => {
  const search = (steps: number, levels: readonly Level[]) =>
    leastCost({ steps, levels, forwardStep, adjointStep })

  test.each(diskCosts)('hRevolve is optimal: writing %d, reading %d', (write, read) => {
    const costs = { forwardStep, adjointStep, write: { DISK: write }, read: { DISK: read } }
    for (let steps = 1; steps <= 6; steps++) {
      for (const ram of [1, 2]) {
        for (const disk of [1, 2]) {
          const levels = [
            { slots: ram, write: 0, read: 0 },
            { slots: disk, write, read },
          ]
          const least = search(steps, levels)
          for (const plan of ['tables', 'tree'] as const) {
            const schedule = hRevolve({ steps, snapshotsInRam: ram, snapshotsOnDisk: disk, costs, plan })
            expect(simulate(schedule, { costs }).makespan, `${steps}, ${ram}, ${disk}, ${plan}`).toBe(least)
          }
        }
      }
    }
  })

  test.each([
    [0, 0, 1, 2, 4, 1],
    [0.5, 0.5, 1, 1, 2, 2],
    [0, 0, 0, 0, 3, 5],
  ])('hRevolve with three levels is optimal: costs %d %d, %d %d, %d %d', (w0, r0, w1, r1, w2, r2) => {
    for (let steps = 1; steps <= 5; steps++) {
      const levels = [
        { storage: 'RAM', slots: 1, writeCost: w0, readCost: r0 },
        { storage: 'DISK', slots: 1, writeCost: w1, readCost: r1 },
        { storage: 'TAPE', slots: 2, writeCost: w2, readCost: r2 },
      ]
      const costs = { forwardStep, adjointStep }
      const write = { RAM: w0, DISK: w1, TAPE: w2 }
      const read = { RAM: r0, DISK: r1, TAPE: r2 }
      const { makespan } = simulate(hRevolve({ steps, levels, costs }), { costs: { ...costs, write, read } })
      const searched = levels.map(({ slots, writeCost, readCost }) => ({
        slots,
        write: writeCost,
        read: readCost,
      }))
      expect(makespan, `${steps} steps`).toBe(search(steps, searched))
    }
  })

  // Disk-Revolve has as many disk checkpoints as it likes. In its one-read mode it is optimal among schedules that read
  // each of them once, so the search is restricted likewise; PeriodicDiskRevolve is restricted further and only bounded.
  test.each(diskCosts)('diskRevolve is optimal in both modes: writing %d, reading %d', (write, read) => {
    const costs = { forwardStep, adjointStep, write: { DISK: write }, read: { DISK: read } }
    for (let steps = 1; steps <= 5; steps++) {
      for (const ram of [1, 2]) {
        const least = (readOnce: boolean) =>
          search(steps, [
            { slots: ram, write: 0, read: 0 },
            { slots: steps, write, read, readOnce },
          ])
        const makespan = (schedule: Schedule) => simulate(schedule, { costs }).makespan
        const once = least(true)
        const options = { steps, snapshotsInRam: ram, costs }
        expect(makespan(diskRevolve({ ...options, diskReads: 'once' })), `${steps}, ${ram}`).toBe(once)
        expect(makespan(diskRevolve({ ...options, diskReads: 'many' })), `${steps}, ${ram}`).toBe(
          least(false),
        )
        expect(makespan(periodicDiskRevolve(options))).toBeGreaterThanOrEqual(once)
      }
    }
  })
})
