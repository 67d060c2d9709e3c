/** The tree of two levels: its golden cases, the published tables, what it adds up to, and the bound that makes the search exact. */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { beta } from '@checkpoint-schedules/binomial'
import { atOnce, formatAction } from '@checkpoint-schedules/core'
import { simulate } from '@checkpoint-schedules/simulator'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { sumOverNodes, topLevel } from '../src/disk-tree.js'
import { planLevels } from '../src/level-tables.js'
import { boundFor, costDifference, roundedTrees, type TreeProblem, type TwoTiers } from '../src/tree-bound.js'
import { planTree, treePlan, type TreePlan } from '../src/tree-plan.js'
import { problemOf, searchBest } from '../src/tree-search.js'
import { naiveLevels } from './naive.js'

interface Golden {
  options: {
    steps: number
    snapshotsInRam: number
    snapshotsOnDisk: number
    costs: { forwardStep: number; adjointStep: number; write: { DISK: number }; read: { DISK: number } }
  }
  /** As few numbers: `more` nodes beyond the full ones at each depth after `depth`. */
  tree: { depth: number; last: number; more: number; rest: number } | null
  makespan: number
  actions?: number
  forwardSteps?: number
  writes?: Record<string, number>
  reads?: Record<string, number>
  sha256?: string
  trace?: string
}

const golden = readFileSync(new URL('fixtures/two-levels.jsonl', import.meta.url), 'utf8')
  .trimEnd()
  .split('\n')
  .map((line) => JSON.parse(line) as Golden)

const tiersOf = ({ options: { steps, snapshotsInRam, snapshotsOnDisk, costs } }: Golden): TwoTiers => ({
  steps,
  ram: snapshotsInRam,
  disk: snapshotsOnDisk,
  uf: costs.forwardStep,
  w: costs.write.DISK,
  r: costs.read.DISK,
})

const makespan = ({ steps, uf, w, r }: TwoTiers, ub: number, plan: TreePlan) =>
  plan.forwardSteps * uf + steps * ub + plan.writes * w + plan.reads * r

describe('golden', () => {
  test('the search finds each optimum', () => {
    for (const it of golden) {
      const found = makespan(tiersOf(it), it.options.costs.adjointStep, planTree(tiersOf(it))!)
      const { forwardStep, adjointStep, write, read } = it.options.costs
      if ([forwardStep, adjointStep, write.DISK, read.DISK].every(Number.isInteger))
        expect(found, JSON.stringify(it.options)).toBe(it.makespan)
      else expect(Math.abs(found / it.makespan - 1), JSON.stringify(it.options)).toBeLessThanOrEqual(1e-12)
    }
  })

  test.each(golden.filter((it) => it.sha256 !== undefined))('$options, $tree', (it) => {
    const { steps, snapshotsInRam, snapshotsOnDisk, costs } = it.options
    const slots = Math.min(snapshotsOnDisk, steps - 1)
    const { depth, last, more, rest } = it.tree ?? { depth: 0, last: 0, more: 0, rest: 0 }
    const tree = { slots, depth, width: beta(slots - 1, depth) + more, last, rest }
    const ram = Math.max(1, Math.min(snapshotsInRam, steps - 1))
    const plan = treePlan(steps, ram, it.tree === null ? undefined : tree)
    const lines = Array.from(plan.actions(), (action) => formatAction(action))
    if (it.trace !== undefined)
      expect(lines.map((line) => line.replaceAll(', ', ','))).toEqual(it.trace.split(' '))
    expect(
      createHash('sha256')
        .update(`${lines.join('\n')}\n`)
        .digest('hex'),
    ).toBe(it.sha256)
    const limits = { RAM: plan.peak[0], DISK: plan.peak[1] }
    const counts = simulate(plan.actions(), { steps, limits, costs })
    const nonZero = (all: Readonly<Record<string, number>>) =>
      Object.fromEntries(Object.entries(all).filter(([, count]) => count > 0))
    expect(counts).toMatchObject({
      violations: [],
      actions: it.actions,
      forwardSteps: it.forwardSteps,
    })
    expect(counts.makespan / it.makespan).toBeCloseTo(1, 12)
    expect([nonZero(counts.writes), nonZero(counts.reads)]).toEqual([it.writes, it.reads])
  })
})

