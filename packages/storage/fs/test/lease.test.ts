/** A journal changes hosts: who may take it, when, and what happens to an owner that is replaced while it is active. */
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type RunEvent, runAdjoint } from '@checkpoint-schedules/driver'
import { multistage } from '@checkpoint-schedules/multistage'
import { describe, expect, test } from 'vitest'
import { fileJournal } from '../src/index.js'
import { newDirectory } from './support/directories.js'

const N = 30
const CELLS = 9000 // a part of its own in a file
const marker = (directory: string) => join(directory, 'checkpoint-schedules.run')
const step = (u: Float64Array) => u.map((x) => x - 0.01 * x * x)

interface Way {
  readonly directory: string
  /** Called before each step and each adjoint. */
  readonly on?: (call: number) => void | Promise<void>
  readonly takeOver?: boolean
  readonly signal?: AbortSignal
  readonly everySteps?: number
}

function run({ directory, on = () => {}, takeOver = false, signal, everySteps = 3 }: Way) {
  const events: RunEvent[] = []
  let calls = 0
  const done = runAdjoint({
    schedule: multistage({ steps: N, snapshotsOnDisk: 4 }),
    model: {
      step: async (u: Float64Array) => (await on(++calls), step(u)),
      tape: async (u: Float64Array) => (await on(++calls), { state: step(u), tape: u }),
      adjoint: async (a: Float64Array, u: Float64Array) => (
        await on(++calls),
        a.map((x, i) => x * (1 - 0.02 * u[i]!))
      ),
      fingerprint: 'decay',
    },
    initialState: new Float64Array(CELLS).map((_, i) => 1 + i / CELLS),
    terminalAdjoint: new Float64Array(CELLS).fill(1),
    journal: fileJournal(directory, { everySteps, leaseSeconds: 0.3, takeOver }),
    onEvent: (event) => events.push(event),
    signal,
  }).then(({ adjoints }) => Buffer.from(adjoints[0]!.buffer).toString('base64'))
  return { done, events, types: () => events.map(({ type }) => type) }
}

const expected = await run({ directory: newDirectory() }).done

/** A journal as a run on another host leaves it when that host dies. */
async function leftByAnotherHost(at = 50): Promise<string> {
  const directory = newDirectory()
  const stop = (call: number) => {
    if (call === at) throw new Error('the host died')
  }
  await expect(run({ directory, on: stop }).done).rejects.toThrow('the host died')
  elsewhere(directory, { kept: false })
  return directory
}

function elsewhere(directory: string, over: object): void {
  const found = JSON.parse(readFileSync(marker(directory), 'utf8')) as object
  writeFileSync(marker(directory), JSON.stringify({ ...found, host: 'node-7', pid: 12, ...over }))
}

/** A run that stands still at a call of its model until it is told; to be seen as that of another host from then on. */
function standing({ at, as, ...way }: Way & { readonly at: number; readonly as?: 'another host' }) {
  let reached!: () => void
  let goOn!: () => void
  const stands = new Promise<void>((resolve) => (reached = resolve))
  const waits = new Promise<void>((resolve) => (goOn = resolve))
  const it = run({
    ...way,
    on: async (call) => {
      if (call !== at) return
      if (as !== undefined) elsewhere(way.directory, {})
      reached()
      await waits
    },
  })
  return { ...it, stands, goOn }
}

test.each([20, 50, 75])('another host is gone: its lease expires, and the run continues (%s)', async (at) => {
  const directory = await leftByAnotherHost(at)
  const { done, types, events } = run({ directory })
  expect(await done).toBe(expected)
  expect(types()).toEqual(['waiting', 'taken-over', 'resumed'])
  expect(events[0]!.message).toMatch(/Process 12 on node-7 may be active .* watched for 0.3 s/)
  expect(existsSync(directory)).toBe(false)
})

test('takeOver does not wait', async () => {
  const { done, types } = run({ directory: await leftByAnotherHost(), takeOver: true })
  expect(await done).toBe(expected)
  expect(types()).toEqual(['taken-over', 'resumed'])
})

test('another host is active: it renews its lease, and the second run is refused', async () => {
  const directory = newDirectory()
  const first = standing({ directory, at: 40, as: 'another host' })
  await first.stands
  const second = run({ directory })
  await expect(second.done).rejects.toThrow(/in use by process 12 on node-7/)
  expect(second.types()).toEqual(['waiting'])
  first.goOn()
  expect(await first.done).toBe(expected)
  expect(existsSync(directory)).toBe(false)
})

