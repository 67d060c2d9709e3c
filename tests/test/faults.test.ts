/** Faults for real: what goes wrong ends in a clear error or in the right gradient, and nothing is left behind. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  rmSync,
  statSync,
} from 'node:fs'
import { closeSync, ftruncateSync, readSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { isCheckpointScheduleError } from '@checkpoint-schedules/core'
import { memoryStore, runAdjoint, type Store } from '@checkpoint-schedules/driver'
import { multistage } from '@checkpoint-schedules/multistage'
import { hRevolve } from '@checkpoint-schedules/revolve'
import { cleanDirectory, fileStore } from '@checkpoint-schedules/storage-fs'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { SlowStore } from './support/slow-store.js'

let folder: string
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'checkpoint-schedules-'))))
afterAll(() => rmSync(folder, { recursive: true }))

const N = 12
const schedule = hRevolve({ steps: N, snapshotsInRam: 1, snapshotsOnDisk: 3 })
// Large enough for a slot of its own, small enough for many runs.
const take = (u: Float64Array) => u.map((x) => x - 0.01 * x * x)
const initialState = new Float64Array(9000).map((_, i) => 1 + i / 9000)

/** A run; `on` is called at each event: steps of all kinds and transfers. */
async function run(DISK: Store, on: () => void = () => {}, signal?: AbortSignal) {
  const watched: Store = {
    ...DISK,
    medium: DISK.medium,
    async open(settings) {
      const store = await DISK.open(settings)
      const spied =
        <A extends unknown[], R>(operation: (...given: A) => R) =>
        (...given: A) => {
          on()
          return operation(...given)
        }
      return { ...store, put: spied(store.put), get: spied(store.get), take: spied(store.take) }
    },
  }
  const { adjoints } = await runAdjoint({
    schedule,
    model: {
      step: (u: Float64Array) => (on(), take(u)),
      tape: (u: Float64Array) => (on(), { state: take(u), tape: u }),
      adjoint: (a: Float64Array, u: Float64Array) => (on(), a.map((x, i) => x * (1 - 0.02 * u[i]!))),
    },
    initialState,
    terminalAdjoint: new Float64Array(9000).fill(1),
    stores: { DISK: watched },
    signal,
  })
  return Buffer.from(adjoints[0]!.buffer).toString('base64')
}

const media: [string, () => Store][] = [
  ['memory', memoryStore],
  ['files', () => fileStore({ directory: join(folder, 'run') })],
  ['slow', () => new SlowStore({ delay: () => 0 })],
]

describe.each(media)('checkpoints in %s', (_, open) => {
  test('an abort at every single event', async () => {
    let events = 0
    const expected = await run(memoryStore())
    expect(await run(open(), () => (events += 1))).toBe(expected)
    expect(events).toBeGreaterThan(3 * N)
    for (let at = 1; at <= events; at++) {
      const controller = new AbortController()
      let seen = 0
      const running = run(
        open(),
        () => {
          seen += 1
          if (seen === at) controller.abort(new Error('enough'))
        },
        controller.signal,
      )
      await expect(running).rejects.toThrow('enough')
      expect(readdirSync(folder)).toEqual([])
    }
  })

  test(
    'hundreds of runs, every third aborted, hold no more memory than a few',
    { timeout: 300_000 },
    async () => {
      setFlagsFromString('--expose-gc')
      const collect = runInNewContext('gc') as () => void
      // The least of a few looks: what an abort has left under way comes to its end, and buffers are freed behind the collector.
      const held = async () => {
        let least = Infinity
        for (let i = 0; i < 5; i++) {
          await new Promise((resolve) => setTimeout(resolve, 50))
          collect()
          const { heapUsed, arrayBuffers } = process.memoryUsage()
          least = Math.min(least, heapUsed + arrayBuffers)
        }
        return least
      }
      const repeat = async (times: number) => {
        for (let i = 0; i < times; i++) {
          const controller = new AbortController()
          let events = 0
          const on = () => {
            events += 1
            if (i % 3 === 2 && events === 1 + (i % 45)) controller.abort()
          }
          await run(open(), on, controller.signal).catch((error: Error) =>
            expect(error.name).toBe('AbortError'),
          )
        }
      }
      const times = open().medium === 'memory' ? 200 : 100 // the three media together
      await repeat(50)
      const before = await held()
      const resources = process.getActiveResourcesInfo().length
      await repeat(times)
      // A single state that is left by each run would be 72 KB x 100 = 7 MB.
      expect((await held()) - before).toBeLessThan(4e6)
      expect(process.getActiveResourcesInfo().length).toBeLessThanOrEqual(resources + 2)
    },
  )
})

describe('files that others touch while the run is at work', () => {
  const directory = () => join(folder, 'run')
  const harms: Record<string, (path: string, at: number) => void> = {
    truncated: (path, at) =>
      withFile(path, (file) => ftruncateSync(file, Math.floor(at * statSync(path).size))),
    flipped: (path, at) =>
      withFile(path, (file) => {
        const position = Math.floor(at * statSync(path).size)
        const byte = Buffer.alloc(1)
        readSync(file, byte, 0, 1, position)
        byte[0]! ^= 0x10
        writeSync(file, byte, 0, 1, position)
      }),
    removed: (path) => rmSync(path),
  }

  test.each(Object.entries(harms))('%s: a clear error, or the right gradient', async (_, harm) => {
    const expected = await run(memoryStore())
    let errors = 0
    await fc.assert(
      fc.asyncProperty(fc.nat(60), fc.double({ min: 0, max: 0.999, noNaN: true }), async (event, at) => {
        let events = 0
        const running = run(fileStore({ directory: directory() }), () => {
          events += 1
          const path = join(directory(), 'storage-0.slots')
          if (events === event && existsSync(path) && statSync(path).size > 0) harm(path, at)
        })
        const outcome = await running.catch((error: unknown) => error)
        if (typeof outcome === 'string') expect(outcome).toBe(expected)
        else {
          errors += 1
          expect(isCheckpointScheduleError(outcome) && outcome.code).toMatch(/^(STORE_FAILED|INVALID_FILE)$/)
          expect((outcome as Error).message).toMatch(/DISK|step \d+/)
        }
        expect(readdirSync(folder)).toEqual([])
      }),
      { numRuns: 30 },
    )
    if (harm !== harms['removed']) expect(errors).toBeGreaterThan(0) // what is open survives its removal
  })

  function withFile(path: string, work: (file: number) => void): void {
    const file = openSync(path, 'r+')
    try {
      work(file)
    } finally {
      closeSync(file)
    }
  }
})

