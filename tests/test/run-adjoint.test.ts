/** runAdjoint on every schedule: one gradient all ways, and what the caller sees on the way. */
import { none, singleDisk, singleMemory } from '@checkpoint-schedules/basic'
import type { Schedule } from '@checkpoint-schedules/core'
import { memoryStore, type Progress, runAdjoint } from '@checkpoint-schedules/driver'
import { dotProductTest, taylorTest } from '@checkpoint-schedules/gradient-checks'
import { mixed } from '@checkpoint-schedules/mixed'
import { multistage, twoLevel } from '@checkpoint-schedules/multistage'
import { online } from '@checkpoint-schedules/online'
import { diskRevolve, hRevolve, periodicDiskRevolve, revolve } from '@checkpoint-schedules/revolve'
import { simulate } from '@checkpoint-schedules/simulator'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { handled, initialState, Live, oscillator, type State } from './support/oscillator.js'
import { threeLevels } from './support/three-levels.js'

const N = 37
const stores = { DISK: memoryStore(), GPU: memoryStore() }
const schedules: [string, Schedule][] = [
  ['singleMemory', singleMemory()],
  ['singleDisk', singleDisk()],
  ['singleDisk, moved', singleDisk({ moveData: true })],
  ['multistage, 1 slot', multistage({ steps: N, snapshotsInRam: 1 })],
  ['multistage, RAM', multistage({ steps: N, snapshotsInRam: 4 })],
  [
    'multistage, both',
    multistage({ steps: N, snapshotsInRam: 2, snapshotsOnDisk: 3, trajectory: 'revolve' }),
  ],
  ['multistage, all', multistage({ steps: N, snapshotsInRam: 1000 })],
  ['revolve', revolve({ steps: N, snapshotsInRam: 4 })],
  ['diskRevolve', diskRevolve({ steps: N, snapshotsInRam: 2 })],
  ['diskRevolve, many reads', diskRevolve({ steps: N, snapshotsInRam: 1, diskReads: 'many' })],
  ['periodicDiskRevolve', periodicDiskRevolve({ steps: N, snapshotsInRam: 2 })],
  ['hRevolve', hRevolve({ steps: N, snapshotsInRam: 2, snapshotsOnDisk: 3 })],
  ['hRevolve, three levels', hRevolve({ steps: N, levels: threeLevels })],
  ['mixed', mixed({ steps: N, snapshots: 5 })],
  ['twoLevel', twoLevel({ period: 7, binomialSnapshots: 2, binomialStorage: 'GPU' })],
  ['online', online({ snapshots: 4 })],
  ['online, 1 slot', online({ snapshots: 1 })],
  ['online, more slots than steps', online({ snapshots: 50 })],
  ['twoLevel, period 1', twoLevel({ period: 1, binomialSnapshots: 0 })],
]
const terminalAdjoint = { x: 1, v: 0, stiffness: 0 }

async function reference() {
  const model = oscillator()
  let state: State = { ...initialState }
  const tapes: State[] = []
  for (let n = 0; n < N; n++) {
    const taped = await model.tape(state, n)
    state = taped.state
    tapes.push(taped.tape)
  }
  let adjoint = { ...terminalAdjoint }
  for (let n = N - 1; n >= 0; n--) adjoint = await model.adjoint(adjoint, tapes[n]!, n)
  return { finalState: state, adjoint }
}

