/**
 * Levels, block bounds and hulls against the recurrences as they stand; each plan is carried out in bytes. CASES random problems of each
 * kind, 400 by default; SEED repeats a run.
 */
import { checkOptions, formatAction } from '@checkpoint-schedules/core'
import { verify } from '@checkpoint-schedules/simulator'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Chain, chainOf } from '../src/chain.js'
import { EqualSteps } from '../src/equal-steps.js'
import { equalLevelsOf } from '../src/equal-levels.js'
import { HullSearch } from '../src/hull-search.js'
import { heterogeneous } from '../src/index.js'
import { isPlainlyFeasible, leastRam } from '../src/least-ram.js'
import { levelsOf } from '../src/levels.js'
import { options } from '../src/options.js'
import { reverseChain } from '../src/reverse.js'
import { UnequalSteps } from '../src/unequal-steps.js'
import { equalProblems, problems } from './arbitrary.js'
import { leastExtraCost } from './naive.js'
import { bytesHeld, costOf, type Input } from './replay.js'

const numRuns = Number(process.env['CASES'] ?? 200)
const seed = Number(process.env['SEED'] ?? Math.floor(Math.random() * 2 ** 31))
const settings = { numRuns, seed, includeErrorInReport: true }
const patient = 3_600_000

const unbounded = { levels: Infinity, bytes: Infinity, evaluations: Infinity }
const chain = (input: Input) => chainOf(checkOptions('test', options, input))
const filled = <Plan extends EqualSteps | UnequalSteps>(plan: Plan): Plan => {
  for (const part of plan.fill()) expect(part <= 1).toBe(true)
  return plan
}
const unequal = (it: Chain, blockBits?: number) =>
  filled(new UnequalSteps(it, levelsOf(it, unbounded)!, blockBits))
const equal = (it: Chain) => filled(new EqualSteps(it, equalLevelsOf(it, unbounded)!))