describe('processes', () => {
  const script = fileURLToPath(new URL('support/file-run.mjs', import.meta.url))
  const isRoot = process.getuid?.() === 0
  const NOBODY = 65534

  /** The lines that a run prints, as they come, and what came of it. */
  function start(directory: string, stepMs = 0, options: { uid?: number; fileBlocks?: number } = {}) {
    const { fileBlocks, uid } = options
    const command = `ulimit -f ${fileBlocks ?? 'unlimited'}; exec "$0" "$@"`
    const child: ChildProcess = spawn(
      'sh',
      ['-c', command, process.execPath, script, directory, String(stepMs)],
      {
        ...(uid !== undefined && { uid, gid: uid }),
        cwd: tmpdir(),
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    )
    const lines = createInterface({ input: child.stdout! })[Symbol.asyncIterator]()
    const ready = async () => expect((await lines.next()).value).toBe('ready')
    const outcome = async (): Promise<Record<string, unknown>> => {
      for (;;) {
        const { value, done } = await lines.next()
        if (done) throw new Error('the process ended without a word')
        if (value !== 'ready') return JSON.parse(value) as Record<string, unknown>
      }
    }
    return { child, ready, outcome }
  }

  test('a second process is refused with the first one named; after a kill the directory is free, or cleaned', async () => {
    const directory = join(folder, 'shared')
    const first = start(directory, 30)
    await first.ready()
    const refused = await start(directory).outcome()
    expect(refused).toMatchObject({ code: 'STORE_FAILED' })
    expect(refused['message']).toContain(`process ${first.child.pid}`)
    await expect(cleanDirectory(directory)).rejects.toThrow(`process ${first.child.pid}`)
    first.child.kill('SIGKILL')
    await once(first.child, 'exit')
    expect(readdirSync(directory)).toContain('storage-0.slots')

    expect(await start(directory).outcome()).toEqual(await start(join(folder, 'another')).outcome())
    expect(existsSync(directory)).toBe(false)

    const again = start(directory, 30)
    await again.ready()
    again.child.kill('SIGKILL')
    await once(again.child, 'exit')
    expect(await cleanDirectory(directory)).toContain('storage-0.slots')
    expect(existsSync(directory)).toBe(false)
  })

  test('a write that the system refuses', async () => {
    // No file may be longer than 300 blocks of 512 bytes: the first state of 400,000 bytes is.
    const directory = join(folder, 'short')
    const failed = await start(directory, 0, { fileBlocks: 300 }).outcome()
    expect(failed).toMatchObject({ code: 'STORE_FAILED', cause: 'EFBIG' })
    expect(failed['message']).toMatch(/DISK/)
    expect(existsSync(directory)).toBe(false)
  })

  // As root everything is permitted, so the run is somebody else's then; that one must be able to read this code.
  const readable = (path: string): boolean =>
    (statSync(path).mode & 0o005) === 0o005 && (path === dirname(path) || readable(dirname(path)))
  test.skipIf(isRoot && !readable(dirname(script)))('a directory without permission', async () => {
    const locked = join(folder, 'locked')
    mkdirSync(locked)
    chmodSync(folder, 0o755)
    chmodSync(locked, 0o555)
    const failed = await start(join(locked, 'run'), 0, isRoot ? { uid: NOBODY } : {}).outcome()
    expect(failed).toMatchObject({ code: 'STORE_FAILED', cause: 'EACCES' })
    expect(failed['message']).toMatch(/Permission is missing/)
    rmSync(locked, { recursive: true })
  })

  test('a small disk that is full', async ({ skip }) => {
    const small = join(folder, 'small')
    mkdirSync(small)
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', small], { stdio: 'ignore' })
    } catch {
      rmSync(small, { recursive: true })
      skip('this machine lets us mount nothing')
    }
    try {
      const failed = await start(join(small, 'run')).outcome()
      expect(failed).toMatchObject({ code: 'STORE_FAILED' })
      expect(failed['message']).toMatch(/DISK needs 4 x 40\d+ = \d+ bytes and .* has \d+ free/)
      expect(readdirSync(small)).toEqual([])
    } finally {
      execFileSync('umount', [small])
      rmSync(small, { recursive: true })
    }
  })
})

test('the gradient that faulty runs are held against is that of storing everything', async () => {
  const stored = multistage({ steps: N, snapshotsInRam: N })
  const { adjoints } = await runAdjoint({
    schedule: stored,
    model: {
      step: take,
      tape: (u: Float64Array) => ({ state: take(u), tape: u }),
      adjoint: (a: Float64Array, u: Float64Array) => a.map((x, i) => x * (1 - 0.02 * u[i]!)),
    },
    initialState,
    terminalAdjoint: new Float64Array(9000).fill(1),
  })
  expect(Buffer.from(adjoints[0]!.buffer).toString('base64')).toBe(await run(memoryStore()))
})
