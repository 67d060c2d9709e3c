/** Schedules that take long to plan: the driver plans in slices, says so, and can be aborted. */
import {
  defineSchedule,
  endForward,
  endReverse,
  integer,
  move,
  reverse,
  type Schedule,
  store,
  tape,
} from '@checkpoint-schedules/core'
import { memoryStore, type Progress, runAdjoint } from '@checkpoint-schedules/driver'
import { hRevolve } from '@checkpoint-schedules/revolve'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'

const steps = 200
const levels = [
  { storage: 'GPU', slots: 2, writeCost: 0, readCost: 0 },
  { storage: 'RAM', slots: 3, writeCost: 1, readCost: 1 },
  { storage: 'DISK', slots: 4, writeCost: 9, readCost: 9 },
]
const make = () => hRevolve({ steps, levels })
const problem = {
  stores: { GPU: memoryStore(), DISK: memoryStore() },
  model: {
    step: ([x]: Float64Array) => Float64Array.of(x! * 1.01),
    tape: ([x]: Float64Array) => ({ state: Float64Array.of(x! * 1.01), tape: 0 }),
    adjoint: (a: number) => a * 1.01,
  },
  terminalAdjoint: 1,
}

describe('planning in the driver', () => {
  // Each reading of the clock is a second after the one before: each part of the plan is a slice.
  beforeEach(() => {
    let now = 0
    vi.spyOn(performance, 'now').mockImplementation(() => (now += 1000))
  })
  afterEach(() => void vi.restoreAllMocks())

  test('is a phase of the progress, before any step', async () => {
    const seen: Progress[] = []
    const initialState = Float64Array.of(1)
    const run = runAdjoint({ ...problem, initialState, schedule: make(), onProgress: (it) => seen.push(it) })
    initialState[0] = 5 // the caller's own again
    const { finalState, adjoints } = await run
    const phases = seen.map(({ phase }) => phase)
    expect([...new Set(phases)]).toEqual(['plan', 'forward', 'reverse'])
    const planning = seen.filter(({ phase }) => phase === 'plan')
    expect(planning.length).toBeGreaterThan(5)
    const fractions = planning.map(({ fraction }) => fraction!)
    expect(fractions).toEqual(fractions.toSorted((a, b) => a - b))
    vi.restoreAllMocks()
    const unsliced = await runAdjoint({ ...problem, initialState: Float64Array.of(1), schedule: make() })
    expect([finalState, adjoints]).toEqual([unsliced.finalState, unsliced.adjoints])
  })

  test('hears an abort before the first step', async () => {
    const controller = new AbortController()
    const enough = new Error('enough')
    const seen: string[] = []
    const onProgress = ({ phase }: Progress) => {
      seen.push(phase)
      controller.abort(enough)
    }
    const { signal } = controller
    const run = runAdjoint({
      ...problem,
      initialState: Float64Array.of(1),
      schedule: make(),
      onProgress,
      signal,
    })
    await expect(run).rejects.toBe(enough)
    expect(seen).toEqual(['plan'])
  })
})

/** Stores every step, and knows no optimum. */
const plain = defineSchedule({
  name: 'Plain',
  summary: 'Stores every step.',
  whenToUse: 'In tests.',
  references: [],
  options: { steps: integer({ min: 1, help: 'steps' }) },
  online: false,
  adjoints: 1,
  limits: ({ options }) => ({ RAM: options.steps }),
  *actions({ options }) {
    for (let n = 0; n < options.steps - 1; n++) yield store(n, n + 1, 'RAM')
    yield tape(options.steps - 1)
    yield endForward()
    yield reverse(options.steps - 1)
    for (let n = options.steps - 2; n >= 0; n--) {
      yield move(n, 'RAM')
      yield tape(n)
      yield reverse(n)
    }
    yield endReverse()
  },
})

test('where theory gives no total, it is counted a bit at a time', async () => {
  const totals = async (schedule: Schedule<1>) => {
    const seen: Progress[] = []
    const initialState = Float64Array.of(1)
    await runAdjoint({ ...problem, initialState, schedule, onProgress: (it) => seen.push(it) })
    return seen.map(({ totalForwardSteps }) => totalForwardSteps)
  }
  expect((await totals(plain({ steps: 50 }))).at(0)).toBe(99)
  const long = await totals(plain({ steps: 4000 })) // 16,000 actions: more than one report counts
  expect([long.at(0), long.at(-1)]).toEqual([undefined, 7999])
})