describe.each(schedules)('%s', (_, schedule) => {
  const base = { schedule, initialState, terminalAdjoint, steps: N, stores }

  test('bit for bit the gradient of storing everything, sync and async', async () => {
    const { finalState, adjoint } = await reference()
    for (const async of [false, true]) {
      const result = await runAdjoint({ ...base, model: oscillator({ async }) })
      expect(result.finalState).toStrictEqual(finalState)
      expect(result.adjoints).toStrictEqual([adjoint])
    }
    expect(initialState).toEqual({ x: 1, v: 0.5 })
  })

  test('advance and isDone give the same', async () => {
    const { adjoint } = await reference()
    const plain = oscillator()
    const advance = (state: State, n0: number, n1: number) => {
      for (let n = n0; n < n1; n++) state = plain.step(state, n) as State
      return state
    }
    expect((await runAdjoint({ ...base, model: { ...plain, advance } })).adjoints).toStrictEqual([adjoint])
    if (!schedule.manifest.online) return
    const model = { ...plain, isDone: (_state: State, n: number) => n === N }
    expect((await runAdjoint({ ...base, model, steps: undefined })).adjoints).toStrictEqual([adjoint])
  })

  test('observe sees each state once, in order', async () => {
    const seen: [number, number][] = []
    const model = { ...oscillator(), observe: (state: State, n: number) => void seen.push([n, state.x]) }
    const { finalState } = await runAdjoint({ ...base, model })
    expect(seen.map(([n]) => n)).toEqual(Array.from({ length: N + 1 }, (_unused, n) => n))
    expect(seen[0]![1]).toBe(initialState.x)
    expect(seen[N]![1]).toBe(finalState.x)
  })

  test('statistics are those of the simulator', async () => {
    const simulated = simulate(schedule, { steps: N })
    const { statistics } = await runAdjoint({ ...base, model: oscillator() })
    expect(statistics).toMatchObject({
      steps: N,
      forwardSteps: simulated.forwardSteps,
      adjointSteps: N,
      recomputeFactor: simulated.recomputeFactor,
      stateBytes: 16,
      tapeBytes: 16,
      adjointBytes: 24,
    })
    for (const [name, { writes, reads, peakCheckpoints, peakBytes, medium }] of Object.entries(
      statistics.storages,
    )) {
      expect([writes, reads, peakCheckpoints]).toEqual([
        simulated.writes[name],
        simulated.reads[name],
        simulated.peak[name],
      ])
      expect([peakBytes, medium]).toEqual([16 * peakCheckpoints, 'memory'])
    }
    // Checkpoints, working state, the tapes asked for, final state, adjoint and the result that is copied from it: nothing else.
    const checkpoints = Object.values(simulated.peak).reduce((sum, peak) => sum + peak, 0)
    const most = 16 * (checkpoints + 1 + statistics.tapes.peak + 1) + 2 * 24
    expect(statistics.peakLiveBytes).toBeLessThanOrEqual(most)
  })

  test('repeated adjoints with seeds of their own', async () => {
    if (schedule.manifest.adjoints !== 'unlimited') return
    const seeds = [terminalAdjoint, { x: 0, v: 1, stiffness: 0 }, terminalAdjoint]
    const { adjoints } = await runAdjoint({
      ...base,
      model: oscillator(),
      terminalAdjoint: (_state: State, k: number) => ({ ...seeds[k]! }),
      adjoints: 3,
    })
    const alone = await Promise.all(
      seeds.map((seed) => runAdjoint({ ...base, model: oscillator(), terminalAdjoint: seed })),
    )
    expect(adjoints).toStrictEqual(alone.map((result) => result.adjoints[0]))
  })

  test('everything that is made is released, the results excepted', async () => {
    const live = new Live()
    const result = await runAdjoint({
      ...base,
      model: handled(live),
      initialState: { data: { ...initialState } },
      terminalAdjoint: { data: { ...terminalAdjoint } },
    })
    expect(live.count).toBe(2)
    expect(result.adjoints[0]!.data).toStrictEqual((await reference()).adjoint)
  })

  test('a model that throws at any step in any phase: named, with its cause, and nothing left', async () => {
    for (const phase of ['step', 'tape', 'adjoint'] as const) {
      for (let step = 0; step < N; step++) {
        const live = new Live()
        const boom = new Error('boom')
        const on = (at: string, n: number) => {
          if (at === phase && n === step) throw boom
        }
        const failed = runAdjoint({
          ...base,
          model: handled(live, { on }),
          initialState: { data: { ...initialState } },
          terminalAdjoint: { data: { ...terminalAdjoint } },
        })
        const error = await failed.then(
          () => undefined,
          (thrown: unknown) => thrown,
        )
        if (error === undefined) {
          expect(phase).not.toBe('adjoint') // not every schedule takes every step untaped
          continue
        }
        expect(error).toMatchObject({ code: 'MODEL_FAILED', cause: boom, details: { phase, step } })
        expect((error as Error).message).toBe(`model.${phase} failed at step ${step}: boom`)
        expect(live.count).toBe(0)
      }
    }
  })

  test('an abort at any moment leaves nothing', async () => {
    for (let at = 0; at < 3 * N; at += 5) {
      const live = new Live()
      const controller = new AbortController()
      let calls = 0
      const on = () => {
        if (calls++ === at) controller.abort(new Error('enough'))
      }
      const run = runAdjoint({
        ...base,
        model: handled(live, { on }),
        initialState: { data: { ...initialState } },
        terminalAdjoint: { data: { ...terminalAdjoint } },
        signal: controller.signal,
      })
      const outcome = await run.then(
        () => 'done',
        (error: Error) => error.message,
      )
      expect(outcome).toBe(calls > at ? 'enough' : 'done')
      expect(live.count).toBe(outcome === 'done' ? 2 : 0)
    }
  })

  test('two at a time', async () => {
    const { adjoint } = await reference()
    const both = await Promise.all(
      [1, 2].map(() => runAdjoint({ ...base, model: oscillator({ async: true }) })),
    )
    for (const { adjoints } of both) expect(adjoints).toStrictEqual([adjoint])
  })
})

