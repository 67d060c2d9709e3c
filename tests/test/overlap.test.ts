/** Slow stores: transfers overlap with computing within a bound, and whatever they do, the gradient is right or the error clear. */
import { singleDisk } from '@checkpoint-schedules/basic'
import type { Schedule } from '@checkpoint-schedules/core'
import { runAdjoint, type Store } from '@checkpoint-schedules/driver'
import { mixed } from '@checkpoint-schedules/mixed'
import { multistage, twoLevel } from '@checkpoint-schedules/multistage'
import { diskRevolve, hRevolve } from '@checkpoint-schedules/revolve'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { handled, initialState, Live, oscillator } from './support/oscillator.js'
import { SlowStore } from './support/slow-store.js'

const N = 25
const schedules: [string, Schedule][] = [
  ['singleDisk', singleDisk()],
  ['singleDisk, moved', singleDisk({ moveData: true })],
  ['multistage, disk', multistage({ steps: N, snapshotsOnDisk: 4 })],
  ['multistage, both', multistage({ steps: N, snapshotsInRam: 2, snapshotsOnDisk: 3 })],
  ['twoLevel', twoLevel({ period: 6, binomialSnapshots: 2 })],
  ['diskRevolve', diskRevolve({ steps: N, snapshotsInRam: 1 })],
  ['hRevolve', hRevolve({ steps: N, snapshotsInRam: 1, snapshotsOnDisk: 3 })],
  ['mixed', mixed({ steps: N, snapshots: 5 })],
]
const terminalAdjoint = { x: 1, v: 0, stiffness: 0 }

const unhandled: unknown[] = []
const onUnhandled = (error: unknown) => void unhandled.push(error)
beforeAll(() => void process.on('unhandledRejection', onUnhandled))
afterAll(() => {
  process.off('unhandledRejection', onUnhandled)
  expect(unhandled).toEqual([])
})

function run(
  schedule: Schedule,
  store: SlowStore,
  live: Live,
  more: Partial<Parameters<typeof runAdjoint>[0]> = {},
) {
  return runAdjoint({
    schedule,
    model: handled(live),
    initialState: { data: { ...initialState } },
    terminalAdjoint: { data: { ...terminalAdjoint } },
    steps: N,
    stores: { DISK: store },
    ...(more as object),
  })
}

const outcome = (promise: Promise<unknown>) =>
  promise.then(
    () => undefined,
    (error: unknown) => error,
  )

describe.each(schedules)('%s', (_, schedule) => {
  test('the same bits with any number of buffers, and no more transfers at once than that', async () => {
    const expected = await runAdjoint({
      schedule: multistage({ steps: N, snapshotsInRam: N }),
      model: oscillator(),
      initialState,
      terminalAdjoint,
    })
    for (const buffers of [0, 1, 2, 3, 8]) {
      const [store, live] = [new SlowStore(), new Live()]
      const { adjoints, statistics } = await run(schedule, store, live, { buffers })
      expect(adjoints[0]!.data).toStrictEqual(expected.adjoints[0])
      // One more is the read that the run waits for: it takes the place of the working state.
      expect(store.mostUnderWay).toBeLessThanOrEqual(buffers === 0 ? 1 : buffers + 1)
      expect(store.clashes).toBe(0)
      expect(statistics.buffers.peak).toBeLessThanOrEqual(Math.max(1, buffers))
      expect(live.count).toBe(2)
      expect([store.closed, store.left]).toEqual([1, 0])
    }
  })

  test('an operation that rejects: named, nothing left', async () => {
    for (const operation of ['put', 'get', 'take'] as const) {
      for (let at = 0; at < 12; at += 3) {
        const live = new Live()
        const broken = new Error('the disk is full')
        let count = 0
        const on = (name: string) => {
          if (name === operation && count++ === at) throw broken
        }
        const store = new SlowStore({ on })
        const error = await outcome(run(schedule, store, live))
        if (error === undefined) {
          // The schedule has no such operation, or nobody needed what was lost.
          expect(live.count).toBe(2)
          continue
        }
        expect(error).toMatchObject({ code: 'STORE_FAILED', cause: broken, details: { storage: 'DISK' } })
        expect(live.count).toBe(0)
        expect([store.closed, store.left, store.underWay]).toEqual([1, 0, 0])
      }
    }
  })

  test('a model that throws while transfers are under way', async () => {
    for (let step = 0; step < N; step += 4) {
      for (const phase of ['tape', 'adjoint'] as const) {
        const [store, live] = [new SlowStore(), new Live()]
        const on = (at: string, n: number) => {
          if (at === phase && n === step) throw new Error('boom')
        }
        expect(await outcome(run(schedule, store, live, { model: handled(live, { on }) }))).toMatchObject({
          code: 'MODEL_FAILED',
          details: { phase, step },
        })
        expect([live.count, store.closed, store.left, store.underWay]).toEqual([0, 1, 0, 0])
      }
    }
  })

  test('a store that hangs until the run is aborted', async () => {
    const [store, live] = [new SlowStore({ hangs: true }), new Live()]
    const error = await outcome(run(schedule, store, live, { signal: AbortSignal.timeout(30) }))
    expect(error).toMatchObject({ name: 'TimeoutError' })
    expect([live.count, store.closed, store.left]).toEqual([0, 1, 0])
  })
})

test('computing goes on while checkpoints are written and read', async () => {
  // Each transfer takes as long as several steps: without overlap none of them would be under way during a step.
  let [store, busy, steps] = [new SlowStore({ delay: () => 3 }), 0, 0]
  const model = oscillator({
    on() {
      steps += 1
      if (store.underWay > 0) busy += 1
    },
  })
  const settings = { model, initialState, terminalAdjoint, steps: N, stores: { DISK: store } }
  await runAdjoint({ ...settings, schedule: multistage({ steps: N, snapshotsInRam: 2, snapshotsOnDisk: 3 }) })
  expect(busy).toBeGreaterThan(0.2 * steps)
  store = new SlowStore({ delay: () => 3 })
  busy = 0
  await runAdjoint({ ...settings, schedule: singleDisk(), stores: { DISK: store }, buffers: 0 })
  expect(busy).toBe(0)
})

test('a synchronous model computes while the store has been asked already', async () => {
  // What the store is asked for at the time of each adjoint step: without early reads, nothing.
  const [asked, during]: [number[], number[]] = [[], []]
  const store = new SlowStore({ delay: () => 0 })
  const slow: Store = {
    medium: 'slow',
    open(settings) {
      const opened = store.open(settings)
      return {
        ...opened,
        take(key) {
          asked.push(key.step)
          return opened.take(key)
        },
      }
    },
  }
  const model = oscillator({
    on: (phase, n) => void (phase === 'adjoint' && during.push(Math.min(n, ...asked))),
  })
  const settings = { model, initialState, terminalAdjoint, steps: N, stores: { DISK: slow } }
  await runAdjoint({ ...settings, schedule: singleDisk({ moveData: true }) })
  // While step n is reversed, the checkpoint of step n-1 is on its way.
  expect(during.slice(1, -1)).toEqual(Array.from({ length: N - 2 }, (_, i) => N - 3 - i))
})

test('buffers must be a number of buffers', async () => {
  const bad = run(singleDisk(), new SlowStore(), new Live(), { buffers: -1 })
  await expect(bad).rejects.toMatchObject({
    code: 'INVALID_OPTION',
    message: expect.stringContaining('buffers must be an integer >= 0'),
  })
})
