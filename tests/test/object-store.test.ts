/** Over the protocol of S3: a server of its own, and a network that fails. `pnpm kills 200 7 objects` kills runs whose journal is there. */
import { runAdjoint, type RunEvent } from '@checkpoint-schedules/driver'
import type { Journal, Store } from '@checkpoint-schedules/model'
import { burgers1d } from '@checkpoint-schedules/models'
import { multistage } from '@checkpoint-schedules/multistage'
import { objectJournal, objectStore } from '@checkpoint-schedules/storage-object'
import { testStore } from '@checkpoint-schedules/testkit'
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest'
import { clientAt, type RunningStore, startObjectStore } from '../support/object-store.mjs'
import { type Fault, startProxy } from './support/failing-proxy.js'

let s3: RunningStore
beforeAll(async () => void (s3 = await startObjectStore()))
afterAll(() => s3.close())

const steps = 14
// 160 kB, in five parts.
const problem = burgers1d({ points: 20_000, steps })
const partBytes = 40_000

/** The bits of all results, under a schedule with checkpoints in RAM and on disk, or all in RAM. */
async function run(given: {
  stores?: Record<string, Store>
  journal?: Journal
  signal?: AbortSignal
  reversing?: (n: number) => void
}) {
  const { stores, journal, signal, reversing } = given
  const { model, initialState, terminalAdjoint } = problem
  const isInMemory = stores === undefined && journal === undefined
  const events: RunEvent[] = []
  const { finalState, adjoints } = await runAdjoint({
    schedule: isInMemory
      ? multistage({ steps, snapshotsInRam: steps })
      : multistage({ steps, snapshotsInRam: 1, snapshotsOnDisk: 4 }),
    model: {
      ...model,
      adjoint(adjoint, tape, n) {
        reversing?.(n)
        return model.adjoint(adjoint, tape, n)
      },
    },
    initialState,
    terminalAdjoint,
    onEvent: (event) => events.push(event),
    ...(stores && { stores }),
    ...(journal && { journal }),
    ...(signal && { signal }),
  })
  return { bits: JSON.stringify([finalState, adjoints]), events: events.map(({ type }) => type) }
}

// The port is known when a store is used.
const client = {
  put: (key: string, bytes: Uint8Array, signal?: AbortSignal) => clientAt(s3.bucket).put(key, bytes, signal),
  get: (key: string, signal?: AbortSignal) => clientAt(s3.bucket).get(key, signal),
  delete: (key: string, signal?: AbortSignal) => clientAt(s3.bucket).delete(key, signal),
}
testStore(() => objectStore(client, { partBytes: 2 ** 20 }), { describe, it, runs: 10 })

test('a run leaves nothing behind', async () => {
  expect(await s3.list()).toEqual([])
})

const periods: Record<string, (count: number, method: string) => Fault> = {
  'answers 503, resets connections and cuts bodies': (count, method) => {
    if (count % 7 === 3) return '503'
    if (count % 11 === 5) return 'reset'
    return count % 13 === 6 && method === 'GET' ? 'cut' : undefined
  },
  'carries requests out without an answer': (count) => (count % 5 === 2 ? 'unanswered' : undefined),
  'is away for 9 requests': (count) => (count > 30 && count <= 39 ? 'reset' : undefined),
  'is overloaded for 9 requests': (count) => (count > 50 && count <= 59 ? '503' : undefined),
}

describe.each(Object.keys(periods))('a network that %s', (how) => {
  const options = { partBytes, firstRetryMs: 1 }

  test('the same bits from a store', async () => {
    const proxy = await startProxy(s3.port, periods[how]!)
    try {
      const stores = {
        DISK: objectStore(clientAt(`http://127.0.0.1:${proxy.port}/runs`), { ...options, prefix: 'store' }),
      }
      const { bits } = await run({ stores })
      expect(bits).toBe((await run({})).bits)
      expect(Object.keys(proxy.counts).length).toBeGreaterThan(1)
    } finally {
      await proxy.close()
    }
    expect(await s3.list()).toEqual([])
  })

  test('the same bits from a journal, and from a run that resumes', async () => {
    const proxy = await startProxy(s3.port, periods[how]!)
    const expected = await run({})
    try {
      const journal = objectJournal(clientAt(`http://127.0.0.1:${proxy.port}/runs`), 'runs/one', {
        ...options,
        everySteps: 3,
      })
      const controller = new AbortController()
      const reversing = (n: number) => {
        if (n === 5) controller.abort(new Error('enough'))
      }
      const aborted = run({ journal, signal: controller.signal, reversing })
      await expect(aborted).rejects.toThrow('enough')
      const { bits, events } = await run({ journal })
      expect(bits).toBe(expected.bits)
      expect(events).toContain('resumed')
    } finally {
      await proxy.close()
    }
    expect(await s3.list()).toEqual([])
  })
})
