import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  advance,
  copy,
  defineSchedule,
  endForward,
  endReverse,
  integer,
  move,
  moveTape,
  reverse,
  store,
  storeTape,
  tape,
} from '@checkpoint-schedules/core'
import { runAdjoint } from '@checkpoint-schedules/driver'
import { memoryStore, type Model, type Store } from '@checkpoint-schedules/model'
import { describe, expect, test } from 'vitest'
import { exportCheckpoint, fileStore } from '../src/index.js'
import { newDirectory } from './support/directories.js'

// Restart data of every fifth step on disk; the steps between are taken again for each step back.
const everyFifth = defineSchedule({
  name: 'EveryFifth',
  summary: 'For tests.',
  whenToUse: 'In tests.',
  references: [],
  options: { steps: integer({ min: 2, help: 'steps' }) },
  online: false,
  adjoints: 1,
  limits: ({ options: { steps } }) => ({ DISK: Math.ceil(steps / 5) }),
  *actions({ options: { steps } }) {
    for (let n = 0; n < steps - 1; n += 5) yield store(n, Math.min(n + 5, steps - 1), 'DISK')
    yield tape(steps - 1)
    yield endForward()
    yield reverse(steps - 1)
    for (let n = steps - 2; n >= 0; n--) {
      const start = n - (n % 5)
      yield n === start ? move(start, 'DISK') : copy(start, 'DISK')
      if (n > start) yield advance(start, n)
      yield tape(n)
      yield reverse(n)
    }
    yield endReverse()
  },
})

// The tape of every step on disk.
const allTapes = defineSchedule({
  name: 'AllTapes',
  summary: 'For tests.',
  whenToUse: 'In tests.',
  references: [],
  options: {},
  online: true,
  adjoints: 1,
  limits: ({ steps = null }) => ({ DISK: steps }),
  *actions({ run }) {
    for (let n = 0; run.steps === undefined; n++) yield storeTape(n, 'DISK')
    yield endForward()
    for (let n = run.steps - 1; n >= 0; n--) {
      yield moveTape(n, 'DISK')
      yield reverse(n)
    }
    yield endReverse()
  },
})

interface Levels {
  readonly now: Float64Array
  readonly before: Float64Array
}

// Two steps back, nothing is overwritten: the tape is the state, and shares an array with the next one.
const next = ({ now, before }: Levels): Levels => ({
  now: now.map((x, i) => x + 0.1 * Math.sin(before[i]!)),
  before: now,
})
const model: Model<Levels, Levels, Levels> = {
  step: next,
  tape: (state) => ({ state: next(state), tape: state }),
  adjoint: (a, { before }) => ({
    now: a.now.map((x, i) => x + a.before[i]!),
    before: a.now.map((x, i) => 0.1 * Math.cos(before[i]!) * x),
  }),
}
const start = (length: number): Levels => ({
  now: Float64Array.from({ length }, (_, i) => Math.sin(i)),
  before: new Float64Array(length).fill(0.5),
})

describe.each([
  ['large', 9000],
  ['small', 10],
])('the gradient of a run with %s states', (_, length) => {
  test.each([
    ['restart data', () => everyFifth({ steps: 12 }), undefined],
    ['tapes', () => allTapes(), 12],
  ])('is the same to the last bit with %s in files', async (_, schedule, steps) => {
    const directory = newDirectory()
    const run = (disk: Store) =>
      runAdjoint({
        schedule: schedule(),
        model,
        initialState: start(length),
        terminalAdjoint: (final) => ({ now: final.now, before: new Float64Array(length) }),
        stores: { DISK: disk },
        steps,
      })
    const inMemory = await run(memoryStore())
    const files = fileStore({ directory })
    for (let i = 0; i < 2; i++) {
      const inFiles = await run(files)
      expect(inFiles.adjoints[0]!.now).toEqual(inMemory.adjoints[0]!.now)
      expect(inFiles.adjoints[0]!.before).toEqual(inMemory.adjoints[0]!.before)
      expect(inFiles.finalState.now).toEqual(inMemory.finalState.now)
      expect(inFiles.statistics.storages['DISK']).toMatchObject({ medium: 'files' })
      expect(existsSync(directory)).toBe(false)
    }
  })
})

test('a model that throws leaves nothing behind', async () => {
  const directory = newDirectory()
  const broken: typeof model = {
    ...model,
    adjoint() {
      throw new Error('no')
    },
  }
  const run = runAdjoint({
    schedule: everyFifth({ steps: 12 }),
    model: broken,
    initialState: start(9000),
    terminalAdjoint: start(9000),
    stores: { DISK: fileStore({ directory }) },
  })
  await expect(run).rejects.toMatchObject({ code: 'MODEL_FAILED' })
  expect(existsSync(directory)).toBe(false)
})

test('arrays are exported for numpy, under plain names, and nothing is overwritten', async () => {
  const directory = newDirectory()
  const value = {
    u: Float64Array.of(1, -0),
    '../up': [Uint8Array.of(7), BigInt64Array.of(-1n)],
    U: new Float32Array(3),
    dt: 0.5,
    name: 'x',
  }
  const names = await exportCheckpoint(value, directory)
  expect(names).toEqual(['u.npy', '___up.0.npy', '___up.1.npy', 'U-1.npy', 'dt.npy'])
  const file = (name: string) => readFileSync(join(directory, name))
  const header = (name: string) => file(name).toString('latin1').split('\n')[0]!
  const text = "{'descr': '<f8', 'fortran_order': False, 'shape': (2,), }"
  expect(header('u.npy')).toBe(`\x93NUMPY\x01\x00v\x00${text.padEnd(117)}`)
  expect(header('dt.npy')).toContain("'shape': (), ")
  expect(header('___up.1.npy')).toContain("'<i8'")
  expect(file('u.npy').length).toBe(128 + 16)
  expect(file('u.npy').readDoubleLE(128)).toBe(1)
  expect(file('___up.0.npy').at(-1)).toBe(7)

  await expect(exportCheckpoint({ extra: 1, u: Float64Array.of(2) }, directory)).rejects.toMatchObject({
    code: 'STORE_FAILED',
    cause: { code: 'EEXIST' },
  })
  expect(readdirSync(directory).sort()).toEqual([...names].sort())
  await expect(exportCheckpoint(new Map(), directory)).rejects.toMatchObject({ code: 'INVALID_VALUE' })
  expect(await exportCheckpoint(Float64Array.of(1), directory)).toEqual(['value.npy'])
})
