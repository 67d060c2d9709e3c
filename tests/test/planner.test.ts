/** The planner: within the budget by every byte, never beaten by what a user could tune by hand, and never long without a turn of the event loop. */
import * as basic from '@checkpoint-schedules/basic'
import type { AnyScheduleFactory, Schedule } from '@checkpoint-schedules/core'
import { heterogeneous } from '@checkpoint-schedules/heterogeneous'
import { memoryStore, workingBytes } from '@checkpoint-schedules/model'
import * as mixed from '@checkpoint-schedules/mixed'
import * as multistage from '@checkpoint-schedules/multistage'
import {
  type Candidate,
  chooseSchedule,
  measureModel,
  type PlanOptions,
  planSchedule,
} from '@checkpoint-schedules/planner'
import * as online from '@checkpoint-schedules/online'
import * as revolve from '@checkpoint-schedules/revolve'
import { simulate } from '@checkpoint-schedules/simulator'
import fc from 'fast-check'
import { describe, expect, it, test, vi } from 'vitest'
import { peakBytesOf } from './support/peak-bytes.js'

const families: Readonly<Record<string, AnyScheduleFactory>> = {
  ...basic,
  ...multistage,
  ...mixed,
  ...online,
  ...revolve,
  heterogeneous,
}

// CASES=10000 for the full campaign.
const numRuns = Number(process.env['CASES'] ?? 40)

const price = fc.oneof(
  fc.constant(0),
  fc.integer({ min: 1, max: 30 }).map((n) => n / 10),
)
const size = fc.integer({ min: 1, max: 30 })

/** A problem that can be simulated at once, in which something fits. */
const problem = fc
  .record({
    steps: fc.integer({ min: 1, max: 60 }),
    state: size,
    tape: size,
    adjoint: size,
    ramSlots: fc.integer({ min: 0, max: 12 }),
    spare: fc.integer({ min: 0, max: 29 }),
    disk: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 1500 }), fc.constant('unlimited')),
    costs: fc.record({
      forwardStep: fc.integer({ min: 1, max: 20 }).map((n) => n / 10),
      tapedStep: price.map((extra) => 2 + extra),
      adjointStep: price,
      write: fc.record({ DISK: price }),
      read: fc.record({ DISK: price }),
    }),
    overlap: fc.integer({ min: 0, max: 3 }),
  })
  .map(({ steps, state, tape, adjoint, ramSlots, spare, disk, costs, overlap }) => {
    const sizes = { state, tape, adjoint }
    const working = workingBytes({
      stateBytes: state,
      tapeBytes: tape,
      adjointBytes: adjoint,
      buffers: overlap,
    })
    const RAM = working + Math.max(1, ramSlots * state) + spare
    return { steps, sizes, costs, overlap, budget: { RAM, DISK: disk }, families }
  })

type Problem = PlanOptions & { sizes: { state: number; tape: number; adjoint: number }; overlap: number }

function pricesOf({ costs, sizes }: Problem) {
  const ratio = sizes.tape / sizes.state
  const scaled = (prices: Readonly<Record<string, number>>) => ({ DISK: prices['DISK']! * ratio })
  return { ...costs, writeTape: scaled(costs!.write!), readTape: scaled(costs!.read!) }
}

/** What a schedule takes; `undefined` if it does not fit. Independent of the planner. */
function judged(schedule: Schedule, it: Problem) {
  const { steps, overlap, sizes, budget } = it
  const simulation = simulate(schedule, { steps, costs: pricesOf(it), buffers: overlap })
  expect(simulation.violations).toEqual([])
  const peak = peakBytesOf(schedule.start({ steps }), steps, sizes, overlap)
  const disk = budget.DISK === 'unlimited' ? Infinity : Number(budget.DISK)
  const fits = peak.RAM <= Number(budget.RAM) && peak.DISK <= disk
  return { fits, peak, serial: simulation.makespan, overlapped: simulation.overlapped! }
}

const nearly = (value: number) => value * (1 - 1e-9) - 1e-9

