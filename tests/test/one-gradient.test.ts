/**
 * One gradient, all ways: models of every kind, under every family, with checkpoints in memory, in files and on three levels, with and
 * without overlap, synchronous and not, with the end known and not, once and repeatedly. Bit for bit what a plain loop gives.
 */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Schedule } from '@checkpoint-schedules/core'
import { memoryStore, type Model, runAdjoint, type Store, treeCodec } from '@checkpoint-schedules/driver'
import { taylorTest } from '@checkpoint-schedules/gradient-checks'
import { fileStore } from '@checkpoint-schedules/storage-fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { byHand } from './support/by-hand.js'
import { families } from './support/families.js'
import { optionsOf } from './support/family-options.js'
import { adaptive } from './support/models/adaptive.js'
import { onDevice } from './support/models/device.js'
import type { AnyExample } from './support/models/example.js'
import { implicit } from './support/models/implicit.js'
import { leapfrog } from './support/models/leapfrog.js'
import { burgers, wave } from './support/models/shipped.js'
import { SlowStore } from './support/slow-store.js'

const differentiating = families.filter(({ factory }) => factory.definition.adjoints !== 0)

test('every family that permits an adjoint is here', () => {
  expect(Object.keys(optionsOf(1)).toSorted()).toEqual(
    differentiating.map(({ exportName }) => exportName).toSorted(),
  )
})

describe('the adjoints are those of the steps', () => {
  // The terminal adjoint of calculation 0 is the final state: the objective is half its square.
  const square = (x: ArrayLike<number>) => Array.from(x).reduce((sum, value) => sum + value * value, 0) / 2
  const rateOf = async (f: Parameters<typeof taylorTest<any>>[0], at: unknown, direction: unknown) =>
    (await taylorTest<any>(f, at, direction)).rate

  test('leapfrog', async () => {
    const { initialState, ...example } = leapfrog()
    const direction = {
      now: initialState.now.map((_, i) => Math.cos(i)),
      before: initialState.before.map((_, i) => Math.sin(3 * i)),
    }
    const objective = async (state: typeof initialState) => {
      const { finalState, adjoints } = await byHand({ ...example, initialState: state }, 1)
      return { value: square((finalState as typeof initialState).now), gradient: adjoints[0] }
    }
    expect(await rateOf(objective, initialState, direction)).toBeCloseTo(2, 1)
  })

  test.each([
    ['implicit', implicit(), (x: number) => x, 1.5],
    ['adaptive', adaptive(), (x: number) => ({ x, time: 0 }), 1.2],
  ] as [string, AnyExample, (x: number) => unknown, number][])('%s', async (_, example, stateAt, start) => {
    const objective = async (x: number) => {
      const { finalState, adjoints } = await byHand({ ...example, initialState: stateAt(x) }, 1)
      const numberIn = (value: any): number => (typeof value === 'number' ? value : value.x)
      return { value: square([numberIn(finalState)]), gradient: numberIn(adjoints[0]) }
    }
    expect(await rateOf(objective, start, 0.5)).toBeCloseTo(2, 1)
  })
})

/** Every way to keep checkpoints: stores, and how many transfers at once. */
let folder: string
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'checkpoint-schedules-'))))
afterAll(() => rmSync(folder, { recursive: true }))

const ways: Record<string, () => { stores: Record<string, Store>; buffers?: number }> = {
  memory: () => ({ stores: { DISK: memoryStore(), GPU: memoryStore() } }),
  'files and something slow, overlapped': () => ({ stores: { DISK: files('a'), GPU: quick() } }),
  'files, waited for': () => {
    const store = files('b')
    return { stores: { DISK: store, GPU: store }, buffers: 0 }
  },
  'everything slow, five buffers': () => ({
    stores: { RAM: quick(), DISK: quick(), GPU: quick() },
    buffers: 5,
  }),
}
const files = (name: string) => fileStore({ directory: join(folder, name) })
// No timers, but the answers still come out of order.
const quick = () => new SlowStore({ delay: () => 0 })

const later = <T>(value: T): Promise<T> => new Promise((resolve) => setImmediate(() => resolve(value)))

function asynchronous({ step, tape, adjoint, ...rest }: Model<any, any, any>): Model<any, any, any> {
  return {
    ...rest,
    step: async (state, n) => later(await step(state, n)),
    tape: async (state, n) => later(await tape(state, n)),
    adjoint: async (a, t, n) => later(await adjoint(a, t, n)),
  }
}

const examples: [string, () => AnyExample, AnyExample][] = [
  ['burgers1d', burgers, burgers()],
  ['wave2d', wave, wave()],
  ['leapfrog, a two-step method', leapfrog, leapfrog()],
  ['an implicit step, whose tape is not its state', implicit, implicit()],
  ['an adaptive step', adaptive, adaptive()],
  ['leapfrog on a device', () => onDevice(leapfrog()), leapfrog()],
  ['an adaptive step on a device', () => onDevice(adaptive()), adaptive()],
]

describe.each(examples)('%s', (_, make, reference) => {
  const { steps } = reference
  const cases: [string, Schedule][] = differentiating.flatMap(({ exportName, factory }) =>
    optionsOf(steps)[exportName]!.map((options): [string, Schedule] => [
      `${exportName} ${JSON.stringify(options)}`,
      factory(options),
    ]),
  )
  const bits = async (value: unknown) => Buffer.from(await treeCodec.encode(value)).toString('base64')

  let expected: { finalState: string; adjoints: string[] }
  beforeAll(async () => {
    const { finalState, adjoints } = await byHand(reference, 3)
    expected = { finalState: await bits(finalState), adjoints: await Promise.all(adjoints.map(bits)) }
    expect(new Set(expected.adjoints).size).toBe(3)
  })

  async function check(schedule: Schedule, settings: object, example = make(), adjoints = 1): Promise<void> {
    const { model, initialState, terminalAdjoint, plain = (value) => value } = example
    const run = {
      schedule,
      model,
      initialState,
      terminalAdjoint,
      steps,
      adjoints,
      checkReplay: { share: Infinity },
    }
    const result = await runAdjoint<any, any, any>({ ...run, ...settings })
    expect(await bits(plain(result.finalState))).toBe(expected.finalState)
    const found: string[] = []
    for (const adjoint of result.adjoints) found.push(await bits(plain(adjoint)))
    expect(found).toEqual(expected.adjoints.slice(0, adjoints))
    if (example.alive !== undefined) expect(example.alive()).toBe(0)
  }

  test.each(cases)('%s', async (_name, schedule) => {
    for (const way of Object.values(ways)) await check(schedule, way())
    const promising = make()
    await check(schedule, ways['memory']!(), { ...promising, model: asynchronous(promising.model) })
    if (schedule.manifest.adjoints === 'unlimited') await check(schedule, ways['memory']!(), make(), 3)
    if (!schedule.manifest.online) return
    const example = make()
    const isDone = example.model.isDone ?? ((_state: unknown, n: number) => n === steps)
    const unknown = { ...example, model: { ...example.model, isDone } }
    for (const way of Object.values(ways)) await check(schedule, { ...way(), steps: undefined }, unknown)
    expect(readdirSync(folder)).toEqual([])
  })
})
