import { formatAction } from '@checkpoint-schedules/core'
import { testSchedule } from '@checkpoint-schedules/testkit'
import { describe, expect, it, test } from 'vitest'
import { exampleSchedule } from '../src/index.js'

testSchedule(exampleSchedule, { describe, it })

test('the actions of a small case', () => {
  const lines = Array.from(exampleSchedule({ steps: 3, period: 2 }), (action) => formatAction(action))
  expect(lines).toEqual([
    'Forward(0, 2, true, false, RAM)',
    'Forward(2, 3, false, true, ADJ_DEPS)',
    'EndForward()',
    'Reverse(3, 2, true)',
    'Copy(0, RAM, FWD_RESTART)',
    'Forward(0, 1, false, false, FWD_RESTART)',
    'Forward(1, 2, false, true, ADJ_DEPS)',
    'Reverse(2, 1, true)',
    'Move(0, RAM, FWD_RESTART)',
    'Forward(0, 1, false, true, ADJ_DEPS)',
    'Reverse(1, 0, true)',
    'EndReverse()',
  ])
})