describe('10,000 random budgets, sizes and costs (some of them here)', () => {
  it('fit, are predicted exactly, and come in the right order', () =>
    fc.assert(
      fc.asyncProperty(problem, async (it) => {
        const { candidates } = await planned(it)
        let before = 0
        for (const candidate of candidates) {
          const found = judged(candidate.schedule, it)
          expect(found.fits).toBe(true)
          expect(found.peak.RAM).toBeLessThanOrEqual(candidate.peakBytes.RAM)
          expect(found.peak.DISK).toBe(candidate.peakBytes.DISK)
          expect(candidate.overlapped).toBeCloseTo(found.overlapped, 9)
          expect(candidate.serial).toBeCloseTo(found.serial, 9)
          expect(candidate.wallTime).toBeGreaterThanOrEqual(nearly(before))
          before = candidate.wallTime
        }
      }),
      { numRuns },
    ))

  it('are not beaten by members tuned by hand', () =>
    fc.assert(
      fc.asyncProperty(problem, fc.infiniteStream(fc.nat()), async (it, random) => {
        const alone = { ...it, overlap: 0 }
        const { candidates } = await planned(alone)
        const [best] = candidates
        // Where its sizes are rounded up, a finer unit or more disk than there is may be better by chance.
        const isRounded = candidates.every(
          ({ family, options }) =>
            family !== 'heterogeneous' || 'unitBytes' in options || !('disk' in options),
        )
        for (let i = 0; i < 20; i++) {
          const schedule = byHand(it, () => random.next().value!)
          if (schedule === undefined) continue
          if (isRounded && schedule.manifest.name === 'Heterogeneous') continue
          const found = judged(schedule, alone)
          if (found.fits)
            expect(best?.wallTime ?? Infinity, JSON.stringify(schedule.manifest)).toBeLessThanOrEqual(
              found.serial + 1e-9,
            )
        }
      }),
      { numRuns },
    ))

  it("attain H-Revolve's optimum, as its tables have it", () =>
    fc.assert(
      fc.asyncProperty(problem, async (it) => {
        const { steps, costs, sizes, budget } = it
        const working = workingBytes({
          stateBytes: sizes.state,
          tapeBytes: sizes.tape,
          adjointBytes: sizes.adjoint,
        })
        const ram = Math.min(steps, Math.floor((budget.RAM - working) / sizes.state))
        const disk =
          budget.DISK === 'unlimited' ? steps : Math.min(steps, Math.floor(budget.DISK / sizes.state))
        fc.pre(ram > 0)
        const { tapedStep: _, ...planning } = costs
        const tables = revolve.hRevolve({
          steps,
          snapshotsInRam: ram,
          snapshotsOnDisk: disk,
          costs: planning,
          plan: 'tables',
        })
        const { candidates } = await planned({ ...it, overlap: 0 })
        const { makespan } = simulate(tables, { costs: pricesOf(it) })
        expect(candidates[0]!.wallTime).toBeLessThanOrEqual(makespan + 1e-9)
      }),
      { numRuns },
    ))
})

it('theory is what the simulation adds up, under any costs', () => {
  fc.assert(
    fc.property(problem, fc.infiniteStream(fc.nat()), (it, random) => {
      const prices = pricesOf(it)
      for (let i = 0; i < 10; i++) {
        const schedule = byHand(it, () => random.next().value!)
        const theory = schedule?.optimum(it.steps, {
          ...prices,
          forwardStep: prices.forwardStep!,
          adjointStep: prices.adjointStep!,
          write: prices.write!,
          read: prices.read!,
        })
        if (theory === undefined) continue
        const { makespan, forwardSteps } = simulate(schedule!, { steps: it.steps, costs: prices })
        expect(theory.forwardSteps).toBe(forwardSteps)
        expect(theory.makespan, JSON.stringify(schedule!.manifest)).toBeCloseTo(makespan, 8)
      }
    }),
    { numRuns },
  )
})

async function planned(it: Problem): Promise<{ candidates: readonly Candidate[] }> {
  try {
    return await planSchedule(it)
  } catch (error) {
    // Nothing fits: then the message says what would.
    const { leastBudget } = (error as { details: { leastBudget?: { RAM: number; DISK: number } } }).details
    expect(leastBudget).toBeDefined()
    await planSchedule({ ...it, budget: leastBudget! })
    return { candidates: [] }
  }
}