test.each([44, 52, 64])(
  'one that was replaced while active (%s) ends before its next durable point; the other one is not disturbed',
  async (at) => {
    const directory = newDirectory()
    const first = standing({ directory, at, as: 'another host', everySteps: 40 })
    await first.stands
    const second = standing({ directory, at: 20, takeOver: true })
    await second.stands
    // It has files of its own, and those of the first one are gone from its first durable point on.
    const files = readdirSync(directory).filter((name) => name.endsWith('.slots'))
    expect(files).toEqual([expect.stringMatching(/^storage-\d{4,}\.slots$/)])
    first.goOn() // it writes and deletes checkpoints until it notices
    await expect(first.done).rejects.toMatchObject({
      code: 'STORE_FAILED',
      details: { reason: 'TAKEN_OVER' },
    })
    second.goOn()
    expect(await second.done).toBe(expected)
    expect(second.types()).toEqual(['taken-over', 'resumed'])
    expect(existsSync(directory)).toBe(false)
  },
)

test('the new owner ends before its first durable point: who resumes then is as careful', async () => {
  const directory = newDirectory()
  const first = standing({ directory, at: 40, as: 'another host' })
  await first.stands
  const stop = (call: number) => {
    if (call === 2) throw new Error('ended')
  }
  await expect(run({ directory, takeOver: true, on: stop }).done).rejects.toThrow('ended')
  const third = standing({ directory, at: 2 })
  await third.stands
  first.goOn()
  await expect(first.done).rejects.toMatchObject({ details: { reason: 'TAKEN_OVER' } })
  third.goOn()
  expect(await third.done).toBe(expected)
  expect(third.types()).toEqual(['resumed'])
  expect(existsSync(directory)).toBe(false)
})

describe('the lock file alone is removed', () => {
  test('by somebody who wanted to help: the journal is found, once its owner shows no sign of life', async () => {
    const directory = await leftByAnotherHost()
    rmSync(marker(directory))
    const { done, types } = run({ directory, takeOver: true })
    expect(await done).toBe(expected)
    expect(types()).toEqual(['taken-over', 'resumed'])
  })

  test('under a run: it makes it again', async () => {
    const directory = newDirectory()
    const { done } = run({ directory, on: (call) => void (call === 40 && rmSync(marker(directory))) })
    expect(await done).toBe(expected)
    expect(existsSync(directory)).toBe(false)
  })

  test('and what is no log of ours stays alone', async () => {
    const directory = await leftByAnotherHost()
    rmSync(marker(directory))
    writeFileSync(join(directory, 'journal.log'), 'mine\n')
    await expect(run({ directory, takeOver: true }).done).rejects.toThrow('not ours')
    expect(readFileSync(join(directory, 'journal.log'), 'utf8')).toBe('mine\n')
  })
})

test('a marker that is harmed does not strand the journal', async () => {
  const directory = await leftByAnotherHost()
  writeFileSync(marker(directory), '{"format":')
  expect(await run({ directory, takeOver: true }).done).toBe(expected)
})

test('an older version gives no sign of life: only takeOver takes its journal', async () => {
  const directory = await leftByAnotherHost()
  elsewhere(directory, { owner: undefined, kept: false })
  await expect(run({ directory }).done).rejects.toThrow('gives no sign of life')
  expect(await run({ directory, takeOver: true }).done).toBe(expected)
})

test('waiting for a lease ends at once when it is aborted, and leaves all as it was', async () => {
  const directory = await leftByAnotherHost()
  elsewhere(directory, { lease: 3600 })
  const before = readdirSync(directory).toSorted()
  const controller = new AbortController()
  const { done, events } = run({ directory, signal: controller.signal })
  await expect.poll(() => events.length).toBe(1)
  controller.abort(new Error('enough'))
  await expect(done).rejects.toThrow('enough')
  expect(readdirSync(directory).toSorted()).toEqual(before)
  expect(await run({ directory, takeOver: true }).done).toBe(expected)
})

test('files of others stay when a journal starts over', async () => {
  const directory = await leftByAnotherHost()
  writeFileSync(join(directory, 'notes.txt'), 'mine')
  writeFileSync(join(directory, 'journal.log'), 'nonsense')
  const { done, types } = run({ directory, takeOver: true })
  expect(await done).toBe(expected)
  expect(types()).toEqual(['taken-over', 'started-over'])
  expect(readdirSync(directory)).toEqual(['notes.txt'])
})

test('options are checked', () => {
  expect(() => fileJournal('x', { takeOver: 1 as never })).toThrow('takeOver must be true or false')
  expect(() => fileJournal('x', { leaseSeconds: 0 })).toThrow('leaseSeconds must be a number > 0')
})