const whole = (most: number) => fc.integer({ min: 0, max: most })
const anyCost = (most: number) => fc.double({ min: 0, max: most, noNaN: true })
const cases = (cost: (most: number) => fc.Arbitrary<number>, most: number): fc.Arbitrary<TwoTiers> =>
  fc.constantFrom(4, 30, 300).chain((dear) =>
    fc.record({
      steps: fc.integer({ min: 2, max: most }),
      ram: fc.integer({ min: 1, max: 6 }),
      disk: fc.integer({ min: 0, max: 8 }),
      uf: cost(4),
      w: fc.oneof({ weight: 5, arbitrary: cost(dear) }, fc.constant(0)),
      r: fc.oneof({ weight: 5, arbitrary: cost(dear) }, fc.constant(0)),
    }),
  )

describe('against the tables', () => {
  const levelsOf = ({ steps, ram, disk, w, r }: TwoTiers) => [
    { storage: 'RAM', slots: Math.min(ram, steps - 1), writeCost: 0, readCost: 0 },
    { storage: 'DISK', slots: Math.min(disk, steps - 1), writeCost: w, readCost: r },
  ]

  test('whole costs: the same optimum, and the actions keep the laws and attain it', () => {
    fc.assert(
      fc.property(cases(whole, 250), whole(3), (tiers, ub) => {
        const plan = planTree(tiers)!
        const least =
          atOnce(planLevels(tiers.steps, levelsOf(tiers), tiers.uf, ub)).cost + tiers.steps * tiers.uf
        expect(makespan(tiers, ub, plan)).toBe(least)
        const costs = {
          forwardStep: tiers.uf,
          adjointStep: ub,
          write: { DISK: tiers.w },
          read: { DISK: tiers.r },
        }
        const found = simulate(plan.actions(), { steps: tiers.steps, costs })
        expect(found).toMatchObject({ violations: [], makespan: least, forwardSteps: plan.forwardSteps })
        const { RAM = 0, DISK = 0 } = found.peak
        expect([RAM, DISK]).toEqual(plan.peak)
        expect([found.writes['DISK'] ?? 0, found.reads['DISK'] ?? 0]).toEqual([plan.writes, plan.reads])
        expect(DISK).toBeLessThanOrEqual(tiers.disk)
        expect(RAM).toBeLessThanOrEqual(tiers.ram)
      }),
      { numRuns: 1200 },
    )
  })

  test('any costs: as good as rounding permits', () => {
    fc.assert(
      fc.property(cases(anyCost, 200), (tiers) => {
        const { steps, uf } = tiers
        const least = atOnce(planLevels(steps, levelsOf(tiers), uf, 0)).cost + steps * uf
        const found = makespan(tiers, 0, planTree(tiers)!)
        expect(Math.abs(found - least)).toBeLessThanOrEqual(1e-12 * least + 1e-300)
      }),
      { numRuns: 800 },
    )
  })

  test('every size up to 120, against the recurrences as they are published', () => {
    for (const [uf, w, r] of [
      [1, 2, 2],
      [1, 0, 0],
      [2, 1, 7],
      [1, 9, 1],
      [3, 0, 20],
    ] as const) {
      for (const ram of [1, 2, 4]) {
        const shape = { steps: 120, ram, disk: 5, uf, w, r }
        const { opt } = naiveLevels(119, levelsOf(shape), uf, 1)
        for (let disk = 1; disk <= 5; disk++) {
          for (let steps = 1; steps <= 120; steps++) {
            const tiers = { ...shape, steps, disk }
            const least = opt[1]![disk]![steps - 1]! + steps * uf
            expect(makespan(tiers, 1, planTree(tiers)!), JSON.stringify(tiers)).toBe(least)
          }
        }
      }
    }
  })
})

