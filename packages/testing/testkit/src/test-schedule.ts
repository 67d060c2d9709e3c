/** The suite that a schedule must pass: `testSchedule(factory, { describe, it })`. */
import {
  type Action,
  type AnyScheduleFactory,
  isCheckpointScheduleError,
  isScheduleFactory,
  type Schedule,
} from '@checkpoint-schedules/core'
import { simulate } from '@checkpoint-schedules/simulator'
import fc from 'fast-check'
import { arbitraryOptions, type Sizes } from './arbitrary-options.js'
import { badOptions } from './bad-options.js'
import * as claims from './claims.js'
import type { TestRunner } from './runner.js'
import { givesTheSameGradient } from './same-gradient.js'

/** How a family is tested. */
export interface ScheduleSuite extends TestRunner {
  /** How large random options get. */
  readonly sizes?: Sizes
  /** Random options, if those made from the descriptors will not do. */
  readonly arbitrary?: fc.Arbitrary<Record<string, unknown>>
  /** Random cases for each claim, by default 200; a quarter of them for the gradient. */
  readonly runs?: number
  /** Whether the limits are upper bounds only; by default they must be what is really held. */
  readonly limitsAreBounds?: boolean
  /** What an action costs under these options, if that is more than their cost model says. */
  readonly costOf?: (options: Record<string, any>, action: Action) => number
  /** Optional law: the least cost for these options, found some independent way, is what the schedule costs. */
  readonly optimal?: (
    options: Record<string, any>,
    steps: number,
  ) => { forwardSteps: number } | { makespan: number }
  /** Optional law: with one more of each of these options (checkpoint counts), no run costs more. */
  readonly neverDearerWithMore?: readonly string[]
}

/**
 * Registers the suite of a schedule family with a test runner: laws, limits, nothing left over, determinism, fresh and equal runs, finalise
 * rules, a correct manifest, the gradient of a small model, and errors that help. A failure shows the smallest failing options, the first
 * broken law and the trace around it.
 *
 * @example
 * ```ts
 * import { multistage } from '@checkpoint-schedules/multistage'
 * import { testSchedule } from '@checkpoint-schedules/testkit'
 *
 * // In a test file these come from the runner: import { describe, it } from 'vitest'
 * const describe = (name: string, body: () => void) => body()
 * const it = (name: string, body: () => void | Promise<void>) => body()
 * testSchedule(multistage, { describe, it, neverDearerWithMore: ['snapshotsInRam'] })
 * ```
 */
export function testSchedule(factory: AnyScheduleFactory, suite: ScheduleSuite): void {
  if (!isScheduleFactory(factory))
    throw new TypeError('testSchedule: the first argument must be a factory made by defineSchedule')
  const { definition } = factory
  const { describe, it, runs = 200 } = suite
  const options = suite.arbitrary ?? arbitraryOptions(factory, suite.sizes)
  const someSteps = fc.oneof(
    fc.integer({ min: 0, max: 5 }),
    fc.integer({ min: 1, max: suite.sizes?.steps ?? 60 }),
  )

  /** A claim about any schedule of the family. */
  const always = (claim: string, check: (it: claims.Case, options: Record<string, unknown>) => void) =>
    it(claim, () => {
      const property = fc.property(options, someSteps, (given, steps) => {
        const schedule = factory(given)
        check({ schedule, steps: schedule.manifest.steps ?? steps }, given)
      })
      fc.assert(property, { numRuns: runs, includeErrorInReport: true })
    })

  describe(`${definition.name} is a schedule`, () => {
    always('obeys the laws, holds and costs what it claims', (given) => {
      const permitted = given.schedule.manifest.adjoints
      const simulation = claims.obeysLaws(given, permitted === 0 ? 0 : 1)
      claims.holdsWhatItClaims(given, simulation, !suite.limitsAreBounds)
      const { costOf } = suite
      claims.costsWhatItClaims(
        given,
        simulation,
        costOf && ((action) => costOf(given.schedule.manifest.options, action)),
      )
      if (permitted === 'unlimited') claims.obeysLaws(given, 3)
    })
    it('says what it is for', () => claims.saysWhatItIsFor(definition))
    always('has a manifest of pure JSON', claims.hasPureManifest)
    always('gives fresh and equal runs', claims.runsAreFreshAndEqual)
    always('reports its position', claims.runTellsWhereItStands)
    always('is finalised by the rules', claims.finalisesByTheRules)
    always('permits as many adjoints as it claims', claims.permitsWhatItClaims)
    it('gives the gradient of a run that stores everything, bit for bit', async () => {
      const property = fc.asyncProperty(options, someSteps, (given, steps) => {
        const schedule = factory(given)
        return givesTheSameGradient({ schedule, steps: schedule.manifest.steps ?? steps })
      })
      await fc.assert(property, { numRuns: Math.ceil(runs / 4), includeErrorInReport: true })
    })
    const { optimal, neverDearerWithMore = [] } = suite
    if (optimal !== undefined) {
      always('is optimal', ({ schedule, steps }, given) => {
        if (steps > 0) isOptimal(schedule, steps, optimal(given, steps))
      })
    }
    for (const name of neverDearerWithMore) {
      always(`never costs more with more ${name}`, ({ schedule, steps }, given) => {
        const count = (schedule.manifest.options[name] as number) + 1
        notDearer(schedule, factory({ ...given, [name]: count }), steps)
      })
    }
    it('refuses bad options with a sentence that helps', () =>
      refusesBadOptions(factory, fc.sample(options, 1)[0]!))
  })
}

function isOptimal(
  schedule: Schedule,
  steps: number,
  best: { forwardSteps: number } | { makespan: number },
): void {
  const simulation = simulate(schedule, { steps, costs: claims.costsOf(schedule) })
  const [least, found] =
    'makespan' in best ? [best.makespan, simulation.makespan] : [best.forwardSteps, simulation.forwardSteps]
  if (Math.abs(found - least) > 1e-12 * Math.abs(least))
    throw new Error(`costs ${found}; the least is ${least}`)
}

function notDearer(schedule: Schedule, more: Schedule, steps: number): void {
  const cost = (it: Schedule) => simulate(it, { steps, costs: claims.costsOf(it) })
  const [before, after] = [cost(schedule), cost(more)]
  if (after.forwardSteps > before.forwardSteps && after.makespan > before.makespan) {
    throw new Error(`with one more: ${after.forwardSteps} forward steps instead of ${before.forwardSteps}`)
  }
}

function refusesBadOptions(factory: AnyScheduleFactory, good: Record<string, unknown>): void {
  const { definition } = factory
  const call = definition.name.charAt(0).toLowerCase() + definition.name.slice(1)
  const attempts = [
    ...badOptions(definition.options),
    { name: 'noSuchOption', value: 1, shown: '"noSuchOption"' },
  ]
  for (const { name, value, shown } of attempts) {
    const error = errorOf(() => factory({ ...good, [name]: value }))
    const what = `${call}({ ${name}: ${shown} })`
    if (!isCheckpointScheduleError(error) || error.code !== 'INVALID_OPTION')
      throw new Error(`${what} is not refused with INVALID_OPTION`)
    for (const [part, needed] of Object.entries({ call: `${call}: `, name, received: shown })) {
      if (!error.message.includes(needed))
        throw new Error(`${what}: the message does not say the ${part}: ${error.message}`)
    }
    if (!/[.?]$/.test(error.message))
      throw new Error(`${what}: the message is not a sentence: ${error.message}`)
  }
}

function errorOf(attempt: () => unknown): unknown {
  try {
    attempt()
  } catch (error) {
    return error
  }
  return undefined
}
