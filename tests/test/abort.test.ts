/** An abort loses nothing: at every call of the model and at every transfer, while others are under way, it leaves a point where the run was. */
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { Schedule } from '@checkpoint-schedules/core'
import { singleDisk } from '@checkpoint-schedules/basic'
import {
  type Journal,
  type RunEvent,
  memoryStore,
  type OpenStore,
  runAdjoint,
  type Store,
} from '@checkpoint-schedules/driver'
import { multistage, twoLevel } from '@checkpoint-schedules/multistage'
import { hRevolve } from '@checkpoint-schedules/revolve'
import { fileJournal, readJournal } from '@checkpoint-schedules/storage-fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { count, leaveTally } from './support/tally.js'

leaveTally()

const N = 10
let folder: string
let runs = 0
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'checkpoint-schedules-'))))
afterAll(() => rmSync(folder, { recursive: true }))

/** A store whose transfers take a while, so that the run waits for buffers; `on` is called when one begins. */
function slow(store: Store, on: () => void): Store {
  return {
    medium: store.medium,
    open: async (settings) => {
      const opened = await store.open(settings)
      const late =
        <A extends unknown[], T>(call: (...given: A) => T | PromiseLike<T>) =>
        async (...given: A): Promise<T> => {
          on()
          const done = await call(...given)
          await wait(1)
          return done
        }
      const slowed: OpenStore = {
        put: late((key, value) => opened.put(key, value)),
        get: late((key) => opened.get(key)),
        take: late((key) => opened.take(key)),
        delete: (key) => opened.delete(key),
        keys: () => opened.keys(),
        flush: () => opened.flush(),
        clear: () => opened.clear(),
        close: () => opened.close(),
      }
      return slowed
    },
  }
}

function slowly(journal: Journal, on: () => void): Journal {
  return {
    open: async (settings) => {
      const opened = await journal.open(settings)
      return Object.create(opened, {
        store: { value: slow(opened.store, on) },
        found: { value: opened.found },
        isDue: { value: () => false }, // no point but that of the abort
        commit: { value: (point: never) => opened.commit(point) },
        close: { value: (outcome: never) => opened.close(outcome) },
        statistics: { get: () => opened.statistics },
      }) as typeof opened
    },
  }
}

interface Settings {
  readonly schedule: Schedule
  readonly buffers: number
  readonly online?: boolean
  readonly observed?: boolean
}

const step = (u: Float64Array) => u.map((x) => x - 0.01 * x * x)

async function run(directory: string, { schedule, buffers, online, observed }: Settings, abortAt = Infinity) {
  const controller = new AbortController()
  let events = 0
  let steps = 0
  const seen: number[] = []
  const on = () => {
    events += 1
    if (events === abortAt) controller.abort(new Error('enough'))
  }
  const told: RunEvent['type'][] = []
  const stepped = async <T>(value: T) => {
    on()
    await Promise.resolve()
    steps += 1
    return value
  }
  const result = runAdjoint({
    schedule,
    model: {
      step: (u: Float64Array) => stepped(step(u)),
      tape: (u: Float64Array) => stepped({ state: step(u), tape: u }),
      adjoint: (a: Float64Array, u: Float64Array) => stepped(a.map((x, i) => x * (1 - 0.02 * u[i]!))),
      fingerprint: 'decay',
      ...(online && { isDone: (_u: Float64Array, n: number) => n === N }),
      ...(observed && { observe: (_u: Float64Array, n: number) => void seen.push(n) }),
    },
    initialState: Float64Array.of(1, 2, 3),
    terminalAdjoint: Float64Array.of(1, 1, 1),
    steps: online ? undefined : N,
    buffers,
    journal: slowly(fileJournal(directory), on),
    onEvent: ({ type }) => told.push(type),
    signal: controller.signal,
  })
  const bits = await result.then(
    ({ finalState, adjoints }) => [...finalState, ...adjoints[0]!].join(),
    (error: Error) => error.message,
  )
  return { bits, events, steps, told, seen }
}

const cases: [string, Settings][] = [
  ['all on disk', { schedule: multistage({ steps: N, snapshotsOnDisk: 4 }), buffers: 1 }],
  [
    'two levels, observed',
    {
      schedule: multistage({ steps: N, snapshotsInRam: 1, snapshotsOnDisk: 3 }),
      buffers: 2,
      observed: true,
    },
  ],
  ['hRevolve', { schedule: hRevolve({ steps: N, snapshotsInRam: 1, snapshotsOnDisk: 3 }), buffers: 0 }],
  ['tapes on disk, observed', { schedule: singleDisk({ moveData: true }), buffers: 1, observed: true }],
  [
    'online',
    {
      schedule: twoLevel({ period: 4, binomialSnapshots: 2, binomialStorage: 'DISK' }),
      buffers: 2,
      online: true,
    },
  ],
]

