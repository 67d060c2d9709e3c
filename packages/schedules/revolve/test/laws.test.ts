/** The schedules keep the laws, their limits and their word; edges; bad options. */
import { isCheckpointScheduleError, type Schedule } from '@checkpoint-schedules/core'
import { simulate, type SimulateOptions } from '@checkpoint-schedules/simulator'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { diskRevolve, hRevolve, periodicDiskRevolve, revolve } from '../src/index.js'

const steps = fc.integer({ min: 1, max: 250 })
const slots = fc.oneof(fc.integer({ min: 1, max: 12 }), fc.constant(1000))
const cost = fc.integer({ min: 0, max: 40 }).map((n) => n / 4)
const costs = fc
  .record({ uf: cost, ub: cost, w: cost, r: cost })
  .map(({ uf, ub, w, r }) => ({ forwardStep: uf, adjointStep: ub, write: { DISK: w }, read: { DISK: r } }))

// Replays the schedule: laws, and what it says about itself.
function check(schedule: Schedule, options: SimulateOptions = {}) {
  const found = simulate(schedule, options)
  expect(found.violations).toEqual([])
  const { forwardSteps, makespan } = schedule.optimum()!
  expect(forwardSteps).toBe(found.forwardSteps)
  expect(makespan).toBeCloseTo(found.makespan, 6)
  const used = Object.entries(found.peak).filter(([, peak]) => peak > 0)
  expect(schedule.limits()).toEqual(Object.fromEntries(used))
}

describe('random options', () => {
  test('revolve', () => {
    fc.assert(
      fc.property(steps, slots, (steps, snapshotsInRam) => check(revolve({ steps, snapshotsInRam }))),
      { numRuns: 300 },
    )
  })

  test('diskRevolve', () => {
    const diskReads = fc.constantFrom('once' as const, 'many' as const)
    fc.assert(
      fc.property(steps, slots, costs, diskReads, (steps, snapshotsInRam, costs, diskReads) =>
        check(diskRevolve({ steps, snapshotsInRam, costs, diskReads }), { costs }),
      ),
      { numRuns: 400 },
    )
  })

  test('periodicDiskRevolve', () => {
    const period = fc.option(fc.integer({ min: 1, max: 300 }), { nil: undefined })
    fc.assert(
      fc.property(steps, slots, costs, period, (steps, snapshotsInRam, costs, period) =>
        check(periodicDiskRevolve({ steps, snapshotsInRam, costs, period }), { costs }),
      ),
      { numRuns: 400 },
    )
  })

  test('hRevolve, two levels', () => {
    const plan = fc.constantFrom('auto' as const, 'tables' as const, 'tree' as const)
    fc.assert(
      fc.property(
        steps,
        slots,
        fc.integer({ min: 0, max: 300 }),
        costs,
        plan,
        (steps, ram, disk, costs, plan) =>
          check(hRevolve({ steps, snapshotsInRam: ram, snapshotsOnDisk: disk, costs, plan }), { costs }),
      ),
      { numRuns: 600 },
    )
  })

  test('hRevolve, many levels', () => {
    const level = fc.record({ slots: fc.integer({ min: 0, max: 6 }), writeCost: cost, readCost: cost })
    const list = fc.array(level, { minLength: 1, maxLength: 4 })
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 120 }), list, cost, cost, (steps, list, uf, ub) => {
        const [{ writeCost, readCost }] = list as [(typeof list)[0]]
        const levels = list.map((level, k) => ({
          ...level,
          storage: ['GPU', 'RAM', 'DISK', 'TAPE'][k]!,
          slots: k === 0 ? level.slots + 1 : level.slots,
          readCost: k === 0 ? readCost : Math.max(level.readCost, writeCost + readCost),
        }))
        const steps_ = { forwardStep: uf, adjointStep: ub }
        const per = (pick: 'writeCost' | 'readCost') =>
          Object.fromEntries(levels.map((level) => [level.storage, level[pick]]))
        check(hRevolve({ steps, levels, costs: steps_ }), {
          costs: { ...steps_, write: per('writeCost'), read: per('readCost') },
        })
      }),
      { numRuns: 400 },
    )
  })
})

