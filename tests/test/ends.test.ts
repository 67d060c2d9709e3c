/** Where a run ends: found by the model, at the start, never, or by an abort that a model does not heed. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { none, singleDisk, singleMemory } from '@checkpoint-schedules/basic'
import type { Schedule } from '@checkpoint-schedules/core'
import {
  type AdjointResult,
  type RunEvent,
  memoryStore,
  type Model,
  type Progress,
  runAdjoint,
} from '@checkpoint-schedules/driver'
import { fileJournal } from '@checkpoint-schedules/storage-fs'
import { afterAll, beforeAll, describe, expect, expectTypeOf, test } from 'vitest'
import { families } from './support/families.js'
import { optionsOf } from './support/family-options.js'

let folder: string
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'checkpoint-schedules-'))))
afterAll(() => rmSync(folder, { recursive: true }))

const N = 10
const stores = () =>
  Object.fromEntries(['RAM', 'DISK', 'GPU', 'SSD', 'HDD', 'S3'].map((name) => [name, memoryStore()]))
const schedules: [string, Schedule][] = families
  .filter(({ factory }) => factory.definition.adjoints !== 0)
  .flatMap(({ exportName, factory }) =>
    optionsOf(N)[exportName]!.map((options): [string, Schedule] => [
      `${exportName} ${JSON.stringify(options)}`,
      factory(options),
    ]),
  )
const online = schedules.filter(([, { manifest }]) => manifest.online)
const offline = schedules.filter(([, { manifest }]) => !manifest.online)

/** x doubles at each step. */
const doubling = {
  step: (x: number) => 2 * x,
  tape: (x: number) => ({ state: 2 * x, tape: null }),
  adjoint: (a: number) => 2 * a,
} satisfies Model<number, null, number>
const untilEight = { ...doubling, isDone: (x: number) => x >= 8 }
const start = { initialState: 1, terminalAdjoint: 1 }

describe('a model that finds the end', () => {
  test.each(online)('%s stops there', async (_, schedule) => {
    const { finalState, adjoints, statistics } = await runAdjoint({
      ...start,
      schedule,
      model: untilEight,
      stores: stores(),
    })
    expect([statistics.steps, finalState, adjoints]).toEqual([3, 8, [8]])
  })

  test.each(offline)('%s refuses to run past it in silence', async (_, schedule) => {
    let calls = 0
    const model = { ...untilEight, step: (x: number) => ((calls += 1), 2 * x) }
    const run = runAdjoint({ ...start, schedule, model, stores: stores() })
    await expect(run).rejects.toMatchObject({
      code: 'INVALID_OPTION',
      message: expect.stringMatching(/has isDone, but .* planned for 10 steps .* Pass steps: 10 .* online/),
    })
    expect(calls).toBe(0)
  })

  test.each(schedules)('%s: steps takes precedence, and nobody is asked', async (_, schedule) => {
    const isDone = () => {
      throw new Error('asked')
    }
    const { finalState, adjoints } = await runAdjoint({
      ...start,
      schedule,
      model: { ...doubling, isDone },
      stores: stores(),
      steps: N,
    })
    expect([finalState, adjoints]).toEqual([1024, [1024]])
  })

  test('an answer that is none is refused', async () => {
    const model = { ...doubling, isDone: (() => undefined) as unknown as () => boolean }
    await expect(runAdjoint({ ...start, schedule: singleMemory(), model })).rejects.toMatchObject({
      code: 'INVALID_VALUE',
      message: expect.stringMatching(/isDone must return true or false.* at step 0 it returned undefined/),
    })
  })

  test.each([1, 2, 3, 17])('the last of %i steps counts like the others', async (steps) => {
    for (const taped of [true, false]) {
      const schedule = taped
        ? singleMemory()
        : families
            .find((it) => it.exportName === 'twoLevel')!
            .factory({
              period: 2 * N,
              binomialSnapshots: 1,
              binomialStorage: 'RAM',
            })
      const seen: Progress[] = []
      const run = (settings: object, isDone: (_x: number, n: number) => boolean) =>
        runAdjoint({ ...start, schedule, model: { ...doubling, isDone }, stores: stores(), ...settings })
      const { statistics } = await run(
        {
          onProgress: (progress: Progress) => seen.push(progress),
          checkReplay: { share: Infinity },
          journal: fileJournal(join(folder, 'counted'), { everySteps: 1 }),
          stores: taped ? undefined : {},
        },
        (_x, n) => n === steps,
      )
      const known = await runAdjoint({
        ...start,
        schedule,
        model: doubling,
        steps,
        stores: taped ? undefined : {},
        checkReplay: { share: Infinity },
        journal: fileJournal(join(folder, 'counted'), { everySteps: 1 }),
      })
      expect(seen.find(({ phase }) => phase === 'reverse')).toMatchObject({ forwardSteps: steps })
      expect(seen.at(-1)).toMatchObject({ fraction: 1, adjointSteps: steps })
      expect(statistics.replay).toMatchObject({
        recorded: known.statistics.replay!.recorded,
        compared: known.statistics.replay!.compared,
      })
      expect(statistics.replay!.recorded).toBe(steps + 1)
      expect(statistics.journal!.points).toBe(known.statistics.journal!.points)
    }
  })
})