describe.each(cases)('%s', { timeout: 300_000 }, (_, settings) => {
  test('an abort anywhere is resumed where it was', async () => {
    const whole = await run(join(folder, `run-${runs++}`), settings)
    // Every third event; all of them with EVERY_ABORT=1, as `pnpm attack aborts` does.
    const stride = process.env['EVERY_ABORT'] === '1' ? 1 : 3
    for (let at = 1; at <= whole.events; at += stride) {
      const directory = join(folder, `run-${runs++}`)
      const first = await run(directory, settings, at)
      if (first.bits !== 'enough') {
        expect(first.bits, `${at}`).toBe(whole.bits) // it was over
        continue
      }
      const { last } = existsSync(directory) ? await readJournal(directory) : {}
      // Only where no step was taken there is nothing to keep.
      expect(last !== undefined, `aborted at ${at} after ${first.steps} steps`).toBe(first.steps > 0)
      const second = await run(directory, settings)
      expect(second.bits, `aborted at ${at}`).toBe(whole.bits)
      count('right')
      if (last === undefined) continue
      expect(second.told[0]).toBe('resumed')
      // Nothing that was done is done again but what was in memory: less than one forward.
      expect(first.steps + second.steps).toBeLessThanOrEqual(whole.steps + N + 1)
      // Each step was shown once to one of the two.
      if (settings.observed)
        expect([...first.seen, ...second.seen]).toEqual(Array.from({ length: N + 1 }, (_n, n) => n))
      expect(existsSync(directory)).toBe(false)
    }
    expect(readdirSync(folder)).toEqual([])
  })
})

test('stores apart from the journal are told of, and an abort does not wait for one that hangs', async () => {
  const directory = join(folder, `run-${runs++}`)
  const controller = new AbortController()
  const told: RunEvent[] = []
  const hangs: Store = {
    medium: 'nowhere',
    open: () => ({
      put: () => new Promise(() => controller.abort(new Error('enough'))),
      get: () => new Promise(() => {}),
      take: () => new Promise(() => {}),
      delete() {},
      keys: () => [],
      flush: () => new Promise(() => {}),
      clear() {},
      close() {},
    }),
  }
  const options = {
    schedule: multistage({ steps: N, snapshotsInRam: 1, snapshotsOnDisk: 3 }),
    model: {
      step,
      tape: (u: Float64Array) => ({ state: step(u), tape: u }),
      adjoint: (a: Float64Array, u: Float64Array) => a.map((x, i) => x * (1 - 0.02 * u[i]!)),
    },
    initialState: Float64Array.of(1, 2, 3),
    terminalAdjoint: Float64Array.of(1, 1, 1),
    onEvent: (event: RunEvent) => told.push(event),
  }
  await expect(
    runAdjoint({
      ...options,
      stores: { DISK: hangs },
      buffers: 1,
      journal: fileJournal(directory),
      signal: controller.signal,
    }),
  ).rejects.toThrow('enough')
  expect(told.map(({ type }) => type)).toEqual(['started-over', 'left-out'])
  expect(told[1]!.message).toMatch(/^DISK has a store apart from the journal/)
  const { adjoints } = await runAdjoint({
    ...options,
    stores: { DISK: memoryStore() },
    journal: fileJournal(directory),
  })
  const { adjoints: expected } = await runAdjoint({ ...options, stores: { DISK: memoryStore() } })
  expect(adjoints).toEqual(expected)
  expect(told.slice(2).map(({ type }) => type)).toEqual(['left-out', 'resumed', 'unnamed-model'])
})

test('opening a store or a journal that never opens heeds the abort', async () => {
  const run = (over: object, signal: AbortSignal) =>
    runAdjoint({
      schedule: multistage({ steps: N, snapshotsOnDisk: 3 }),
      model: {
        step: (x: number) => x,
        tape: (x: number) => ({ state: x, tape: x }),
        adjoint: (a: number) => a,
      },
      initialState: 1,
      terminalAdjoint: 1,
      signal,
      ...over,
    })
  const never = { medium: 'nowhere', open: () => new Promise<never>(() => {}) }
  for (const over of [{ stores: { DISK: never } }, { journal: never }]) {
    const controller = new AbortController()
    const ended = run(over, controller.signal)
    controller.abort(new Error('enough'))
    await expect(ended).rejects.toThrow('enough')
  }
})
