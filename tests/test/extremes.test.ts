/** Options at the ends of their ranges: an answer, "unknown", or an error that says what to do; never an engine's own. */
import { isCheckpointScheduleError, type OptionDescriptor, type Schedule } from '@checkpoint-schedules/core'
import { twoLevel } from '@checkpoint-schedules/multistage'
import { describe, expect, test } from 'vitest'
import { families } from './support/families.js'

const MOST = Number.MAX_SAFE_INTEGER

/** The values of an option that are tried; `undefined` leaves it out. */
function valuesOf(descriptor: OptionDescriptor): unknown[] {
  switch (descriptor.kind) {
    case 'integer':
      return [descriptor.min, 2 ** 33, Math.min(MOST, descriptor.max ?? MOST)]
    case 'boolean':
      return [true, false]
    case 'choice':
      return [...descriptor.choices]
    case 'storage':
      return ['RAM', 'DISK']
    default:
      return [undefined]
  }
}

function combinations(descriptors: Readonly<Record<string, OptionDescriptor>>): Record<string, unknown>[] {
  let all: Record<string, unknown>[] = [{}]
  for (const [name, descriptor] of Object.entries(descriptors)) {
    all = all.flatMap((options) =>
      valuesOf(descriptor).map((value) => (value === undefined ? options : { ...options, [name]: value })),
    )
  }
  return all
}

/** What happens, and whether it is an error of an engine's. */
function attempt<T>(what: string, work: () => T): T | undefined {
  try {
    return work()
  } catch (error) {
    if (!isCheckpointScheduleError(error)) throw new Error(what, { cause: error })
    expect(error.message).toMatch(/[.?]$/)
    return undefined
  }
}

/** The first actions, to where an online forward has no end. */
function begin(schedule: Schedule, steps: number | undefined): void {
  let left = 50
  for (const action of schedule.start({ steps })) {
    if ('n1' in action) expect(action.n1).toBeLessThanOrEqual(MOST)
    if (--left === 0) return
  }
}

describe.each(families.map(({ exportName, factory }) => [exportName, factory] as const))(
  '%s',
  (name, factory) => {
    test('at its extremes', () => {
      for (const options of combinations(factory.definition.options)) {
        const what = `${name}(${JSON.stringify(options)})`
        const schedule = attempt(what, () => factory(options))
        if (schedule === undefined) continue
        for (const steps of schedule.manifest.online
          ? [1, 2 ** 33, MOST - 1, MOST, undefined]
          : [undefined]) {
          attempt(`${what}.limits(${steps})`, () => schedule.limits(steps))
          attempt(`${what}.optimum(${steps})`, () => schedule.optimum(steps))
          attempt(`${what}.start({ steps: ${steps} })`, () => begin(schedule, steps))
        }
      }
    })
  },
)

test('twoLevel at 2^53-1 steps', () => {
  const few = twoLevel({ period: MOST, binomialSnapshots: 3, binomialStorage: 'RAM' })
  expect(few.optimum(MOST)!.forwardSteps).toBeGreaterThan(MOST)
  const many = twoLevel({ period: MOST, binomialSnapshots: MOST, binomialStorage: 'RAM' })
  // Each step is advanced once to store it, once more to tape it, and once in the forward.
  expect(many.optimum(MOST)!.forwardSteps / MOST).toBeCloseTo(3)
  const onDisk = twoLevel({ period: MOST, binomialSnapshots: MOST })
  expect(onDisk.optimum(MOST)).toBeUndefined()
  const half = twoLevel({ period: 2 ** 52, binomialSnapshots: 0 }).start({ steps: MOST })
  expect(Array.from({ length: 3 }, () => half.next().value)).toMatchObject([
    { n0: 0, n1: 2 ** 52 },
    { n0: 2 ** 52, n1: MOST },
    { type: 'EndForward' },
  ])
  const unknown = twoLevel({ period: 2 ** 52, binomialSnapshots: 0 }).start()
  unknown.next()
  unknown.next()
  expect(() => unknown.next()).toThrow(expect.objectContaining({ code: 'NOT_FINALIZED' }))
})