describe('edges', () => {
  const free = { write: { DISK: 0 }, read: { DISK: 0 } }
  const dear = { write: { DISK: 1e9 }, read: { DISK: 1e9 } }
  const still = { forwardStep: 0, adjointStep: 0, ...free }
  for (const steps of [1, 2, 3, 60]) {
    for (const ram of [1, 2, steps, 1e9]) {
      test(`${steps} steps, ${ram} checkpoints`, () => {
        check(revolve({ steps, snapshotsInRam: ram }))
        for (const costs of [free, dear, still]) {
          check(periodicDiskRevolve({ steps, snapshotsInRam: ram, costs }), { costs })
          for (const diskReads of ['once', 'many'] as const)
            check(diskRevolve({ steps, snapshotsInRam: ram, costs, diskReads }), { costs })
          for (const disk of [0, 1, steps, 1e9]) {
            for (const plan of ['tables', 'tree'] as const)
              check(hRevolve({ steps, snapshotsInRam: ram, snapshotsOnDisk: disk, costs, plan }), { costs })
          }
        }
      })
    }
  }

  test('a level dearer than recomputation is never used', () => {
    const schedule = hRevolve({ steps: 60, snapshotsInRam: 3, snapshotsOnDisk: 5, costs: dear })
    expect(schedule.limits()).toEqual({ RAM: 3 })
    expect([...schedule]).toEqual([...revolve({ steps: 60, snapshotsInRam: 3 })])
  })

  test('the period is known, and can be set', () => {
    expect(periodicDiskRevolve({ steps: 100, snapshotsInRam: 2 }).manifest.period).toBe(6)
    expect(periodicDiskRevolve({ steps: 100, snapshotsInRam: 2, period: 9 }).manifest.period).toBe(9)
    const costs = { write: { DISK: 1e300 } }
    expect(periodicDiskRevolve({ steps: 100, snapshotsInRam: 2, costs }).manifest.limits).toEqual({ RAM: 2 })
  })
})

test('starts at once, however many steps', () => {
  for (const schedule of [
    revolve({ steps: 1e9, snapshotsInRam: 100 }),
    revolve({ steps: Number.MAX_SAFE_INTEGER, snapshotsInRam: 1e6 }),
    periodicDiskRevolve({ steps: 1e12, snapshotsInRam: 10 }),
    diskRevolve({ steps: 1e10, snapshotsInRam: 10, diskReads: 'many' }),
    hRevolve({ steps: 1e9, snapshotsInRam: 1, snapshotsOnDisk: 2 }),
    hRevolve({ steps: 1e9, snapshotsInRam: 1e4, snapshotsOnDisk: 1e5 }),
    hRevolve({ steps: 1e12, snapshotsInRam: 100, snapshotsOnDisk: 0 }),
  ]) {
    const run = schedule.start()
    for (let i = 0; i < 1000; i++) run.next()
    expect(run.n).toBeGreaterThan(0)
    expect(schedule.optimum()!.forwardSteps).toBeGreaterThan(1e9)
  }
})

test('runs are equal and independent', () => {
  const schedule = hRevolve({ steps: 40, snapshotsInRam: 2, snapshotsOnDisk: 2 })
  const one = schedule.start()
  one.next()
  expect([...schedule]).toEqual([...schedule])
})

