import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { advanceOnly, defineSchedule, endForward } from '../src/index.js'

const YIELDS = 10

/** A schedule whose plan, 42, is made in ten parts; `done` counts the parts. */
function planned(on: (part: number) => unknown = () => {}) {
  const counts = { begun: 0, done: 0 }
  const schedule = defineSchedule({
    name: 'Planned',
    summary: 'Plans in parts.',
    whenToUse: 'Never.',
    references: [],
    options: {},
    online: false,
    adjoints: 0,
    *plan() {
      counts.begun += 1
      for (let part = 1; part <= YIELDS; part++) {
        on(part)
        counts.done += 1
        yield part / YIELDS
      }
      return 42
    },
    limits: ({ plan }) => ({ DISK: plan ?? null }),
    *actions({ plan }) {
      yield advanceOnly(0, plan)
      yield endForward()
    },
  })()
  return { schedule, counts }
}

describe('a plan in slices', () => {
  // Each reading of the clock is a second after the one before, so that each part is a slice.
  beforeEach(() => {
    let now = 0
    vi.spyOn(performance, 'now').mockImplementation(() => (now += 1000))
  })
  afterEach(() => void vi.restoreAllMocks())

  test('serves the event loop in between, and tells the part that is done', async () => {
    const { schedule, counts } = planned()
    const fractions: number[] = []
    let turns = 0
    let timer = setImmediate(function turn() {
      turns += 1
      timer = setImmediate(turn)
    })
    await schedule.prepare({ onProgress: (fraction) => fractions.push(fraction) })
    clearImmediate(timer)
    expect(fractions).toEqual(Array.from({ length: YIELDS }, (_, i) => (i + 1) / YIELDS))
    expect(turns).toBeGreaterThan(0)
    expect(schedule.limits()).toEqual({ DISK: 42 })
    await schedule.prepare()
    expect(counts).toEqual({ begun: 1, done: YIELDS })
  })

  test('is the same as one that is made at once', async () => {
    const { schedule, counts } = planned()
    await schedule.prepare()
    expect([...schedule]).toEqual([...planned().schedule])
    expect(counts.begun).toBe(1)
  })

  test('is aborted after the slice that is under way, and continued later', async () => {
    const controller = new AbortController()
    const enough = new Error('enough')
    const { schedule, counts } = planned((part) => part === 2 && controller.abort(enough))
    await expect(schedule.prepare({ signal: controller.signal })).rejects.toBe(enough)
    expect(counts.done).toBeLessThan(3)
    await expect(async () => schedule.prepare({ signal: controller.signal })).rejects.toBe(enough)
    await schedule.prepare()
    expect(counts).toEqual({ begun: 1, done: YIELDS })
  })

  test('may be needed before it is ready: then the rest is made at once', async () => {
    const { schedule, counts } = planned()
    const all = Promise.all([schedule.prepare(), schedule.prepare()])
    expect(counts.done).toBe(2)
    expect(schedule.limits()).toEqual({ DISK: 42 })
    await all
    expect(counts).toEqual({ begun: 1, done: YIELDS })
  })

  test('starts over after an error', async () => {
    let fails = true
    const { schedule, counts } = planned((part) => {
      if (fails && part === 5) throw new RangeError('Array buffer allocation failed')
    })
    await expect(async () => schedule.prepare()).rejects.toThrow('allocation')
    expect(() => schedule.limits()).toThrow('allocation')
    fails = false
    expect(schedule.limits()).toEqual({ DISK: 42 })
    expect(counts.begun).toBe(3)
  })
})

test('a fast plan is not interrupted', async () => {
  const clock = vi.spyOn(performance, 'now').mockReturnValue(0)
  const { schedule } = planned()
  expect(schedule.prepare()).toBe(undefined)
  clock.mockRestore()
})
