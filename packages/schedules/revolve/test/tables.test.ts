/** The fast tables equal the published recurrences: values, and the last of several best splits. */
import { readFileSync } from 'node:fs'
import { atOnce, formatAction, schedulesIn } from '@checkpoint-schedules/core'
import { simulate } from '@checkpoint-schedules/simulator'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import * as family from '../src/index.js'
import { diskRevolve, hRevolve } from '../src/index.js'
import { planLevels } from '../src/level-tables.js'
import type { LevelOption } from '../src/levels.js'
import { opt0Row } from '../src/opt0.js'
import { naiveDisk, naiveLevels } from './naive.js'

const dyadic = fc.integer({ min: 0, max: 48 }).map((n) => n / 4)
const positive = fc.integer({ min: 1, max: 40 }).map((n) => n / 4)
const any = fc.integer({ min: 0, max: 12000 }).map((n) => n / 1001)

const levels = (cost: fc.Arbitrary<number>, most: number): fc.Arbitrary<LevelOption[]> =>
  fc
    .array(fc.record({ slots: fc.integer({ min: 0, max: 5 }), writeCost: cost, readCost: cost }), {
      minLength: 1,
      maxLength: most,
    })
    .chain((list) => fc.boolean().map((free) => ({ list, free })))
    .map(({ list, free }) =>
      list.map(({ slots, writeCost, readCost }, k) => {
        if (k === 0) {
          const small = free ? 0 : 1 / 4
          return {
            storage: 'L0',
            slots: Math.max(1, slots),
            writeCost: writeCost * small,
            readCost: readCost * small,
          }
        }
        const least = free ? 0 : (list[0]!.writeCost + list[0]!.readCost) / 4
        return { storage: `L${k}`, slots, writeCost, readCost: Math.max(readCost, least) }
      }),
    )

const clamped = (list: readonly LevelOption[], steps: number) =>
  list.map((level) => ({ ...level, slots: Math.min(level.slots, steps - 1) }))

test('Opt0 has its closed form', () => {
  for (let slots = 1; slots <= 6; slots++) {
    const naive = naiveLevels(90, [{ storage: 'RAM', slots, writeCost: 0, readCost: 0 }], 3, 2)
    expect(Array.from(atOnce(opt0Row(90, slots, 3, 2)))).toEqual(naive.opt[0]![slots])
  }
})

describe('H-Revolve', () => {
  test('values and splits, dyadic costs', () => {
    const steps = fc.integer({ min: 2, max: 70 })
    fc.assert(
      fc.property(steps, levels(dyadic, 4), positive, dyadic, (steps, list, uf, ub) => {
        const hierarchy = clamped(list, steps)
        const fast = atOnce(planLevels(steps, hierarchy, uf, ub))
        const naive = naiveLevels(steps - 1, hierarchy, uf, ub)
        expect(fast.cost).toBe(naive.opt.at(-1)!.at(-1)!.at(-1))
        fast.levels.forEach(({ storeThenAdvance, advanceAgain, slots, writeCost }, k) => {
          for (let m = 1; m <= slots; m++) {
            for (let l = 1; l < steps; l++) {
              const best = naive.best[k]![m]![l]!
              const pays = k === 0 || writeCost + naive.optP[k]![m]![l]! < naive.opt[k - 1]!.at(-1)![l]!
              const expected = k === 0 && best === 0 ? l : best
              expect(storeThenAdvance(l, m)).toBe(pays ? expected : 0)
              expect(advanceAgain(l, m)).toBe(expected)
            }
          }
        })
      }),
      { numRuns: 250 },
    )
  })

  test.each([
    [1, 1, 2, 2],
    [1, 2, 5, 1],
    [2, 1, 1, 6],
    [0.25, 1, 40, 30],
  ])('a long row: uf %d, ub %d, write %d, read %d', (uf, ub, writeCost, readCost) => {
    const steps = 1200
    const hierarchy = [
      { storage: 'RAM', slots: 3, writeCost: 0, readCost: 0 },
      { storage: 'DISK', slots: 5, writeCost, readCost },
    ]
    const fast = atOnce(planLevels(steps, hierarchy, uf, ub))
    const naive = naiveLevels(steps - 1, hierarchy, uf, ub)
    expect(fast.cost).toBe(naive.opt[1]![5]![steps - 1])
    for (let m = 1; m <= 5; m++) {
      const splits = naive.best[1]![m]!.map((_, l) => (l === 0 ? 0 : fast.levels[1]!.advanceAgain(l, m)))
      expect(splits).toEqual(naive.best[1]![m])
    }
  })

  test('values, any costs, and with free forward steps', () => {
    const steps = fc.integer({ min: 2, max: 90 })
    const forwardStep = fc.oneof(any, fc.constant(0))
    fc.assert(
      fc.property(steps, levels(any, 3), forwardStep, any, (steps, list, uf, ub) => {
        const costs = { forwardStep: uf, adjointStep: ub }
        const naive = naiveLevels(steps - 1, clamped(list, steps), uf, ub)
        const expected = naive.opt.at(-1)!.at(-1)!.at(-1)! + steps * uf
        const { makespan } = hRevolve({ steps, levels: list, costs }).optimum()!
        expect(Math.abs(makespan - expected)).toBeLessThanOrEqual(1e-12 * expected + 1e-300)
      }),
      { numRuns: 200 },
    )
  })

  test('the published optima for up to four levels', () => {
    const text = readFileSync(new URL('fixtures/hierarchical-makespans.jsonl', import.meta.url), 'utf8')
    for (const line of text.trimEnd().split('\n')) {
      const { options, makespan } = JSON.parse(line)
      const schedule = hRevolve(options)
      expect(schedule.optimum()!.makespan).toBe(makespan)
      const costs = {
        ...options.costs,
        write: Object.fromEntries(
          options.levels.map((level: LevelOption) => [level.storage, level.writeCost]),
        ),
        read: Object.fromEntries(options.levels.map((level: LevelOption) => [level.storage, level.readCost])),
      }
      expect(simulate(schedule, { costs })).toMatchObject({ makespan, violations: [] })
    }
  })

  test.each(['tables', 'tree'] as const)('two levels by name are the two levels by number: %s', (plan) => {
    const costs = { forwardStep: 2, adjointStep: 1, write: { DISK: 5 }, read: { DISK: 3 } }
    const byNumber = hRevolve({ steps: 60, snapshotsInRam: 2, snapshotsOnDisk: 3, costs, plan })
    const byName = hRevolve({
      steps: 60,
      levels: [
        { storage: 'RAM', slots: 2, writeCost: 0, readCost: 0 },
        { storage: 'DISK', slots: 3, writeCost: 5, readCost: 3 },
      ],
      costs: { forwardStep: 2, adjointStep: 1 },
      plan,
    })
    expect([...byName]).toEqual([...byNumber])
  })
})