describe('bad options', () => {
  const message = (make: () => unknown) => {
    try {
      make()
    } catch (error) {
      if (isCheckpointScheduleError(error) && error.code === 'INVALID_OPTION') return error.message
      throw error
    }
    return 'no error'
  }
  const level = (storage: string, slots = 2, writeCost = 0, readCost = 0) => ({
    storage,
    slots,
    writeCost,
    readCost,
  })
  const levelled = (...levels: ReturnType<typeof level>[]) => message(() => hRevolve({ steps: 9, levels }))

  test.each([
    [
      () => revolve({ steps: 9, snapshotsInRam: 0 }),
      /^revolve: snapshotsInRam must be an integer >= 1.*got 0/,
    ],
    [
      () => diskRevolve({ steps: 9, snapshotsInRam: 1, costs: { forwardStep: -1 } }),
      /^diskRevolve: costs.forwardStep must be a finite number >= 0.*got -1/,
    ],
    [
      () => periodicDiskRevolve({ steps: 9, snapshotsInRam: 1, costs: { read: { DISK: Number.NaN } } }),
      /^periodicDiskRevolve: costs.read.DISK must be .*got NaN/,
    ],
    [
      () =>
        hRevolve({ steps: 9, snapshotsInRam: 1, snapshotsOnDisk: 1, costs: { write: { DISK: Infinity } } }),
      /^hRevolve: costs.write.DISK must be .*got Infinity/,
    ],
    [() => hRevolve({ steps: 9, snapshotsOnDisk: 1 }), /^hRevolve: snapshotsInRam is missing; pass .*levels/],
    [() => hRevolve({ steps: 9, snapshotsInRam: 1 }), /^hRevolve: snapshotsOnDisk is missing; pass /],
    [
      () => diskRevolve({ steps: 1e9, snapshotsInRam: 1 }),
      /^diskRevolve: tables for steps 1000000000 need 41\.0 GiB.*periodicDiskRevolve/,
    ],
    [
      () => hRevolve({ steps: 1e7, snapshotsInRam: 5, snapshotsOnDisk: 1000, plan: 'tables' }),
      /^hRevolve: tables for steps 10000000 and 1000 slots need 38\.0 GiB.*Pass at most 100000 steps, or at most 10 slots .*plan: 'tree'/,
    ],
    [
      () => hRevolve({ steps: 1e6, snapshotsInRam: 5, snapshotsOnDisk: 500, plan: 'tables' }),
      /^hRevolve: tables for steps 1000000 and 500 slots have 5\.00e\+8 entries .*Pass at most 200000 steps, or at most 100 slots/,
    ],
    // Few slots in memory and expensive transfers: each entry is compared with many others.
    [
      () =>
        hRevolve({
          steps: 1e5,
          snapshotsInRam: 1,
          snapshotsOnDisk: 500,
          costs: { write: { DISK: 50 }, read: { DISK: 50 } },
          plan: 'tables',
        }),
      /^hRevolve: tables for steps 100000 and 500 slots need some .* comparisons at these costs; .*Pass at most \d+ steps, or at most \d+ slots .*plan: 'tree'/,
    ],
    [
      () => hRevolve({ steps: 1e15, snapshotsInRam: 1, snapshotsOnDisk: 2, costs: { read: { DISK: 1 } } }),
      /^hRevolve: .*steps 1000000000000000 with 1 checkpoints? in memory and 2 on disk .* 2\^53 .*Pass fewer steps/,
    ],
    [
      () => diskRevolve({ steps: 2 ** 53 - 1, snapshotsInRam: 1, diskReads: 'many' }),
      /^diskRevolve: .*2\^53 .*Pass fewer steps/,
    ],
  ])('%s', (make, expected) => {
    expect(message(make)).toMatch(expected)
  })

  test('slots in memory count: what many of them make easy is accepted', () => {
    const costs = { write: { DISK: 50 }, read: { DISK: 50 } }
    const of = (steps: number, snapshotsInRam: number, snapshotsOnDisk: number) =>
      message(() => hRevolve({ steps, snapshotsInRam, snapshotsOnDisk, costs, plan: 'tables' }))
    expect(of(1e5, 100, 500)).toBe('no error')
    const [, steps, slots] = /at most (\d+) steps, or at most (\d+) slots/.exec(of(1e5, 1, 500))!
    expect([of(Number(steps), 1, 500), of(1e5, 1, Number(slots))]).toEqual(['no error', 'no error'])
  })

  test('a plan that does not go with the levels', () => {
    const three = [level('GPU'), level('RAM', 2, 1, 1), level('DISK', 2, 2, 2)]
    for (const levels of [three, [level('RAM', 2, 1, 0), level('DISK', 2, 2, 2)]]) {
      expect(message(() => hRevolve({ steps: 9, levels, plan: 'tree' }))).toMatch(
        /^hRevolve: plan 'tree' needs at most two levels, the first with writeCost 0 .* Leave plan out/,
      )
    }
    const [gpu, ram, disk] = three as [(typeof three)[0], (typeof three)[0], (typeof three)[0]]
    const large = [gpu, { ...ram, slots: 300 }, { ...disk, slots: 700 }]
    const refusal = message(() => hRevolve({ steps: 1e6, levels: large }))
    expect(refusal).toMatch(/^hRevolve: tables for steps 1000000 and 1000 slots .* or two levels/)
    // What the message names is accepted.
    const [, steps, slots] = /at most (\d+) steps, or at most (\d+) slots/.exec(refusal)!
    expect(message(() => hRevolve({ steps: Number(steps), levels: large }))).toBe('no error')
    const inRam = Math.floor(0.3 * Number(slots))
    const small = [gpu, { ...ram, slots: inRam }, { ...disk, slots: Number(slots) - inRam }]
    expect(message(() => hRevolve({ steps: 1e6, levels: small }))).toBe('no error')
  })

  test('levels', () => {
    expect(levelled()).toMatch(/^hRevolve: levels must be a list .*at least 1/)
    expect(levelled(level('RAM'), level('RAM'))).toMatch(
      /^hRevolve: levels\[1\].storage must differ .*got "RAM", which is levels\[0\]. Add up/,
    )
    expect(levelled(level('ADJ_DEPS'))).toMatch(
      /^hRevolve: levels\[0\].storage must be the name of a checkpoint/,
    )
    expect(levelled(level('RAM', 0))).toMatch(/^hRevolve: levels\[0\].slots must be an integer >= 1.*got 0/)
    expect(levelled(level('DISK', 5, 3, 2), level('RAM', 2, 0, 0))).toMatch(
      /^hRevolve: levels must be ordered .*levels\[1\].readCost must be >= .* = 5; got 0 \(RAM\). Put RAM before DISK/,
    )
    expect(message(() => hRevolve({ steps: 9, levels: [{ slots: 1 }] as never }))).toMatch(
      /levels\[0\].storage is missing/,
    )
    expect(message(() => hRevolve({ steps: 9, snapshotsInRam: 1, levels: [level('RAM')] }))).toMatch(
      /^hRevolve: snapshotsInRam and levels do not go together/,
    )
    const costs = { write: { DISK: 5 } }
    expect(message(() => hRevolve({ steps: 9, levels: [level('RAM')], costs }))).toMatch(
      /^hRevolve: costs.write does not go together with levels; .*writeCost/,
    )
  })
})
