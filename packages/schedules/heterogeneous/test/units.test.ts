/** Sizes in units: the true budget is never exceeded, and a finer unit loses less. */
import { verify } from '@checkpoint-schedules/simulator'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { inUnits } from '../src/chain.js'
import { heterogeneous, planningSize } from '../src/index.js'
import { problems } from './arbitrary.js'
import { bytesHeld, costOf, type Input } from './replay.js'

const random = (seed: number, least: number, most: number) => {
  const next = () => (seed = (seed * 48271) % 2147483647)
  return (length: number) => Array.from({ length }, () => least + (next() % (most - least + 1)))
}

test('a plan in units fits the true budgets, with working bytes and on disk, and costs what it says', () => {
  let plans = 0
  const unit = fc.oneof(fc.integer({ min: 1, max: 7 }), fc.double({ min: 0.3, max: 9, noNaN: true }))
  const property = fc.property(problems({ steps: 16, ram: 120 }), unit, (input, unitBytes) => {
    let schedule
    try {
      schedule = heterogeneous({ ...input, unitBytes })
    } catch (error) {
      expect((error as Error).message).toMatch(/too little/)
      return
    }
    plans += 1
    const actions = [...schedule]
    verify(schedule)
    const { peak, peakTotal } = bytesHeld(input, actions)
    expect(Math.max(peak['RAM']!, peakTotal)).toBeLessThanOrEqual(input.ramBytes)
    expect(peak['DISK']).toBeLessThanOrEqual(input.disk === undefined ? 0 : (input.disk.bytes ?? Infinity))
    const { makespan } = schedule.optimum()!
    expect(actions.reduce((sum, action) => sum + costOf(input, action), 0)).toBe(makespan)
    expect(makespan).toBeGreaterThanOrEqual(heterogeneous(input).optimum()!.makespan)
  })
  fc.assert(property, { numRuns: 250 })
  expect(plans).toBeGreaterThan(120)
})

test('sizes that are equal in units have transfers of their own', () => {
  const input: Input = {
    steps: 10,
    forwardCost: 2,
    adjointCost: 1,
    stateBytes: [1, 1, 1, 1, 2, 1, 1, 1, 1, 1],
    tapeBytes: 2,
    ramBytes: 2,
    disk: { bytes: null, writeLatency: 1, writePerByte: 0, readLatency: 1, readPerByte: 1 },
  }
  const schedule = heterogeneous({ ...input, unitBytes: 2 })
  const cost = [...schedule].reduce((sum, action) => sum + costOf(input, action), 0)
  expect(cost).toBe(schedule.optimum()!.makespan)
})

test('rounding is up for sizes and down for budgets, fractions too', () => {
  const size = fc.double({ min: 0, max: 1e15, noNaN: true })
  const property = fc.property(size, fc.double({ min: 1, max: 1e9, noNaN: true }), (x, unit) => {
    const one = Float64Array.of(x)
    const [up, down] = [
      { a: one, ram: 0 },
      { a: one, ram: x },
    ].map((it) => {
      const chain = { ...it, d: one, u: one, v: one, z: one, e: one, disk: undefined }
      return inUnits(chain as unknown as Parameters<typeof inUnits>[0], unit)
    })
    expect(up!.a[0]! * unit).toBeGreaterThanOrEqual(x)
    expect(down!.ram * unit).toBeLessThanOrEqual(x)
  })
  fc.assert(property, { numRuns: 800 })
})

describe('a problem too large to be planned exactly', () => {
  const sizes = random(7, 1_000_000, 3_000_000)
  const steps = 300
  const input: Input = {
    steps,
    forwardCost: random(3, 1, 9)(steps),
    adjointCost: 1,
    stateBytes: sizes(steps),
    tapeBytes: sizes(steps),
    ramBytes: 25_000_000,
  }

  test('is planned in whole bytes, the finest that fit, within the budget', () => {
    const { unitBytes, tableBytes } = planningSize(input)
    expect(Number.isInteger(unitBytes)).toBe(true)
    expect(tableBytes).toBeLessThanOrEqual(2 ** 30)
    const schedule = heterogeneous({ ...input, unitBytes: 500_000 })
    verify(schedule)
    expect(bytesHeld(input, schedule).peak['RAM']).toBeLessThanOrEqual(input.ramBytes)
  })

  test('costs less with a finer unit, on the whole', () => {
    const makespans = [2_000_000, 1_000_000, 500_000, 250_000].map(
      (unitBytes) => heterogeneous({ ...input, unitBytes }).optimum()!.makespan,
    )
    expect(makespans).toEqual(makespans.toSorted((x, y) => y - x))
  })
})