describe('the search is exact', () => {
  const shape = fc.record({
    steps: fc.integer({ min: 2, max: 1500 }),
    ram: fc.integer({ min: 1, max: 12 }),
    disk: fc.integer({ min: 1, max: 30 }),
    uf: fc.integer({ min: 1, max: 4 }),
    w: whole(500),
    r: whole(500),
  })

  // By how much some tree costs less than the one found, the bound is above a cost, and the bound fails to be convex; at most 0 each.
  function faults(problem: TreeProblem) {
    const best = searchBest(problem)!
    const worst = { best: 0, bound: 0, convex: 0 }
    let [slope, before] = [-Infinity, boundFor(problem, 0)!]
    for (let writes = 0; writes < problem.steps; writes++) {
      const bound = boundFor(problem, writes)!
      for (const tree of roundedTrees(problem, bound)) {
        worst.best = Math.max(worst.best, -costDifference(problem, tree, best))
        const used = { ...bound, writes: tree.writes }
        worst.bound = Math.max(worst.bound, -costDifference(problem, tree, used))
      }
      const next = costDifference(problem, bound, before)
      if (writes > 1) worst.convex = Math.max(worst.convex, slope - next)
      slope = writes > 0 ? next : slope
      before = bound
    }
    return worst
  }

  function check(problem: TreeProblem) {
    const { best, bound, convex } = faults(problem)
    expect(best).toBe(0)
    expect(bound).toBeLessThan(1e-6)
    expect(convex).toBeLessThan(1e-6)
  }

  test('no number of checkpoints permits a better tree; the bound is a bound, and convex', () => {
    fc.assert(
      fc.property(shape, (tiers) => {
        const problem = problemOf(tiers)
        fc.pre(problem !== undefined)
        check(problem)
      }),
      { numRuns: 50 },
    )
  })

  test('where the bound is flat, too', () => {
    fc.assert(
      fc.property(shape, fc.double({ min: 0, max: 1, noNaN: true }), (tiers, where) => {
        // Writes that cost what one more of them saves, and all costs times `gain`, so that they are whole.
        const free = problemOf({ ...tiers, w: 0 })
        fc.pre(free !== undefined)
        const writes = Math.floor(where * Math.sqrt(tiers.steps))
        const saved = costDifference(free, boundFor(free, writes)!, boundFor(free, writes + 1)!)
        const w = Math.round(saved * free.gain)
        fc.pre(w >= 0)
        const flat = { ...tiers, uf: tiers.uf * free.gain, r: tiers.r * free.gain, w }
        check(problemOf(flat)!)
      }),
      { numRuns: 50 },
    )
  })
})

test('sums over nodes equal their definition', () => {
  const shape = fc.record({
    slots: fc.integer({ min: 1, max: 7 }),
    depth: fc.integer({ min: 0, max: 24 }),
    more: whole(5),
    last: fc.integer({ min: 0, max: 26 }),
    rest: whole(9),
    s: fc.integer({ min: 0, max: 6 }),
    level: fc.integer({ min: -1, max: 30 }),
  })
  fc.assert(
    fc.property(shape, ({ slots, depth, more, last, rest, s, level }) => {
      const width = beta(slots - 1, depth) + more
      let sum = rest * beta(s, level - last - 1)
      for (let d = 0; d <= last; d++) sum += (d <= depth ? beta(slots - 1, d) : width) * beta(s, level - d)
      expect(sumOverNodes({ slots, depth, width, last, rest }, s, level)).toBe(sum)
    }),
    { numRuns: 800 },
  )
})

test('a tree beyond every table is planned at once, and its run begins', () => {
  const sizes = [
    [1e9, 1, 2, 1, 3],
    [1e9, 10, 1e5, 2, 2],
    [1e9, 1e4, 1e5, 1e6, 1e6],
    [1e5, 100, 1000, 2, 2],
    [1e12, 200, 1000, 5, 5],
  ] as const
  for (const [steps, ram, disk, w, r] of sizes) {
    const plan = planTree({ steps, ram, disk, uf: 1, w, r })!
    const run = plan.actions()
    const first = Array.from({ length: 1000 }, () => run.next().value)
    expect(first[0]).toMatchObject({
      type: 'Forward',
      n0: 0,
      writeIcs: true,
      storage: plan.tree ? 'DISK' : 'RAM',
    })
    expect(plan.peak[1]).toBeLessThanOrEqual(disk)
    if (plan.tree) expect(topLevel(plan.tree, steps, ram)).toBeLessThan(1e5)
  }
  // Where tables take many seconds.
  const tiers = { steps: 1e5, ram: 100, disk: 1000, uf: 1, w: 5, r: 5 }
  expect(makespan(tiers, 1, planTree(tiers)!)).toBe(408_358)
})

test('what cannot be counted exactly is refused', () => {
  expect(planTree({ steps: 1e15, ram: 1, disk: 2, uf: 1, w: 1, r: 1 })).toBeUndefined()
  expect(planTree({ steps: 1e15, ram: 1000, disk: 1000, uf: 1, w: 1, r: 1 })).toBeDefined()
})
