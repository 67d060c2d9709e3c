import { formatAction, type Schedule } from '@checkpoint-schedules/core'
import { testSchedule } from '@checkpoint-schedules/testkit'
import { describe, expect, it, test } from 'vitest'
import { none, singleDisk, singleMemory } from '../src/index.js'

// Nothing is recomputed: N forward steps are the least possible.
const optimal = (_options: object, steps: number) => ({ forwardSteps: steps })

testSchedule(none, { describe, it, optimal })
testSchedule(singleMemory, { describe, it, optimal })
testSchedule(singleDisk, { describe, it, optimal })

const lines = (schedule: Schedule, steps: number, adjoints?: number) =>
  Array.from(schedule.start({ steps, adjoints }), (action) => formatAction(action))

test('singleMemory gives its data to each adjoint', () => {
  const adjoint = ['Reverse(3, 0, true)', 'EndReverse()']
  expect(lines(singleMemory(), 3, 2)).toEqual([
    'Forward(0, 9007199254740991, true, true, WORKING_MEMORY)',
    'EndForward()',
    ...adjoint,
    ...adjoint,
  ])
})

test('singleDisk copies for many adjoints, moves for one', () => {
  expect(singleDisk().manifest.adjoints).toBe('unlimited')
  expect(singleDisk({ moveData: true }).manifest.adjoints).toBe(1)
  expect(lines(singleDisk(), 1)).toContain('Copy(0, DISK, ADJ_DEPS)')
  expect(lines(singleDisk({ moveData: true }), 1)).toContain('Move(0, DISK, ADJ_DEPS)')
})

test('the limit of an unknown number of steps is unknown', () => {
  expect(singleDisk().manifest.limits).toEqual({ DISK: null })
  expect(singleDisk().limits(9)).toEqual({ DISK: 9 })
})
