/** Discard in the driver: the data is freed in memory and in slow stores, whatever is under way, and a journal resumes across it. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  type Action,
  advance,
  copy,
  defineSchedule,
  discard,
  endForward,
  endReverse,
  integer,
  move,
  moveTape,
  reverse,
  type Schedule,
  store,
  storeTape,
  tape,
} from '@checkpoint-schedules/core'
import { execute, runAdjoint } from '@checkpoint-schedules/driver'
import { fileJournal, fileStore } from '@checkpoint-schedules/storage-fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { handled, initialState, Live, oscillator } from './support/oscillator.js'
import { SlowStore } from './support/slow-store.js'

let folder: string
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'checkpoint-schedules-'))))
afterAll(() => rmSync(folder, { recursive: true }))

const terminalAdjoint = { x: 1, v: 0, stiffness: 0 }

function scheduleOf(
  steps: number,
  limits: Record<string, number>,
  actions: () => Generator<Action>,
): Schedule {
  return defineSchedule({
    name: 'Discarding',
    summary: 'Discards.',
    whenToUse: 'In tests.',
    references: [],
    options: { steps: integer({ min: 1, help: 'time steps of the forward' }) },
    online: false,
    adjoints: 1,
    limits: () => limits,
    actions,
  })({ steps })
}

const N = 24

/** Stores every step, on DISK or in RAM by turns, and discards all but every fourth as soon as the next one is to be stored. */
function* thinning(storage: (n: number) => string): Generator<Action> {
  for (let n = 0; n < N; n++) {
    if (n > 0 && (n - 1) % 4 !== 0) yield discard(n - 1, storage(n - 1))
    if (n % 4 === 2) yield storeTape(n, storage(n))
    else yield store(n, n + 1, storage(n))
  }
  yield endForward()
  if ((N - 1) % 4 !== 0) yield discard(N - 1, storage(N - 1))
  for (let n = N - 1; n >= 0; n--) {
    const from = n - (n % 4)
    if (from === n) yield move(n, storage(n))
    else {
      yield copy(from, storage(from))
      yield advance(from, n)
    }
    yield tape(n)
    yield reverse(n)
  }
  yield endReverse()
}

async function expectedAdjoint(steps: number) {
  const model = oscillator()
  const { adjoints } = await runAdjoint({
    schedule: scheduleOf(steps, { RAM: steps }, function* () {
      for (let n = 0; n < steps; n++) yield store(n, n + 1, 'RAM')
      yield endForward()
      for (let n = steps - 1; n >= 0; n--) yield* [move(n, 'RAM'), tape(n), reverse(n)]
      yield endReverse()
    }),
    model,
    initialState,
    terminalAdjoint,
  })
  return adjoints[0]
}

const places: [string, (n: number) => string, Record<string, number>][] = [
  ['memory', () => 'RAM', { RAM: N / 4 + 1 }],
  ['disk', () => 'DISK', { DISK: N / 4 + 1 }],
  ['both', (n) => (n % 3 === 0 ? 'DISK' : 'RAM'), { RAM: N, DISK: N }],
]

