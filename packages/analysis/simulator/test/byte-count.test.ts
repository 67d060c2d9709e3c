/** Bytes: what each storage holds at most, for equal steps and for unequal ones, and what is said where that is too much. */
import {
  type ActionPrice,
  defineSchedule,
  endForward,
  endReverse,
  integer,
  keepAll,
  move,
  reverse,
  reverseAll,
  store,
  storeTape,
  moveTape,
  tape,
} from '@checkpoint-schedules/core'
import { expect, test } from 'vitest'
import { simulate, verify } from '../src/index.js'

const trace = [
  store(0, 1, 'RAM'),
  storeTape(1, 'DISK'),
  tape(2),
  endForward(),
  reverse(2),
  moveTape(1, 'DISK'),
  reverse(1),
  move(0, 'RAM'),
  tape(0),
  reverse(0),
  endReverse(),
]

test('a checkpoint takes what it holds', () => {
  expect(verify(trace, { sizes: { state: 5, tape: 3 } }).peakBytes).toEqual({ RAM: 5, DISK: 3 })
  expect(verify(trace)).not.toHaveProperty('peakBytes')
})

test('of tapes in working memory one is not counted: every run has it', () => {
  const kept = [keepAll(0, 4), endForward(), reverseAll(4, 0), endReverse()]
  expect(verify(kept, { sizes: { state: 5, tape: 3 } }).peakBytes).toEqual({ RAM: 9 })
})

test('limits in bytes hold for any trace', () => {
  const settings = { sizes: { state: 5, tape: 3 }, byteLimits: { RAM: 5, DISK: 2 } }
  expect(simulate(trace, settings).violations).toEqual([
    {
      index: 1,
      law: 'storage-bytes',
      step: 1,
      storage: 'DISK',
      message: 'Forward(1, 2, false, true, DISK): DISK would hold 3 bytes; right would be: at most 2.',
    },
  ])
})

/** Step n takes n+1 units of time; its state and its tape take 10 (n+1) bytes, and 7 are in use besides. */
const unequal = defineSchedule({
  name: 'Unequal',
  summary: 'A schedule of unequal steps.',
  whenToUse: 'In this test.',
  references: [],
  options: { ram: integer({ min: 0, help: 'bytes of memory' }) },
  online: false,
  adjoints: 1,
  limits: () => ({ RAM: 1, DISK: 1 }),
  bytes: ({ ram }) => ({ limits: { RAM: ram, DISK: null }, includes: 'working storage' }),
  priceOf(_, action): ActionPrice {
    const free = { steps: 0, transfer: 0, bytes: 0, working: 0 }
    if (action.type === 'Forward') {
      const { n0, writeIcs, storage } = action
      const isStored = writeIcs || storage === 'DISK'
      const transfer = storage === 'DISK' ? 100 : 0
      return { steps: n0 + 1, transfer, bytes: isStored ? 10 * (n0 + 1) : 0, working: 7 }
    }
    if (action.type === 'Reverse') return { ...free, steps: 10 * action.n1, working: 8 }
    return action.type === 'Move' && action.from === 'DISK' ? { ...free, transfer: 50 } : free
  },
  actions: () => trace[Symbol.iterator](),
})

test('a schedule of unequal steps is simulated at its own prices', () => {
  const { makespan, overlapped, peakBytes, violations } = simulate(unequal({ ram: 18 }), {
    steps: 3,
    buffers: 2,
  })
  expect(violations).toEqual([])
  expect(peakBytes).toEqual({ RAM: 18, DISK: 20 })
  expect(makespan).toBe(1 + 102 + 3 + 30 + 50 + 20 + 1 + 10)
  // The read waits for the write, which continues during step 2 and its adjoint.
  expect(overlapped).toBe(1 + 2 + 100 + 50 + 20 + 1 + 10)
})

test('costs that are given come first', () => {
  const costs = { forwardStep: 1, adjointStep: 1, write: { DISK: 0 }, read: { DISK: 0 } }
  expect(simulate(unequal({ ram: 18 }), { steps: 3, costs }).makespan).toBe(4 + 3)
})

test('what is in use counts where the schedule says so', () => {
  expect(simulate(unequal({ ram: 17 }), { steps: 3 }).violations).toMatchObject([
    {
      index: 4,
      law: 'storage-bytes',
      message:
        'Reverse(3, 2, true): RAM would hold 18 bytes, 8 of them besides checkpoints; right would be: at most 17.',
    },
  ])
})

test.each([
  null,
  { state: 1 },
  { state: -1, tape: 1 },
  { state: 1, tape: Number.NaN },
  { state: '8MB', tape: 1 },
])('sizes %j are refused', (sizes) => {
  expect(() => simulate(trace, { sizes: sizes as never })).toThrow(
    /^simulate: sizes must be \{ state, tape \}, numbers of bytes >= 0; got /,
  )
})
