/** Planning in slices: how often it yields, and that the plan is the same. */
import type { Pieces } from '@checkpoint-schedules/core'
import type { Schedule } from '@checkpoint-schedules/core'
import { describe, expect, test } from 'vitest'
import { planDiskSegments } from '../src/disk-segments.js'
import { diskRevolve, hRevolve } from '../src/index.js'
import { planHierarchy } from '../src/level-plan.js'

const costs = { forwardStep: 1, adjointStep: 1, write: { DISK: 20 }, read: { DISK: 20 } }
const levels = [
  { storage: 'GPU', slots: 2, writeCost: 1, readCost: 1 },
  { storage: 'RAM', slots: 3, writeCost: 3, readCost: 3 },
  { storage: 'DISK', slots: 4, writeCost: 20, readCost: 20 },
]
const steps = 3000

function fractionsOf(work: Pieces<unknown>): number[] {
  const fractions: number[] = []
  for (;;) {
    const { done, value } = work.next()
    if (done === true) return fractions
    fractions.push(value ?? 0)
  }
}

describe('yields', () => {
  test('of tables: once for 64 entries or more often', () => {
    const fractions = fractionsOf(planHierarchy({ steps, levels, costs, plan: 'tables' }))
    const rows = 2 - 1 + 3 + 4 // one row of the first level needs no search
    expect(fractions.length).toBeGreaterThanOrEqual(rows * Math.floor(steps / 64))
    expect(fractions).toEqual(fractions.toSorted((a, b) => a - b))
    expect(fractions.filter((it) => it < 0 || it > 1)).toEqual([])
  })

  test('of segments on disk: once for each 16,384 steps in every pass', () => {
    const fractions = fractionsOf(planDiskSegments(100_000, 5, costs))
    expect(fractions.length).toBeGreaterThanOrEqual(3 * Math.floor(100_000 / 2 ** 14))
    expect(fractions).toEqual(fractions.toSorted((a, b) => a - b))
  })
})

test.each<[string, () => Schedule]>([
  ['hRevolve, three levels', () => hRevolve({ steps, levels, costs: { forwardStep: 1 } })],
  ['hRevolve, tables', () => hRevolve({ steps, snapshotsInRam: 2, snapshotsOnDisk: 9, plan: 'tables' })],
  ['hRevolve, tree', () => hRevolve({ steps, snapshotsInRam: 2, snapshotsOnDisk: 9, plan: 'tree' })],
  ['diskRevolve', () => diskRevolve({ steps, snapshotsInRam: 2 })],
])('%s: prepared or not, the schedule is the same', async (_, make) => {
  const prepared = make()
  await prepared.prepare()
  const [one, other] = [prepared.start(), make().start()]
  for (const action of one) expect(action).toEqual(other.next().value)
  expect(other.next().done).toBe(true)
  expect(prepared.limits()).toEqual(make().limits())
  expect(prepared.optimum()).toEqual(make().optimum())
})

test('an abort ends the planning within the first slices', async () => {
  const schedule = hRevolve({ steps: 100_000, levels: levels.map((it) => ({ ...it, slots: 50 })) })
  const controller = new AbortController()
  const fractions: number[] = []
  const enough = new Error('enough')
  setTimeout(() => controller.abort(enough))
  const onProgress = (fraction: number) => fractions.push(fraction)
  await expect(schedule.prepare({ signal: controller.signal, onProgress })).rejects.toBe(enough)
  expect(fractions.length).toBeLessThan(5)
  expect(fractions.at(-1)).toBeLessThan(0.5)
})
