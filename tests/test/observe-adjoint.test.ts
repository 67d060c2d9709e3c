/** `observeAdjoint` sees each adjoint once, in order, and a resumed run says what is not shown again. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Schedule } from '@checkpoint-schedules/core'
import { type RunEvent, memoryStore, runAdjoint } from '@checkpoint-schedules/driver'
import { revolve } from '@checkpoint-schedules/revolve'
import { fileJournal } from '@checkpoint-schedules/storage-fs'
import { singleMemory } from '@checkpoint-schedules/basic'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { families } from './support/families.js'
import { optionsOf } from './support/family-options.js'

let folder: string
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'checkpoint-schedules-'))))
afterAll(() => rmSync(folder, { recursive: true }))

const N = 13
type Seen = [k: number, n: number, adjoint: number]

/** x' = x + x²/10, in place, and adjoints that are overwritten. */
const inPlace = {
  step: (u: Float64Array) => u.fill(u[0]! + u[0]! ** 2 / 10),
  tape(u: Float64Array) {
    const tape = u[0]!
    return { tape, state: this.step(u) }
  },
  adjoint: (a: Float64Array, x: number) => a.fill(a[0]! * (1 + x / 5)),
}

/** What there is to see, by a loop that keeps every state. */
function byHand(adjoints: number): Seen[] {
  const states = [0.3]
  for (let n = 0; n < N; n++) states.push(inPlace.step(Float64Array.of(states[n]!))[0]!)
  return Array.from({ length: adjoints }, (_, k) => {
    let a = k + 1
    return Array.from({ length: N + 1 }, (_unused, i): Seen => {
      if (i > 0) a *= 1 + states[N - i]! / 5
      return [k, N - i, a]
    })
  }).flat()
}

const base = {
  initialState: Float64Array.of(0.3),
  terminalAdjoint: (_final: Float64Array, k: number) => Float64Array.of(k + 1),
  steps: N,
}

const schedules = families
  .filter(({ factory }) => factory.definition.adjoints !== 0)
  .flatMap(({ exportName, factory }) =>
    optionsOf(N)[exportName]!.map((options): [string, Schedule] => [
      `${exportName} ${JSON.stringify(options)}`,
      factory(options),
    ]),
  )

test.each(schedules)('%s: n = N … 0 once each, in order, for each calculation', async (_, schedule) => {
  const adjoints = schedule.manifest.adjoints === 'unlimited' ? 3 : 1
  for (const wait of [undefined, Promise.resolve()]) {
    const seen: Seen[] = []
    const names = Object.keys(schedule.limits(N))
    const observeAdjoint = (a: Float64Array, n: number, k: number) => {
      seen.push([k, n, a[0]!])
      return wait
    }
    const result = await runAdjoint({
      ...base,
      schedule,
      adjoints,
      model: { ...inPlace, observeAdjoint },
      stores: Object.fromEntries(names.map((name) => [name, memoryStore()])),
    })
    expect(seen).toEqual(byHand(adjoints))
    expect(result.adjoints.map((a) => a[0])).toEqual(seen.filter(([, n]) => n === 0).map(([, , a]) => a))
  }
})

test('what it throws is named', async () => {
  const observeAdjoint = (_a: Float64Array, n: number) => {
    if (n === 5) throw new Error('a full plot')
  }
  const run = runAdjoint({ ...base, schedule: singleMemory(), model: { ...inPlace, observeAdjoint } })
  await expect(run).rejects.toMatchObject({
    code: 'MODEL_FAILED',
    message: 'model.observeAdjoint failed at step 5: a full plot',
  })
})

describe('a resumed run', () => {
  /** Runs until the `cutAt`-th look at a state or an adjoint. */
  async function attempt(schedule: Schedule, cutAt: number) {
    const states: number[] = []
    const adjoints: Seen[] = []
    const events: RunEvent[] = []
    let looks = 0
    const look = () => {
      if (++looks === cutAt) throw new Error('cut')
    }
    const run = runAdjoint({
      ...base,
      schedule,
      adjoints: 2,
      model: {
        ...inPlace,
        fingerprint: 'in place',
        observe: (_u: Float64Array, n: number) => (look(), void states.push(n)),
        observeAdjoint: (a: Float64Array, n: number, k: number) => (
          look(),
          void adjoints.push([k, n, a[0]!])
        ),
      },
      journal: fileJournal(join(folder, 'run'), { everySteps: 3 }),
      onEvent: (event) => events.push(event),
    })
    const outcome = await run.then(
      () => 'done',
      () => 'cut off',
    )
    return { states, adjoints, outcome, events: events.filter(({ type }) => type === 'not-observed') }
  }

  test('shows each adjoint that is left, and says which steps are not shown again', async () => {
    const all = byHand(2)
    for (let cutAt = 1; cutAt <= N + 1 + all.length; cutAt += 2) {
      const first = await attempt(singleMemory(), cutAt)
      const second = await attempt(singleMemory(), Infinity)
      expect([first.outcome, second.outcome]).toEqual(['cut off', 'done'])
      // Together they saw all; what is missing in the second one, its event names.
      const [before] = second.events
      const missing = all.length - second.adjoints.length
      expect(second.adjoints).toEqual(all.slice(missing))
      expect(first.adjoints.slice(0, missing)).toEqual(all.slice(0, missing))
      const statesMissing = N + 1 - second.states.length
      expect(second.states).toEqual(Array.from({ length: N + 1 }, (_, n) => n).slice(statesMissing))
      if (statesMissing === 0) expect(before).toBeUndefined()
      else expect(before!.message).toContain(`observe the states at n = 0 … ${statesMissing - 1}`)
      if (missing === 0) continue
      if (missing > N) expect(before!.message).toContain('observeAdjoint one adjoint calculation')
      if (missing % (N + 1) > 0)
        expect(before!.message).toContain(`observeAdjoint the adjoints at n = ${N} … ${all[missing - 1]![1]}`)
    }
  })

  test('says nothing where nobody looks', async () => {
    const events: RunEvent[] = []
    let steps = 0
    const run = (cutAt: number) =>
      runAdjoint({
        ...base,
        schedule: revolve({ steps: N, snapshotsInRam: 3 }),
        model: {
          ...inPlace,
          fingerprint: 'in place',
          adjoint(a: Float64Array, x: number) {
            if (++steps === cutAt) throw new Error('cut')
            return inPlace.adjoint(a, x)
          },
        },
        journal: fileJournal(join(folder, 'unwatched'), { everySteps: 1 }),
        onEvent: (event) => events.push(event),
      })
    await expect(run(6)).rejects.toThrow('cut')
    await run(Infinity)
    const types = events.map(({ type }) => type)
    expect(types).toContain('resumed')
    expect(types).not.toContain('not-observed')
  })
})