/** Some member of some family, as a user would try it. */
function byHand({ steps, costs, sizes }: Problem, random: () => number): Schedule | undefined {
  const upTo = (most: number) => random() % (most + 1)
  const { tapedStep: _, ...planning } = costs as Required<NonNullable<PlanOptions['costs']>>
  const [ram, disk] = [1 + upTo(12), upTo(steps)]
  const trajectory = (['maximum', 'revolve'] as const)[upTo(1)]!
  const some = { steps, snapshotsInRam: ram }
  try {
    switch (upTo(9)) {
      case 0:
        return multistage.multistage({ steps, snapshotsInRam: upTo(12), snapshotsOnDisk: disk, trajectory })
      case 1:
        return multistage.twoLevel({
          period: 1 + upTo(steps),
          binomialSnapshots: upTo(8),
          binomialStorage: (['RAM', 'DISK'] as const)[upTo(1)]!,
          trajectory,
        })
      case 2:
        return mixed.mixed({
          steps,
          snapshots: 1 + upTo(steps),
          storage: (['RAM', 'DISK'] as const)[upTo(1)]!,
        })
      case 3:
        return revolve.hRevolve({ ...some, snapshotsOnDisk: disk, costs: planning })
      case 4:
        return revolve.diskRevolve({
          ...some,
          costs: planning,
          diskReads: (['once', 'many'] as const)[upTo(1)]!,
        })
      case 5:
        return revolve.periodicDiskRevolve({ ...some, period: 1 + upTo(steps), costs: planning })
      case 6:
        return basic.singleDisk({ moveData: true })
      case 7:
        return basic.singleMemory()
      case 8:
        return heterogeneous({
          steps,
          forwardCost: planning.forwardStep,
          adjointCost: planning.adjointStep,
          stateBytes: sizes.state,
          tapeBytes: sizes.tape,
          ramBytes: ram * sizes.state,
          disk: {
            bytes: upTo(1) === 0 ? null : disk * sizes.state,
            writePerByte: planning.write['DISK']! / sizes.state,
            readPerByte: planning.read['DISK']! / sizes.state,
          },
        })
      default:
        return revolve.revolve(some)
    }
  } catch {
    return undefined
  }
}

const guide = {
  steps: 50_000,
  budget: { RAM: '8GB', DISK: '1TB' },
  sizes: { state: '80MB', tape: '180MB' },
  costs: { forwardStep: 0.2, write: { DISK: 0.06 }, read: { DISK: 0.04 } },
} as const

describe("the guide's example", () => {
  it('takes 10.7588 hours with 90 checkpoints in memory, transfers one after another', async () => {
    const { candidates } = await planSchedule({
      ...guide,
      families: [revolve.hRevolve, multistage.twoLevel, multistage.multistage, revolve.periodicDiskRevolve],
    })
    const best = candidates.toSorted((a, b) => a.serial - b.serial)[0]!
    expect(best.family).toBe('hRevolve')
    expect(best.options).toMatchObject({ snapshotsInRam: 90, snapshotsOnDisk: 12_500 })
    expect((best.serial / 3600).toFixed(4)).toBe('10.7588')
    // The hand-tuned period of the guide.
    const periodic = candidates.find(({ family }) => family === 'periodicDiskRevolve')!
    expect(periodic.options).toMatchObject({ period: 4 })
  })

  it('is answered for a billion steps', async () => {
    const plan = await planSchedule({ ...guide, steps: 1e9, budget: { RAM: '8GB', DISK: '1PB' }, families })
    expect(plan.candidates[0]!.basis).toBe('theory')
    expect(plan.candidates.map(({ family }) => family)).toContain('hRevolve')
  })
})

describe('a measured model', () => {
  it('goes into a plan as it is', async () => {
    const { sizes, costs } = await measureModel({
      model: {
        step: (u: Float64Array) => u.map((it) => it / 2),
        tape: (u: Float64Array) => ({ state: u.map((it) => it / 2), tape: new Float64Array(0) }),
        adjoint: (a: Float64Array) => a.map((it) => it / 2),
      },
      initialState: new Float64Array(8),
      stores: { DISK: memoryStore() },
    })
    const best = await chooseSchedule({ steps: 50, budget: { RAM: 500, DISK: 1000 }, sizes, costs, families })
    expect(best.peakBytes.RAM).toBeLessThanOrEqual(500)
  })
})

describe('what is left out', () => {
  it('comes with the least budget that would admit it', async () => {
    const sizes = { state: 100, tape: 150, adjoint: 100 }
    const base = { steps: 30, sizes, families, overlap: 2 }
    const { leftOut } = await planSchedule({ ...base, budget: { RAM: 1000 } })
    expect(leftOut.map(({ family }) => family).toSorted()).toEqual(['singleDisk', 'singleMemory', 'twoLevel'])
    for (const { family, leastBudget } of leftOut) {
      const one = { ...base, families: { [family]: families[family]! } }
      const costs = { forwardStep: 1, write: { DISK: 1 } }
      await chooseSchedule({ ...one, budget: leastBudget!, costs })
      const { RAM, DISK } = leastBudget!
      const less = DISK > 0 ? { RAM, DISK: DISK - 1 } : { RAM: RAM - 1 }
      await expect(chooseSchedule({ ...one, budget: less, costs })).rejects.toThrow(
        'The least that would work is',
      )
    }
  })
})

