/**
 * Who owns which value: each row of the table in the documentation, with models, codecs and stores that break it, under every family
 * and store. Bit for bit what a plain loop gives, or an error; never anything else.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isCheckpointScheduleError, type Schedule } from '@checkpoint-schedules/core'
import { memoryStore, runAdjoint, type Store } from '@checkpoint-schedules/driver'
import { fileStore } from '@checkpoint-schedules/storage-fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { families } from './support/families.js'
import { optionsOf } from './support/family-options.js'
import { modelSlips } from './support/slips/model-slips.js'
import { otherSlips } from './support/slips/other-slips.js'
import { model, seed, type Slip, start, STEPS, stepped } from './support/slips/slip.js'
import { SlowStore } from './support/slow-store.js'

const slips = [...modelSlips, ...otherSlips]
const schedules: [string, Schedule][] = families
  .filter(({ factory }) => factory.definition.adjoints !== 0)
  .flatMap(({ exportName, factory }) =>
    optionsOf(STEPS)[exportName]!.map((options): [string, Schedule] => [
      `${exportName} ${JSON.stringify(options)}`,
      factory(options),
    ]),
  )

let folder: string
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'checkpoint-schedules-'))))
afterAll(() => rmSync(folder, { recursive: true }))

const ways: Record<string, () => Store> = {
  memory: memoryStore,
  files: () => fileStore({ directory: join(folder, 'files') }),
  'something slow': () => new SlowStore({ delay: () => 0 }),
}

/** What a plain loop without a slip gives. */
function plainly(initialState: Float64Array, terminal: (final: Float64Array) => Float64Array) {
  const states = [initialState as Float64Array]
  for (let n = 0; n < STEPS; n++) states.push(stepped(states[n]!))
  let adjoint = terminal(states[STEPS]!.slice()).slice()
  for (let n = STEPS - 1; n >= 0; n--) adjoint = model.adjoint(adjoint, states[n]!, n) as Float64Array
  return { final: [...states[STEPS]!], adjoint: [...adjoint] }
}

async function outcomeOf(slip: Slip, schedule: Schedule, store: () => Store): Promise<'right' | 'error'> {
  const { model: parts, meanwhile, store: own, numbers = (it) => [...it], ...given } = slip.make()
  const makeStore = own ?? store
  const initialState: unknown = given.initialState ?? start()
  const terminalAdjoint: unknown = given.terminalAdjoint ?? seed()
  const adjoints = schedule.manifest.adjoints === 'unlimited' ? (given.adjoints ?? 1) : 1
  const toNumbers = (value: unknown) => Float64Array.from(numbers(value))
  const isMade = typeof terminalAdjoint === 'function'
  let expected: { final: number[]; adjoint: number[] } | undefined
  if (slip.outcome !== 'error') {
    const terminal = isMade
      ? (final: Float64Array) => toNumbers((terminalAdjoint as (final: Float64Array) => unknown)(final))
      : () => toNumbers(terminalAdjoint)
    expected = plainly(toNumbers(initialState), terminal)
  }
  const run = runAdjoint<any, any, any>({
    schedule,
    initialState,
    terminalAdjoint,
    adjoints,
    model: { ...model, ...parts },
    steps: STEPS,
    stores: { RAM: own ? own() : memoryStore(), DISK: makeStore(), GPU: memoryStore() },
  })
  meanwhile?.()
  try {
    const result = await run
    expect(result.adjoints.map(numbers)).toEqual(result.adjoints.map(() => expected?.adjoint))
    expect(numbers(result.finalState)).toEqual(expected?.final)
    return 'right'
  } catch (error) {
    if (!isCheckpointScheduleError(error)) throw error
    expect(['INVALID_VALUE', 'NOT_REPRODUCIBLE']).toContain(error.code)
    return 'error'
  }
}

test('the table in the documentation has the rows that are tested here', () => {
  const page = readFileSync(new URL('../../apps/docs/driver/ownership.md', import.meta.url), 'utf8')
  const rows = [...page.matchAll(/^\| ([^|]+?) +\|/gm)].map(([, name]) => name!)
  const elsewhere = ['value', '---------------------', 'size of a value', 'results']
  expect([...new Set(slips.map(({ value }) => value))].toSorted()).toEqual(
    rows.filter((name) => !elsewhere.includes(name) && !/^-+$/.test(name)).toSorted(),
  )
})

describe.each(slips.map((slip) => [`${slip.value}: ${slip.what}`, slip] as const))('%s', (_, slip) => {
  test.each(Object.keys(ways))(`${slip.outcome}, in %s`, async (way) => {
    const seen: string[] = []
    for (const [name, schedule] of schedules) {
      if (way !== 'memory' && schedule.manifest.limits['DISK'] === undefined) continue
      seen.push(`${await outcomeOf(slip, schedule, ways[way]!)}: ${name}`)
    }
    const wanted = (outcome: string) => seen.filter((it) => it.startsWith(outcome))
    if (slip.outcome === 'right') expect(wanted('error')).toEqual([])
    if (slip.outcome === 'error') expect(wanted('right')).toEqual([])
    if (slip.outcome === 'right or error' && way === 'memory') expect(wanted('error')).not.toEqual([])
  })
})

const storingAll = families.find(({ exportName }) => exportName === 'singleMemory')!.factory({})

test('size of a value: what grows is counted', async () => {
  const { statistics } = await runAdjoint<any, any, any>({
    schedule: storingAll,
    steps: 1000,
    model: {
      step: (x: number) => x,
      tape: (x: number) => ({ state: x, tape: x }),
      adjoint: (a: { l: number; g: number[] }) => ({ l: a.l, g: [...a.g, a.l] }),
    },
    initialState: 1,
    terminalAdjoint: { l: 1, g: [] },
  })
  expect(statistics.adjointBytes).toBe(8008)
})

test('results: a later run with the same model leaves them alone', async () => {
  const own = new Float64Array(16)
  const accumulating = {
    ...model,
    adjoint: (a: Float64Array, u: Float64Array, n: number) => {
      own.set(model.adjoint(a, u, n) as Float64Array)
      return own
    },
  }
  const run = (terminalAdjoint: Float64Array) =>
    runAdjoint({
      schedule: storingAll,
      steps: STEPS,
      model: accumulating,
      initialState: start(),
      terminalAdjoint,
    })
  const first = await run(seed())
  const before = [...first.adjoints[0]!]
  await run(new Float64Array(16).fill(5))
  expect([...first.adjoints[0]!]).toEqual(before)
})

describe('whatever a model throws, it has failed', () => {
  const unreadable = Object.defineProperty(new Error(), 'message', {
    get() {
      throw new Error('no')
    },
  })
  const { proxy: revoked, revoke } = Proxy.revocable({}, {})
  revoke()
  const things: Record<string, () => unknown> = {
    'no prototype': () => Object.create(null) as unknown,
    'an error without a readable message': () => unreadable,
    undefined: () => undefined,
    'a symbol': () => Symbol('x'),
    'a revoked proxy': () => revoked,
  }
  test.each(Object.keys(things))('%s', async (name) => {
    const run = runAdjoint({
      schedule: schedules[0]![1],
      steps: STEPS,
      model: {
        ...model,
        adjoint: () => {
          throw things[name]!()
        },
      },
      initialState: start(),
      terminalAdjoint: seed(),
      stores: { DISK: memoryStore(), GPU: memoryStore() },
    })
    await expect(run).rejects.toMatchObject({ code: 'MODEL_FAILED' })
  })
})
