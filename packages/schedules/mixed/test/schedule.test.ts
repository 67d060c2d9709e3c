/** The suite that every schedule must pass. */
import { testSchedule } from '@checkpoint-schedules/testkit'
import { describe, it } from 'vitest'
import { mixed } from '../src/index.js'

testSchedule(mixed, { describe, it, neverDearerWithMore: ['snapshots'] })