describe('a run of no steps', () => {
  const ways: [string, object][] = [
    ['steps: 0', { steps: 0, model: doubling }],
    ['isDone at the start', { model: { ...doubling, isDone: () => true } }],
    ['a promise of isDone', { model: { ...doubling, isDone: () => Promise.resolve(true) } }],
  ]

  test.each(online)('%s gives back start and terminal adjoint', async (_, schedule) => {
    const initialState = Float64Array.of(1, -0)
    for (const [, way] of ways) {
      const seen: string[] = []
      const reports: Progress[] = []
      const { model } = way as { model: typeof doubling }
      const adjoints = schedule.manifest.adjoints === 'unlimited' ? 2 : 1
      const result = await runAdjoint<any, any, any>({
        schedule,
        initialState,
        terminalAdjoint: (final: Float64Array, k: number, steps: number) => [...final, k, steps],
        adjoints,
        stores: stores(),
        checkReplay: true,
        onProgress: (progress) => reports.push(progress),
        ...way,
        model: {
          ...model,
          observe: (_state: unknown, n: number) => void seen.push(`state ${n}`),
          observeAdjoint: (_a: unknown, n: number, k: number) => void seen.push(`adjoint ${n} of ${k}`),
        },
      })
      expect(result.finalState).toStrictEqual(initialState)
      expect(result.finalState).not.toBe(initialState)
      expect(result.adjoints).toStrictEqual(Array.from({ length: adjoints }, (_unused, k) => [1, -0, k, 0]))
      expect(seen).toEqual(['state 0', ...result.adjoints.map((_unused, k) => `adjoint 0 of ${k}`)])
      expect(reports.at(-1)).toMatchObject({ fraction: 1, forwardSteps: 0, totalForwardSteps: 0 })
      expect(result.statistics).toMatchObject({
        steps: 0,
        forwardSteps: 0,
        adjointSteps: 0,
        recomputeFactor: 1,
      })
    }
  })

  test('forward only', async () => {
    const { finalState, adjoints } = await runAdjoint({
      schedule: none(),
      model: { step: (x: number) => x, isDone: () => true },
      initialState: 5,
    })
    expect([finalState, adjoints]).toEqual([5, []])
  })

  test.each(ways)('%s: cut off at its end, it resumes', async (_, way) => {
    const directory = join(folder, 'no steps')
    let isBroken = true
    const run = () =>
      runAdjoint<any, any, any>({
        schedule: singleMemory(),
        initialState: 3,
        adjoints: 2,
        journal: fileJournal(directory, { everySteps: 1 }),
        terminalAdjoint: (x: number, k: number) => {
          if (isBroken && k === 1) throw new Error('cut')
          return x + k
        },
        ...(way as { model: typeof doubling }),
      })
    await expect(run()).rejects.toThrow('cut')
    isBroken = false
    expect((await run()).adjoints).toEqual([3, 4])
    expect(existsSync(directory)).toBe(false)
  })

  test('an abort there leaves a point from which it resumes', async () => {
    const directory = join(folder, 'no steps, aborted')
    const events: RunEvent[] = []
    const run = (signal?: AbortSignal, onCall = () => {}) =>
      runAdjoint({
        schedule: singleMemory(),
        model: { ...doubling, isDone: () => true },
        initialState: 3,
        adjoints: 2,
        journal: fileJournal(directory),
        terminalAdjoint: (x: number, k: number) => (k === 0 && onCall(), x + k),
        onEvent: (event) => events.push(event),
        signal,
      })
    const controller = new AbortController()
    await expect(run(controller.signal, () => controller.abort(new Error('stop')))).rejects.toThrow('stop')
    expect((await run()).adjoints).toEqual([3, 4])
    expect(events.map(({ type }) => type)).toContain('resumed')
  })
})