describe(`random problems (seed ${seed})`, () => {
  test.each([0, 1, 2, 3, 5])(
    'blocks of 2^%i steps: the least cost, and a plan that has it',
    (blockBits) => {
      const property = fc.property(problems({ steps: 12 }), (input) => {
        const it = chain(input)
        const least = leastExtraCost(it)
        const plan = unequal(it, blockBits)
        expect(plan.extraCost).toBe(least)
        if (least === Infinity) return
        const actions = [...reverseChain(it.steps, plan)]
        const cost = actions.reduce((sum, action) => sum + costOf(input, action), 0)
        expect(cost).toBe(least + it.fixedCost)
      })
      fc.assert(property, settings)
    },
    patient,
  )

  test(
    'blocks of 32 steps in longer chains',
    () => {
      const property = fc.property(problems({ steps: 90, ram: 12 }), (input) => {
        const { disk: _, ...rest } = input
        const it = chain(rest)
        expect(unequal(it).extraCost).toBe(unequal(it, 0).extraCost)
      })
      fc.assert(property, { ...settings, numRuns: numRuns / 10 })
    },
    patient,
  )

  test.each([problems({ steps: 25, ram: 20 }), equalProblems({ steps: 40 })])(
    'every plan keeps the laws and the budgets',
    (arbitrary) => {
      const property = fc.property(arbitrary, (input) => {
        const it = chain(input)
        const least = leastRam(it)
        const ramBytes = Math.max(it.ram, least)
        const schedule = heterogeneous({ ...input, ramBytes })
        const actions = [...schedule]
        const { forwardSteps, peak, peakBytes = {}, makespan: simulated } = verify(schedule)
        const { makespan } = schedule.optimum()!
        expect(schedule.optimum()).toEqual({ forwardSteps, makespan })
        expect(actions.reduce((sum, action) => sum + costOf(input, action), 0)).toBe(makespan)
        const bytes = bytesHeld(input, actions)
        expect(bytes.peak['RAM']).toBeLessThanOrEqual(ramBytes)
        expect(bytes.peakTotal).toBeLessThanOrEqual(ramBytes)
        expect(bytes.peak['DISK']).toBeLessThanOrEqual(it.disk ?? 0)
        // The simulator, by what the schedule says of each action, counts the same.
        expect(simulated).toBe(makespan)
        expect(peakBytes['RAM'] ?? 0).toBe(input.working === undefined ? bytes.peak['RAM'] : bytes.peakTotal)
        expect(peakBytes['DISK'] ?? 0).toBe(bytes.peak['DISK'])
        for (const [storage, most] of Object.entries(peak))
          expect(schedule.manifest.limits[storage]).toBeGreaterThanOrEqual(most)
      })
      fc.assert(property, settings)
    },
    patient,
  )

  test.each([problems({ steps: 9 }), equalProblems({ steps: 12 })])(
    'the least memory is the least with which there is a plan',
    (arbitrary) => {
      const property = fc.property(arbitrary, (input) => {
        const it = chain(input)
        const least = leastRam(it)
        expect(leastExtraCost({ ...it, ram: least })).toBeLessThan(Infinity)
        if (least > 0) expect(leastExtraCost({ ...it, ram: least - 1 })).toBe(Infinity)
        if (isPlainlyFeasible(it)) expect(least).toBeLessThanOrEqual(it.ram)
      })
      fc.assert(property, settings)
    },
    patient,
  )

  test(
    'equal steps: the same actions as if they were not known to be equal',
    () => {
      const property = fc.property(equalProblems({ steps: 40 }), (input) => {
        const it = chain(input)
        const [one, other] = [equal(it), unequal(it)]
        expect(one.extraCost).toBe(other.extraCost)
        if (one.extraCost === Infinity) return
        const lines = [one, other].map((plan) =>
          Array.from(reverseChain(it.steps, plan), (it) => formatAction(it)),
        )
        expect(lines[0]).toEqual(lines[1])
      })
      fc.assert(property, settings)
    },
    patient,
  )

  test(
    'hulls find what a plain scan finds',
    () => {
      // Ragged, or nearly convex with kinks: then blocks of sums are left out.
      const sequence = fc
        .tuple(fc.integer({ min: 2, max: 800 }), fc.integer(), fc.constantFrom(0, 10, 50, 200))
        .map(([length, seed, slowness]) => {
          let state = seed
          const random = (below: number) => {
            state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0
            return (state >>> 16) % below
          }
          let sum = 0
          return Float64Array.from({ length }, (_, n) => {
            sum += slowness === 0 ? random(10) : Math.floor(n / slowness) + random(3)
            return sum
          })
        })
      const property = fc.property(
        sequence,
        sequence,
        fc.integer({ min: 0, max: 2 }),
        (left, right, finite) => {
          const n = Math.min(left.length, right.length)
          if (finite > 0) (finite === 1 ? left : right).fill(Infinity, Math.ceil(n / 2))
          const search = new HullSearch(left, right, 1)
          for (let sum = 2; sum <= n; sum++) {
            let least = Infinity
            for (let c = 1; c < sum; c++) least = Math.min(least, left[c]! + right[sum - c]!)
            expect(search.least(sum, Infinity)).toBe(least)
          }
        },
      )
      fc.assert(property, settings)
    },
    patient,
  )
})

test('costs without a common measure: the least cost but for rounding', () => {
  for (const [forwardCost, latency] of [
    [0.1, Math.PI],
    [Math.E, 1 / 3],
  ] as const) {
    const disk = { writeLatency: latency, readLatency: 0.7 }
    const it = chain({
      steps: 60,
      forwardCost,
      adjointCost: 1,
      stateBytes: 2,
      tapeBytes: 3,
      ramBytes: 7,
      disk,
    })
    expect(equal(it).extraCost / unequal(it, 0).extraCost).toBeCloseTo(1, 12)
  }
})