describe('tables or a tree', () => {
  const trace = (options: Parameters<typeof hRevolve>[0]) => [...hRevolve(options)]
  const costs = { write: { DISK: 3 }, read: { DISK: 1 } }

  test('auto takes tables up to 20,000 steps times checkpoints on disk, and the tree beyond', () => {
    for (const [steps, snapshotsOnDisk, plan] of [
      [2000, 10, 'tables'],
      [2001, 10, 'tree'],
      [200, 100, 'tables'],
      [142, 1e9, 'tree'],
      [141, 1e9, 'tables'],
    ] as const) {
      const given = { steps, snapshotsInRam: 2, snapshotsOnDisk, costs }
      const traces = { tables: trace({ ...given, plan: 'tables' }), tree: trace({ ...given, plan: 'tree' }) }
      expect(traces.tables).not.toEqual(traces.tree)
      expect(trace(given)).toEqual(traces[plan])
    }
  })

  test('the manifest tells', () => {
    const given = { steps: 50, snapshotsInRam: 2, snapshotsOnDisk: 3 }
    expect(hRevolve(given).manifest.options).toMatchObject({ plan: 'auto' })
    expect(hRevolve({ ...given, plan: 'tree' }).manifest.options).toMatchObject({ plan: 'tree' })
  })

  test('levels of other names', () => {
    const levels = [
      { storage: 'GPU', slots: 2, writeCost: 0, readCost: 0 },
      { storage: 'HOST', slots: 3, writeCost: 5, readCost: 3 },
    ]
    const schedule = hRevolve({ steps: 60, levels, plan: 'tree' })
    expect(schedule.limits()).toEqual({ GPU: 2, HOST: 3 })
    const costs = { write: { GPU: 0, HOST: 5 }, read: { GPU: 0, HOST: 3 } }
    expect(simulate(schedule, { costs })).toMatchObject({ violations: [], ...schedule.optimum() })
  })
})

describe('Disk-Revolve', () => {
  test.each(['once', 'many'] as const)('read %s: the optimum', (diskReads) => {
    const cases = fc.record({
      steps: fc.integer({ min: 1, max: 150 }),
      ram: fc.integer({ min: 1, max: 6 }),
      uf: positive,
      ub: dyadic,
      w: dyadic,
      r: dyadic,
    })
    fc.assert(
      fc.property(cases, ({ steps, ram, ...given }) => {
        const { uf, ub, w, r } = given
        const naive = naiveDisk(steps - 1, ram, given, diskReads)
        const costs = { forwardStep: uf, adjointStep: ub, write: { DISK: w }, read: { DISK: r } }
        const schedule = diskRevolve({ steps, snapshotsInRam: ram, costs, diskReads })
        expect(schedule.optimum()!.makespan).toBe(naive.optInf[steps - 1]! + steps * uf)
        const first = schedule[Symbol.iterator]().next().value
        const j = naive.best[steps - 1]!
        // Of several best plans with many reads any one will do: there the plan is a tree.
        if (j > 0 && diskReads === 'once')
          expect(formatAction(first)).toBe(`Forward(0, ${j}, true, false, DISK)`)
      }),
      { numRuns: 300 },
    )
  })

  test('reading many times can save much', () => {
    const costs = { write: { DISK: 50 }, read: { DISK: 2 } }
    const time = (diskReads: 'once' | 'many') =>
      diskRevolve({ steps: 200, snapshotsInRam: 1, costs, diskReads }).optimum()!.makespan - 200
    expect([time('once'), time('many')]).toEqual([2278, 1612])
  })
})

test("the tutorial's diagrams", () => {
  const text = readFileSync(new URL('fixtures/notebook.jsonl', import.meta.url), 'utf8')
  for (const line of text.trimEnd().split('\n')) {
    const { schedule, options, trace } = JSON.parse(line)
    const { factory } = schedulesIn(family).find(({ exportName }) => exportName === schedule)!
    const actions = Array.from(factory(options), (action) => formatAction(action).replaceAll(', ', ','))
    expect(actions.filter((action) => !action.startsWith('End')).join(' ')).toBe(trace)
  }
})
