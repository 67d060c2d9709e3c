/**
 * Who owns which value: each row of the table in the documentation, with models, codecs and stores that break it, under every family
 * and store. Bit for bit what a plain loop gives, or an error; never anything else.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isCheckpointScheduleError, type Schedule } from '@checkpoint-schedules/core'
import { memoryStore, reusingTreeCodec, runAdjoint, type Store } from '@checkpoint-schedules/driver'
import { fileStore } from '@checkpoint-schedules/storage-fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { byHand } from './support/by-hand.js'
import { families } from './support/families.js'
import { optionsOf } from './support/family-options.js'
import { modelSlips } from './support/slips/model-slips.js'
import { otherSlips } from './support/slips/other-slips.js'
import { model, seed, type Slip, start, STEPS } from './support/slips/slip.js'
import { SlowStore } from './support/slow-store.js'
import { count, leaveTally } from './support/tally.js'

leaveTally()

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

async function outcomeOf(
  slip: Slip,
  schedule: Schedule,
  store: () => Store,
  codecs: object = {},
): Promise<'right' | 'error'> {
  const { model: parts, reference, meanwhile, store: own, numbers = (it) => [...it], ...given } = slip.make()
  const initialState: unknown = given.initialState ?? start()
  const terminalAdjoint: unknown = given.terminalAdjoint ?? seed()
  const adjoints = schedule.manifest.adjoints === 'unlimited' ? (given.adjoints ?? 1) : 1
  const expected = slip.outcome === 'error' ? undefined : await plainly(slip)
  const run = runAdjoint<any, any, any>({
    schedule,
    initialState,
    terminalAdjoint,
    adjoints,
    model: {
      ...(reference === undefined && model),
      ...parts,
      codecs: { ...codecs, ...parts?.codecs },
    } as typeof model,
    steps: STEPS,
    stores: { RAM: own ? own() : memoryStore(), DISK: (own ?? store)(), GPU: memoryStore() },
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

/** What a plain loop without a slip gives. */
async function plainly(slip: Slip): Promise<{ final: number[]; adjoint: number[] }> {
  const {
    reference,
    initialState = start(),
    terminalAdjoint = seed(),
    numbers = (it) => [...it],
  } = slip.make()
  const isMade = typeof terminalAdjoint === 'function'
  const plain = (value: unknown) => (reference === undefined ? Float64Array.from(numbers(value)) : value)
  const { finalState, adjoints } = await byHand(
    {
      model: reference ?? model,
      initialState: plain(initialState),
      terminalAdjoint: async (final, k) =>
        plain(isMade ? await terminalAdjoint(structuredClone(final), k) : structuredClone(terminalAdjoint)),
      steps: STEPS,
    },
    1,
  )
  const numbersOf = (value: unknown) =>
    reference === undefined ? [...(value as Float64Array)] : numbers(value)
  return { final: numbersOf(finalState), adjoint: numbersOf(adjoints[0]) }
}

test('the table in the documentation has the rows that are tested here', () => {
  const page = readFileSync(new URL('../../apps/docs/driver/ownership.md', import.meta.url), 'utf8')
  const rows = [...page.matchAll(/^\| ([^|]+?) +\|/gm)].map(([, name]) => name!)
  // The first two are the table's head; the last two have tests of their own below.
  const others = new Set(['value', rows[1], 'size of a value', 'results'])
  const tested = new Set([...slips.map(({ value }) => value)])
  expect([...tested].toSorted()).toEqual(rows.filter((name) => !others.has(name)).toSorted())
})

describe.each(slips.map((slip) => [`${slip.value}: ${slip.what}`, slip] as const))('%s', (_, slip) => {
  test.each(Object.keys(ways))(`${slip.outcome}, in %s`, async (way) => {
    const seen: string[] = []
    for (const [name, schedule] of schedules) {
      if (way !== 'memory' && schedule.manifest.limits['DISK'] === undefined) continue
      const outcome = await outcomeOf(slip, schedule, ways[way]!)
      count(outcome)
      seen.push(`${outcome}: ${name}`)
    }
    const wanted = (outcome: string) => seen.filter((it) => it.startsWith(outcome))
    if (slip.outcome === 'right') expect(wanted('error')).toEqual([])
    if (slip.outcome === 'error') expect(wanted('right')).toEqual([])
    if (slip.outcome === 'right or error' && way === 'memory') expect(wanted('error')).not.toEqual([])
  })
})

test.each(slips.map((slip) => [`${slip.value}: ${slip.what}`, slip] as const))(
  '%s: never wrong where the memory of states is reused',
  async (_, slip) => {
    const outcomes = new Set<string>()
    for (const [, schedule] of schedules)
      outcomes.add(await outcomeOf(slip, schedule, memoryStore, { state: reusingTreeCodec }))
    for (const outcome of outcomes) count(outcome as 'right' | 'error')
    if (slip.outcome === 'error') expect([...outcomes]).toEqual(['error'])
  },
)

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