test('None runs the forward alone', async () => {
  const { finalState, adjoints } = await runAdjoint({
    schedule: none(),
    model: oscillator(),
    initialState,
    terminalAdjoint,
    steps: N,
  })
  expect(finalState).toStrictEqual((await reference()).finalState)
  expect(adjoints).toEqual([])
})

test('the gradient is right: Taylor and dot product', async () => {
  const objective = async (m: { x: number; v: number; stiffness: number }) => {
    const { finalState, adjoints } = await runAdjoint({
      schedule: multistage({ steps: N, snapshotsInRam: 3 }),
      model: oscillator({ stiffness: m.stiffness }),
      initialState: { x: m.x, v: m.v },
      terminalAdjoint,
    })
    return { value: finalState.x, gradient: adjoints[0]! }
  }
  const { verdict, rate, rows } = await taylorTest(
    objective,
    { x: 1, v: 0.5, stiffness: 2 },
    { x: 0.3, v: -0.7, stiffness: 1.1 },
  )
  expect(verdict).toBe('passed')
  expect(rate).toBeGreaterThan(1.95)
  expect(rate).toBeLessThan(2.05)
  expect(rows).toHaveLength(5)
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.double({ min: 0.1, max: 1, noNaN: true }), { minLength: 6, maxLength: 6 }),
      async (r) => {
        const { relativeError } = await dotProductTest(oscillator(), {
          state: initialState,
          direction: { x: r[0]!, v: r[1]!, stiffness: r[2]! },
          adjoint: { x: r[3]!, v: r[4]!, stiffness: r[5]! },
          steps: 10,
        })
        expect(relativeError).toBeLessThan(1e-12)
      },
    ),
  )
})

test('a wrong gradient shows', async () => {
  const wrong = (m: number) => ({ value: Math.sin(m), gradient: Math.cos(m) * 1.01 })
  expect(await taylorTest(wrong, 0.7, 1)).toMatchObject({ verdict: 'wrong', exact: false })
  const model = { ...oscillator(), adjoint: (a: { x: number; v: number; stiffness: number }) => a }
  const { relativeError } = await dotProductTest(model, {
    state: initialState,
    direction: terminalAdjoint,
    adjoint: { x: 1, v: 1, stiffness: 1 },
  })
  expect(relativeError).toBeGreaterThan(1e-3)
})

describe('while it runs', () => {
  const slow = (ms: number) => {
    const until = performance.now() + ms
    while (performance.now() < until);
  }

  test('timers are served and progress is told, also inside one long Forward', async () => {
    let ticks = 0
    const timer = setInterval(() => (ticks += 1), 1)
    const reports: Progress[] = []
    await runAdjoint({
      schedule: singleMemory(),
      model: oscillator({ on: () => slow(2) }),
      initialState,
      terminalAdjoint,
      steps: 100,
      onProgress: (progress) => reports.push(progress),
    })
    clearInterval(timer)
    expect(ticks).toBeGreaterThan(5)
    expect(reports.length).toBeGreaterThan(5)
    const fractions = reports.map(({ fraction }) => fraction ?? 0)
    expect(fractions).toEqual(fractions.toSorted((a, b) => a - b))
    expect(reports.at(-1)).toMatchObject({
      phase: 'reverse',
      forwardSteps: 100,
      adjointSteps: 100,
      totalForwardSteps: 100,
      fraction: 1,
    })
  })

  test('an abort from outside is heard within a long Forward', async () => {
    let steps = 0
    const signal = AbortSignal.timeout(20)
    const run = runAdjoint({
      schedule: multistage({ steps: 10_000, snapshotsInRam: 1 }),
      model: oscillator({ on: () => (slow(1), (steps += 1)) }),
      initialState,
      terminalAdjoint,
      signal,
    })
    await expect(run).rejects.toMatchObject({ name: 'TimeoutError' })
    expect(steps).toBeLessThan(1000)
  })

  test('an aborted signal starts nothing', async () => {
    let steps = 0
    const run = runAdjoint({
      schedule: singleMemory(),
      model: oscillator({ on: () => (steps += 1) }),
      initialState,
      terminalAdjoint,
      steps: 5,
      signal: AbortSignal.abort(new Error('no')),
    })
    await expect(run).rejects.toThrow('no')
    expect(steps).toBe(0)
  })
})

