import { testStore } from '@checkpoint-schedules/testkit'
import { describe, it } from 'vitest'
import { objectStore } from '../src/index.js'
import { SimulatedStore } from './support/simulated-store.js'

testStore(() => objectStore(new SimulatedStore().client()), { describe, it })