describe('bad input, in a sentence', () => {
  const good = { steps: 100, budget: { RAM: '8GB' }, sizes: { state: '80MB' }, families: [revolve.revolve] }
  it.each([
    [
      { budget: { RAM: '0' } },
      /no schedule fits the budget of RAM 0 bytes\. The least that would work is RAM 400000000 bytes \(400 MB\), for revolve\./,
    ],
    [
      { budget: { RAM: '4 GiB' }, sizes: { state: '4GiB' } },
      /The least that would work is RAM 21474836480 bytes \(21\.5 GB\), for revolve/,
    ],
    [
      { budget: { RAM: '8 parsecs' } },
      /budget\.RAM must be a number of bytes >= 0, or a text such as .*; got "8 parsecs"/,
    ],
    [{ budget: { RAM: '8GB', GPU: '1GB' } }, /names the storage "GPU"; it takes RAM and DISK/],
    [
      { budget: { RAM: '8GB', DISK: '1TB' }, costs: { forwardStep: 1 } },
      /has a DISK, but costs say nothing about it/,
    ],
    [{ budget: {} }, /budget\.RAM is missing/],
    [{ sizes: { state: -1 } }, /sizes\.state must be a number of bytes >= 0/],
    [{ sizes: {} }, /sizes\.state is missing/],
    [{ costs: { forwardStep: -1 } }, /costs\.forwardStep must be a finite number >= 0; got -1/],
    [{ costs: { forwardSteps: 1 } }, /costs has no "forwardSteps"/],
    [{ families: [() => 3] }, /families takes the factories of schedules, .*; got a function/],
    [{ families: [basic.none] }, /got none that permits an adjoint/],
    [{ steps: 0 }, /steps must be an integer >= 1/],
    [{ steps: 'unknown' }, /steps must be an integer >= 1/],
    [{ overlap: -1 }, /overlap must be an integer >= 0/],
  ])('%j', async (change, message) => {
    await expect(planSchedule({ ...good, ...change } as never)).rejects.toThrow(message)
  })
})

describe('the event loop', () => {
  it('is handed over after every piece of work on a slow machine', async () => {
    // A clock on which every look takes longer than planning may go on.
    let now = 0
    const clock = vi.spyOn(performance, 'now').mockImplementation(() => (now += 20))
    const hands = vi.spyOn(globalThis, 'setImmediate')
    let [actions, most] = [0, 0]
    const counted = counting(multistage.multistage, () => {
      actions += 1
      most = Math.max(most, actions)
    })
    hands.mockImplementation(((callback: () => void) => {
      actions = 0
      queueMicrotask(callback)
    }) as never)
    try {
      await planSchedule({ ...guide, steps: 5000, families: { multistage: counted } })
    } finally {
      clock.mockRestore()
      hands.mockRestore()
    }
    expect(most).toBeGreaterThan(0)
    // A piece of the simulation, and what it looks ahead.
    expect(most).toBeLessThanOrEqual(4096)
  })

  it('serves an abort', async () => {
    const abort = new AbortController()
    const seen: string[] = []
    const plan = planSchedule({
      ...guide,
      families,
      signal: abort.signal,
      onProgress: ({ phase, family }) => {
        seen.push(`${phase} ${family}`)
        if (seen.length === 3) setImmediate(() => abort.abort(new Error('enough')))
      },
    })
    await expect(plan).rejects.toThrow('enough')
    expect(seen.length).toBeLessThan(20)
  })
})

/** The factory, each action of whose runs is reported. */
function counting(factory: AnyScheduleFactory, onAction: () => void): AnyScheduleFactory {
  const watched = (options: unknown) => {
    const schedule = factory(options)
    const start: Schedule['start'] = (settings) => {
      const run = schedule.start(settings)
      const next = run.next.bind(run)
      run.next = () => {
        onAction()
        return next()
      }
      return run
    }
    return new Proxy(schedule, {
      get: (target, name) => {
        if (name === 'start') return start
        const value: unknown = Reflect.get(target, name, target)
        return typeof value === 'function' ? value.bind(target) : value
      },
    })
  }
  const copies = Object.getOwnPropertySymbols(factory).map((symbol) => [symbol, true] as const)
  return Object.assign(watched, Object.fromEntries(copies), {
    definition: factory.definition,
  }) as AnyScheduleFactory
}

test('one of each family, two where it uses either memory or a disk', async () => {
  const { candidates } = await planSchedule({ ...guide, steps: 500, families })
  const listed = candidates.map(
    ({ family, checkpoints: { RAM, DISK } }) => `${family} ${RAM > 0} ${DISK > 0}`,
  )
  expect(listed.filter((it) => it.startsWith('mixed')).toSorted()).toEqual([
    'mixed false true',
    'mixed true false',
  ])
  expect(listed.length).toBe(new Set(candidates.map(({ family }) => family)).size + 1)
})
