/** A run that was cut off goes on, and ends with the same bits: every family, cut off anywhere, once and again. */
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Schedule } from '@checkpoint-schedules/core'
import { type Model, runAdjoint, type RunEvent, treeCodec } from '@checkpoint-schedules/driver'
import { fileJournal } from '@checkpoint-schedules/storage-fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { byHand } from './support/by-hand.js'
import { families } from './support/families.js'
import { optionsOf } from './support/family-options.js'
import { adaptive } from './support/models/adaptive.js'
import { onDevice } from './support/models/device.js'
import type { AnyExample } from './support/models/example.js'
import { leapfrog } from './support/models/leapfrog.js'

let folder: string
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'checkpoint-schedules-'))))
afterAll(() => rmSync(folder, { recursive: true }))

const bits = async (value: unknown) => Buffer.from(await treeCodec.encode(value)).toString('base64')

class Crash extends Error {}

/** The model, but `on` is called before each of its functions, and after each of its steps. */
function watched(model: Model<any, any, any>, on: () => void): Model<any, any, any> {
  const { step, tape, adjoint } = model
  return {
    ...model,
    step: async (state, n) => (on(), step(state, n)),
    tape: async (state, n) => (on(), tape(state, n)),
    adjoint: async (a, t, n) => (on(), adjoint(a, t, n)),
  }
}

interface Attempt {
  readonly outcome: { finalState: string; adjoints: string[] } | 'cut off'
  readonly events: RunEvent[]
  readonly seen: number[]
  /** Calls of the model's functions. */
  readonly calls: number
}

/** Runs on until the `cutAt`-th event; the next attempt finds what was durable then. */
async function attempt(
  example: AnyExample,
  settings: {
    schedule: Schedule
    cutAt?: number
    by?: 'crash' | 'abort'
    adjoints?: number
    online?: boolean
  },
): Promise<Attempt> {
  const { schedule, cutAt = Infinity, by = 'crash', adjoints = 1, online = false } = settings
  const { model, initialState, terminalAdjoint, steps, plain = (value) => value } = example
  const controller = new AbortController()
  let count = 0
  const on = () => {
    count += 1
    if (count !== cutAt) return
    if (by === 'crash') throw new Crash('cut')
    controller.abort(new Crash('cut'))
  }
  const events: RunEvent[] = []
  const seen: number[] = []
  const isDone = model.isDone ?? ((_state: unknown, n: number) => n === steps)
  try {
    const result = await runAdjoint<any, any, any>({
      schedule,
      model: { ...watched(model, on), observe: (_state, n) => void seen.push(n), ...(online && { isDone }) },
      initialState,
      terminalAdjoint,
      steps: online ? undefined : steps,
      adjoints,
      journal: fileJournal(join(folder, 'run'), { everySteps: 4 }),
      onEvent: (event) => event.type !== 'nothing-compared' && events.push(event),
      checkReplay: { share: Infinity },
      signal: controller.signal,
    })
    const adjointBits: string[] = []
    const finalState = await bits(plain(result.finalState))
    for (const adjoint of result.adjoints) adjointBits.push(await bits(plain(adjoint)))
    return { outcome: { finalState, adjoints: adjointBits }, events, seen, calls: count }
  } catch (error) {
    const cause = (error as Error).cause ?? error
    if (!(cause instanceof Crash)) throw error
    return { outcome: 'cut off', events, seen, calls: count }
  }
}

const short = { ...leapfrog(), steps: 19 }
const models: [string, () => AnyExample, AnyExample][] = [
  ['leapfrog', () => short, short],
  ['leapfrog on a device', () => onDevice(short), short],
  ['an adaptive step', adaptive, adaptive()],
]

/** Where a run is cut off: everywhere for the first model, in turn for others and for other ways to run it. */
const parts = [0.2, 0.55, 0.9]
let turn = 0

describe.each(models)('%s', (_, make, reference) => {
  let expected: { finalState: string; adjoints: string[] }
  beforeAll(async () => {
    const { finalState, adjoints } = await byHand(reference, 3)
    expected = { finalState: await bits(finalState), adjoints: await Promise.all(adjoints.map(bits)) }
  })

  const cases: [string, Schedule][] = families
    .filter(({ factory }) => factory.definition.adjoints !== 0)
    .flatMap(({ exportName, factory }) =>
      optionsOf(reference.steps)[exportName]!.map((options): [string, Schedule] => [
        `${exportName} ${JSON.stringify(options)}`,
        factory(options),
      ]),
    )

  test.each(cases)('%s', async (_name, schedule) => {
    const ways = [
      { schedule },
      ...(schedule.manifest.online ? [{ schedule, online: true }] : []),
      ...(schedule.manifest.adjoints === 'unlimited' ? [{ schedule, adjoints: 3 }] : []),
    ]
    // The model observes, and some have no fingerprint.
    const told = [...(reference.model.fingerprint === undefined ? ['unnamed-model'] : []), 'not-observed']
    for (const way of ways) {
      const wanted = { ...expected, adjoints: expected.adjoints.slice(0, 'adjoints' in way ? 3 : 1) }
      const whole = await attempt(make(), way)
      expect(whole.outcome).toEqual(wanted)
      const all = reference === short && way === ways[0]
      for (const part of all ? parts : [parts[turn++ % 3]!]) {
        const by = part === parts[1] ? 'abort' : 'crash'
        const cutAt = Math.ceil(part * whole.calls)
        const first = await attempt(make(), { ...way, cutAt, by })
        expect([first.outcome, first.events.map(({ type }) => type)]).toEqual(['cut off', ['started-over']])
        // Cut off again on the way, sometimes while it recovers.
        const second = await attempt(make(), { ...way, cutAt: 1 + (cutAt % 11), by })
        const last = second.outcome === 'cut off' ? await attempt(make(), way) : second
        expect(last.outcome, `cut off at ${cutAt}`).toEqual(wanted)
        expect(last.events.map(({ type }) => type)).toEqual(['resumed', ...told])
        // It takes less than the whole run, and one forward sweep at most to recover.
        expect(last.calls).toBeLessThan(whole.calls - cutAt + reference.steps + 8)
        // Observations go on where the durable point was: in order, none left out.
        const { seen } = last
        expect(seen).toEqual(seen.map((_n, k) => seen[0]! + k))
        if (seen.length > 0) expect(seen.at(-1)).toBe(reference.steps)
        expect(readdirSync(folder)).toEqual([])
      }
    }
    expect(existsSync(join(folder, 'run'))).toBe(false)
  })
})
