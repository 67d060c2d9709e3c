/** Processes die at any request, and requests are lost, unanswered, or late: the run ends with the bits of one in memory. */
import type { Schedule } from '@checkpoint-schedules/core'
import { multistage } from '@checkpoint-schedules/multistage'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { objectJournal, readObjectJournal } from '../src/index.js'
import { decay, N } from './support/decay.js'
import { type Fates, randomFrom, SimulatedStore } from './support/simulated-store.js'

/** `CASES=5000` for the full campaign. */
const numRuns = Number(process.env['CASES'] ?? 40)

const schedules: Schedule[] = [
  multistage({ steps: N, snapshotsInRam: 2 }),
  multistage({ steps: N, snapshotsInRam: 1, snapshotsOnDisk: 3 }),
  multistage({ steps: N, snapshotsOnDisk: 4, trajectory: 'revolve' }),
]
const inMemory = multistage({ steps: N, snapshotsInRam: N })

const patient = { firstRetryMs: 0, retrySeconds: 1e6, requestSeconds: 86_400 }

const cases = fc.record({
  schedule: fc.constantFrom(...schedules),
  deaths: fc.array(fc.integer({ min: 1, max: 200 }), { minLength: 1, maxLength: 5 }),
  everySteps: fc.integer({ min: 1, max: 6 }),
  cells: fc.constantFrom(5, 9000), // within the head, or a part of its own that is cut into three objects
  buffers: fc.constantFrom(0, 2, 4),
  seed: fc.integer(),
})

type Case = typeof cases extends fc.Arbitrary<infer T> ? T : never

/** Runs until one process has survived, each on what the last one left. Says how many found a durable point. */
async function runAgainAndAgain(given: Case, fates: Fates) {
  const { schedule, deaths, everySteps, cells, buffers, seed } = given
  const store = new SimulatedStore(randomFrom(seed), fates)
  let resumed = 0
  for (const death of [...deaths, Infinity]) {
    const before = await readObjectJournal(store.client(), 'runs/one', patient)
    const client = store.client(death)
    const options = { everySeconds: Infinity, everySteps, partBytes: 30_000, ...patient }
    const journal = objectJournal(client, 'runs/one', options)
    const run = decay({ schedule, journal, cells, buffers })
    const found = (await Promise.race([run, client.died])) ?? undefined
    if (found === undefined) continue
    const events = found.events.map(({ type }) => type)
    if (before?.last !== undefined) resumed += 1
    // What was durable is found, and all of it; or more, by a late request: perhaps even that the run had finished.
    const hadFinished = found.events.some(({ message }) => message.includes('has finished'))
    if (before?.last !== undefined && !hadFinished) expect(events).toContain('resumed')
    expect(events).not.toContain('recomputed')
    expect(found.bits).toBe((await decay({ schedule: inMemory, cells, buffers })).bits)
    return { resumed, store }
  }
  throw new Error('the last process does not die')
}

test('a process dies at any request, again and again, and nothing is left behind', async () => {
  let all = 0
  const property = fc.asyncProperty(cases, async (given) => {
    const { resumed, store } = await runAgainAndAgain(given, {})
    all += resumed
    expect([...store.objects.keys()]).toEqual([])
  })
  await fc.assert(property, { numRuns, endOnFailure: true })
  expect(all).toBeGreaterThan(numRuns / 10)
})

test('and requests are lost, unanswered and late', async () => {
  const property = fc.asyncProperty(cases, async (given) => {
    await runAgainAndAgain(given, { unanswered: 0.05, lost: 0.05, late: 0.05 })
  })
  await fc.assert(property, { numRuns, endOnFailure: true })
})