describe('maxSteps', () => {
  const endless = { ...doubling, isDone: () => false }

  test.each(online)('%s: an end that never comes is told', async (_, schedule) => {
    let steps = 0
    const model = {
      ...endless,
      observe: (_x: number, n: number) => void (steps = n),
    }
    const run = runAdjoint({ ...start, schedule, model, stores: stores(), maxSteps: 25 })
    await expect(run).rejects.toMatchObject({
      code: 'MAX_STEPS_REACHED',
      message: expect.stringMatching(/maxSteps = 25 steps, and model.isDone has not ended it/),
      details: { maxSteps: 25 },
    })
    expect(steps).toBe(25)
  })

  test('an end at the last permitted step is in time', async () => {
    const run = runAdjoint({ ...start, schedule: singleMemory(), model: untilEight, maxSteps: 3 })
    expect((await run).finalState).toBe(8)
  })

  test.each([
    [
      'with steps',
      { schedule: singleMemory(), steps: 5, maxSteps: 9 },
      /this one has 5 steps. Leave maxSteps out/,
    ],
    [
      'not a number of steps',
      { schedule: singleMemory(), maxSteps: 1.5 },
      /maxSteps must be an integer >= 1; got 1.5/,
    ],
    ['0', { schedule: singleMemory(), maxSteps: 0 }, /maxSteps must be an integer >= 1; got 0/],
    [
      'a grace that is none',
      { schedule: singleMemory(), graceMs: -1 },
      /graceMs must be a number of milliseconds/,
    ],
    [
      'an endless timer',
      { schedule: singleMemory(), graceMs: 2 ** 31 },
      /graceMs must be a number of milliseconds/,
    ],
  ])('%s is refused', async (_, options, message) => {
    const run = runAdjoint({ ...start, model: endless, ...options })
    await expect(run).rejects.toMatchObject({
      code: 'INVALID_OPTION',
      message: expect.stringMatching(message),
    })
  })
})

describe('forward only', () => {
  test('none() needs a step and a start', async () => {
    const seen: number[] = []
    const result = await runAdjoint({
      schedule: none(),
      model: { step: (x: number) => 3 * x, observe: (x) => void seen.push(x) },
      initialState: 1,
      steps: 4,
    })
    expectTypeOf(result).toEqualTypeOf<AdjointResult<number, never>>()
    expect([result.finalState, result.adjoints, seen]).toEqual([81, [], [1, 3, 9, 27, 81]])
  })

  test('and takes a whole model as well', async () => {
    const model: Model<number, null, number> = doubling
    expect((await runAdjoint({ ...start, schedule: none(), model, steps: 4 })).finalState).toBe(16)
    const schedule: Schedule = none()
    expect((await runAdjoint({ ...start, schedule, model, steps: 4 })).adjoints).toEqual([])
  })

  test('types: what an adjoint needs is asked for where there is one', async () => {
    const model = { step: (x: number) => x }
    // @ts-expect-error a schedule with adjoints needs tape and adjoint
    const half = runAdjoint({ ...start, schedule: singleMemory(), model, steps: 1 })
    await expect(half).rejects.toThrow(/model.tape must be a function/)
    // @ts-expect-error and a terminal adjoint
    const endless = runAdjoint({ initialState: 1, schedule: singleMemory(), model: doubling, steps: 1 })
    await expect(endless).rejects.toThrow(/terminalAdjoint is missing/)
    // @ts-expect-error a forward alone needs its step, too
    await expect(runAdjoint({ initialState: 1, schedule: none(), model: {}, steps: 1 })).rejects.toThrow(
      /model.step must be a function/,
    )
    expectTypeOf(none()).toEqualTypeOf<Schedule<0>>()
    expectTypeOf(singleMemory()).toEqualTypeOf<Schedule<'unlimited'>>()
    expectTypeOf(singleDisk()).toEqualTypeOf<Schedule<1 | 'unlimited'>>()
    expectTypeOf(runAdjoint({ ...start, schedule: singleMemory(), model: doubling, steps: 1 })).toEqualTypeOf<
      Promise<AdjointResult<number, number>>
    >()
  })
})