describe.each(places)('in %s', (_, storage, limits) => {
  const schedule = scheduleOf(N, limits, () => thinning(storage))

  test.each([0, 1, 2, 5])(
    'the data is freed, also of what is still being written, with %i buffers',
    async (buffers) => {
      const live = new Live()
      const slow = new SlowStore()
      const { adjoints, statistics } = await runAdjoint({
        schedule,
        model: handled(live),
        initialState: { data: { ...initialState } },
        terminalAdjoint: { data: { ...terminalAdjoint } },
        stores: { DISK: slow },
        buffers,
      })
      expect(adjoints[0]!.data).toStrictEqual(await expectedAdjoint(N))
      expect(live.count).toBe(2) // the final state and the gradient
      expect(slow.left).toBe(0)
      const discards = Object.values(statistics.storages).reduce((sum, it) => sum + it.discards, 0)
      expect(discards).toBe((3 * N) / 4)
      const { RAM } = statistics.storages
      if (RAM !== undefined) expect(RAM.peakBytes).toBe(16 * RAM.peakCheckpoints)
    },
  )

  test('a run that was cut off resumes across them, with the same bits', async () => {
    const expected = await expectedAdjoint(N)
    for (const [i, cutAt] of [5, 14, 27, 44].entries()) {
      const by = i % 2 === 0 ? 'crash' : 'abort'
      let count = 0
      const controller = new AbortController()
      const run = (cut: number) =>
        runAdjoint({
          schedule,
          model: oscillator({
            on() {
              count += 1
              if (count !== cut) return
              if (by === 'crash') throw new Error('cut')
              controller.abort(new Error('cut'))
            },
          }),
          initialState,
          terminalAdjoint,
          journal: fileJournal(join(folder, 'run'), { everySteps: 3 }),
          signal: cut === Infinity ? undefined : controller.signal,
        })
      await expect(run(cutAt)).rejects.toThrow('cut')
      expect((await run(Infinity)).adjoints[0]).toStrictEqual(expected)
      expect(readdirSync(folder)).toEqual([])
    }
  })
})

test('files have no more slots than the limit: what is discarded makes room', async () => {
  const directory = join(folder, 'files')
  const { adjoints } = await runAdjoint({
    schedule: scheduleOf(N, { DISK: N / 4 + 1 }, () => thinning(() => 'DISK')),
    model: oscillator(),
    initialState,
    terminalAdjoint,
    stores: { DISK: fileStore({ directory }) },
  })
  expect(adjoints[0]).toStrictEqual(await expectedAdjoint(N))
})

test('nothing is read ahead across a Discard: the same step may hold something else afterwards', async () => {
  const schedule = scheduleOf(3, { RAM: 2, DISK: 1 }, function* () {
    yield* [store(0, 1, 'RAM'), storeTape(1, 'DISK'), store(2, 3, 'RAM'), endForward()]
    yield* [move(2, 'RAM'), tape(2), reverse(2), discard(1, 'DISK')]
    yield* [copy(0, 'RAM'), advance(0, 1), store(1, 2, 'DISK'), move(1, 'DISK'), tape(1), reverse(1)]
    yield* [move(0, 'RAM'), storeTape(0, 'DISK'), moveTape(0, 'DISK'), reverse(0), endReverse()]
  })
  const slow = new SlowStore()
  const { adjoints } = await runAdjoint({
    schedule,
    model: oscillator(),
    initialState,
    terminalAdjoint,
    stores: { DISK: slow },
    buffers: 4,
  })
  expect(adjoints[0]).toStrictEqual(await expectedAdjoint(3))
})

test('a store that cannot delete is named', async () => {
  const slow = new SlowStore()
  const failing = {
    medium: 'failing',
    open: (settings: Parameters<SlowStore['open']>[0]) => ({
      ...slow.open(settings),
      delete: () => Promise.reject(new Error('read-only')),
    }),
  }
  const run = runAdjoint({
    schedule: scheduleOf(N, { DISK: N }, () => thinning(() => 'DISK')),
    model: oscillator(),
    initialState,
    terminalAdjoint,
    stores: { DISK: failing },
  })
  await expect(run).rejects.toMatchObject({
    code: 'STORE_FAILED',
    message: expect.stringMatching(/DISK failed to delete the checkpoint of step 1: read-only/),
  })
})

test('execute needs a handler for it', async () => {
  const schedule = scheduleOf(N, { RAM: N }, () => thinning(() => 'RAM'))
  const handlers = { forward() {}, reverse() {}, copy() {}, move() {} }
  await expect(execute(schedule, handlers)).rejects.toThrow(
    /emits Discard and there is no handler for it; pass \{ discard\(action\)/,
  )
  const seen: number[] = []
  await execute(schedule, { ...handlers, discard: ({ n }) => void seen.push(n) })
  expect(seen).toHaveLength((3 * N) / 4)
})