describe('bad input is refused before any work', () => {
  const good = { schedule: singleMemory(), model: oscillator(), initialState, terminalAdjoint, steps: 5 }
  test.each([
    ['no schedule', { ...good, schedule: {} }, 'INVALID_OPTION', /schedule must be a schedule/],
    ['a factory', { ...good, schedule: singleMemory }, 'INVALID_OPTION', /schedule must be a schedule/],
    ['no model', { ...good, model: undefined }, 'INVALID_OPTION', /model.step must be a function/],
    [
      'half a model',
      { ...good, model: { step() {}, tape() {} } },
      'INVALID_OPTION',
      /model.adjoint must be a function/,
    ],
    ['no state', { ...good, initialState: undefined }, 'INVALID_OPTION', /initialState is missing/],
    [
      'a member of the model',
      { ...good, observe() {} },
      'INVALID_OPTION',
      /observe belongs to the model: pass model: \{ \.\.\.model, observe \}/,
    ],
    [
      'a mistyped option',
      { ...good, checkreplay: true },
      'INVALID_OPTION',
      /no option "checkreplay"\. Did you mean checkReplay\?/,
    ],
    [
      'no terminal adjoint',
      { ...good, terminalAdjoint: undefined },
      'INVALID_OPTION',
      /terminalAdjoint is missing/,
    ],
    [
      'no end',
      { ...good, steps: undefined },
      'INVALID_OPTION',
      /online and nothing says where the forward ends; pass steps/,
    ],
    ['steps -1', { ...good, steps: -1 }, 'INVALID_OPTION', /steps must be an integer >= 0/],
    [
      'other steps',
      { ...good, schedule: multistage({ steps: 4, snapshotsInRam: 1 }) },
      'STEPS_MISMATCH',
      /planned for 4 steps; got 5/,
    ],
    [
      'adjoints',
      { ...good, schedule: singleDisk({ moveData: true }), adjoints: 2 },
      'ADJOINTS_NOT_PERMITTED',
      /one adjoint/,
    ],
    [
      'no store',
      { ...good, schedule: singleDisk() },
      'MISSING_STORE',
      /no store for it; pass stores: \{ DISK: memoryStore\(\) \}/,
    ],
    [
      'not a store',
      { ...good, schedule: singleDisk(), stores: { DISK: new Map() } },
      'INVALID_OPTION',
      /stores.DISK must be a store/,
    ],
  ])('%s', async (_, options, code, message) => {
    let steps = 0
    const model = options.model === good.model ? oscillator({ on: () => (steps += 1) }) : options.model
    const run = runAdjoint({ ...options, model } as unknown as Parameters<typeof runAdjoint>[0])
    await expect(run).rejects.toMatchObject({ code, message: expect.stringMatching(message) })
    expect(steps).toBe(0)
  })

  test('a tape that the codec cannot hold is named', async () => {
    const tape = (state: State) => ({ state, tape: (() => 1) as unknown as State })
    const model = { ...oscillator(), tape }
    const run = runAdjoint({ ...good, model: model })
    await expect(run).rejects.toMatchObject({
      code: 'INVALID_VALUE',
      message: expect.stringContaining('the tape of step 0: treeCodec: value is a function'),
    })
  })

  test('a value that the codec cannot hold is named', async () => {
    const run = runAdjoint({
      ...good,
      model: oscillator() as never,
      initialState: { x: 1, v: new Map() } as never,
    })
    await expect(run).rejects.toMatchObject({
      code: 'INVALID_VALUE',
      message: expect.stringContaining('initialState: treeCodec: value.v is a Map'),
    })
  })
})
