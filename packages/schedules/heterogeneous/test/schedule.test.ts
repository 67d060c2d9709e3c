/** The suite that every schedule must pass. */
import { testSchedule } from '@checkpoint-schedules/testkit'
import { describe, it } from 'vitest'
import { heterogeneous } from '../src/index.js'
import { costOf, type Input } from './replay.js'

testSchedule(heterogeneous, {
  describe,
  it,
  sizes: { steps: 30 },
  costOf: (options, action) => costOf(options as Input, action),
})
