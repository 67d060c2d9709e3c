/**
 * The laws on random options, for every family that is discovered: CASES in all, 10,000 by default. `pnpm laws` runs a million; the
 * seed is printed, and SEED repeats a run.
 */
import { simulate } from '@checkpoint-schedules/simulator'
import { arbitraryOptions } from '@checkpoint-schedules/testkit'
import fc from 'fast-check'
import { test } from 'vitest'
import { families } from './support/families.js'
import { count, leaveTally } from './support/tally.js'

leaveTally()

const cases = Number(process.env['CASES'] ?? 10_000)
const seed = Number(process.env['SEED'] ?? Math.floor(Math.random() * 2 ** 31))

test.each(families)(
  `$exportName obeys the laws (seed ${seed})`,
  ({ factory }) => {
    const options = arbitraryOptions(factory, { steps: 120, slots: 20 })
    const property = fc.property(
      options,
      fc.integer({ min: 1, max: 120 }),
      fc.nat({ max: 3 }),
      (given, steps, more) => {
        const schedule = factory(given)
        const permitted = schedule.manifest.adjoints
        const N = schedule.manifest.steps ?? steps
        const adjoints = permitted === 'unlimited' ? more : permitted
        const { violations, peak, forwardSteps } = simulate(schedule, { steps: N, adjoints })
        if (violations.length > 0) throw new Error(violations[0]!.message)
        for (const [storage, held] of Object.entries(peak)) {
          if (held > (schedule.limits(N)[storage] ?? Infinity)) throw new Error(`${storage} holds ${held}`)
        }
        const optimum = schedule.optimum(N)
        const isOptimal = optimum === undefined || adjoints !== 1 || optimum.forwardSteps === forwardSteps
        if (isOptimal) count('right')
        return isOptimal
      },
    )
    const numRuns = Math.ceil(cases / families.length)
    fc.assert(property, { numRuns, seed, includeErrorInReport: true })
  },
  3_600_000,
)
