import { execFileSync } from 'node:child_process'
import {
  mkdirSync,
  mkdtempSync,
  rmSync,
  openSync,
  readdirSync,
  readFileSync,
  statfsSync,
  truncateSync,
  unlinkSync,
  writeSync,
  closeSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { afterAll, afterEach, describe, expect, test } from 'vitest'
import { FileWorker } from '../src/file-worker.js'
import { newDirectory, openStore, restart, state } from './support/directories.js'

const unhandled: unknown[] = []
process.on('unhandledRejection', (reason) => unhandled.push(reason))
afterEach(() => expect(unhandled).toEqual([]))

// Changes bytes of a file behind the store's back.
function overwrite(file: string, at: number, bytes: Uint8Array): void {
  const fd = openSync(file, 'r+')
  writeSync(fd, bytes, 0, bytes.length, at)
  closeSync(fd)
}

describe('a file that changed is noticed', () => {
  test.each([0, 5, 6, 8, 20, 30, 57, 61, 64, 100, 5000, 70_000])('bit flipped at byte %i', async (at) => {
    const directory = newDirectory()
    const store = await openStore(directory)
    await store.put(restart(3), state(3))
    const file = join(directory, 'storage-0.slots')
    overwrite(file, at, Uint8Array.of(readFileSync(file)[at]! ^ 4))
    for (const operation of ['get', 'take'] as const) {
      await expect(store[operation](restart(3))).rejects.toMatchObject({
        code: 'INVALID_FILE',
        message: expect.stringContaining(`of step 3 in DISK (${file}, byte 0) is damaged`),
      })
    }
    await store.put(restart(3), state(4))
    expect(await store.get(restart(3))).toEqual(state(4))
  })

  test('two checkpoints swapped', async () => {
    const directory = newDirectory()
    const store = await openStore(directory)
    await store.put(restart(1), state(1))
    await store.put(restart(2), state(2))
    const file = join(directory, 'storage-0.slots')
    const bytes = readFileSync(file)
    const size = Math.ceil(bytes.length / 2 / 4096) * 4096
    overwrite(file, 0, bytes.subarray(size))
    await expect(store.get(restart(1))).rejects.toThrow('it is of step 2')
  })

  test('truncated', async () => {
    const directory = newDirectory()
    const store = await openStore(directory)
    await store.put(restart(0), state(0))
    for (const length of [70_000, 64, 10, 0]) {
      truncateSync(join(directory, 'storage-0.slots'), length)
      await expect(store.get(restart(0))).rejects.toThrow(`the file ends at byte ${length}`)
    }
  })

  test('vanished: a file of its own is an error, the open file of slots still serves', async () => {
    const directory = newDirectory()
    const store = await openStore(directory)
    await store.put(restart(0), state(0))
    await store.put(restart(1), state(1, 50_000))
    for (const name of readdirSync(directory)) unlinkSync(join(directory, name))
    expect(await store.get(restart(0))).toEqual(state(0))
    await expect(store.get(restart(1))).rejects.toMatchObject({
      code: 'STORE_FAILED',
      message: expect.stringContaining('Something removed it'),
      cause: { code: 'ENOENT' },
    })
    await store.close()
  })
})

describe('a disk that is full', () => {
  test('too little space is noticed before anything is written', async () => {
    const directory = newDirectory()
    const store = await openStore(directory, { limit: 2 ** 40 })
    await expect(store.put(restart(0), state(0))).rejects.toMatchObject({
      code: 'STORE_FAILED',
      message: expect.stringMatching(/DISK needs 1099511627776 x \d+ = \d+ bytes and .* has \d+ free/),
    })
    expect(readdirSync(directory)).toEqual(['checkpoint-schedules.run'])
  })

  // A real small file system, where the machine lets us make one.
  const parent = mkdtempSync(join(tmpdir(), 'storage-fs-small-'))
  const mounted = (() => {
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', parent], { stdio: 'ignore' })
      return true
    } catch {
      return false
    }
  })()
  afterAll(() => {
    if (mounted) execFileSync('umount', [parent])
    rmSync(parent, { recursive: true })
  })
  test.runIf(mounted)('a write that fails leaves the store usable and the disk clean', async () => {
    const store = await openStore(join(parent, 'run'))
    const before = statfsSync(parent).bavail
    for (let i = 0; i < 5; i++) await store.put(restart(i), state(i, 20_000))
    for (const length of [20_000, 50_000]) {
      await expect(
        (async () => {
          for (let i = 5; i < 9; i++) await store.put(restart(i), state(i, length))
        })(),
      ).rejects.toMatchObject({ code: 'STORE_FAILED', cause: { code: 'ENOSPC' } })
    }
    expect(await store.take(restart(4))).toEqual(state(4, 20_000))
    await store.put(restart(4), state(5))
    expect(await store.get(restart(4))).toEqual(state(5))
    await store.close()
    expect(readdirSync(parent)).toEqual([])
    expect(statfsSync(parent).bavail).toBeGreaterThanOrEqual(before)
  })
})

test('the end of the worker ends what is under way', async () => {
  const directory = newDirectory()
  mkdirSync(directory)
  const path = join(directory, 'file')
  const worker = new FileWorker()
  await worker.request({ do: 'create', path })
  await expect(worker.request({ do: 'create', path })).rejects.toMatchObject({ code: 'EEXIST' })
  // More than it can do before it hears of its end.
  const reading = worker.request({ do: 'sync', paths: Array.from({ length: 300_000 }, () => path) })
  const outcome = expect(reading).rejects.toThrow('has ended')
  await worker.end()
  await outcome
  await expect(worker.request({ do: 'close' })).rejects.toThrow('has ended')
})

test.runIf(process.platform === 'linux')(
  'runs one after the other share a thread, which then ends',
  async () => {
    const threads = () => readdirSync('/proc/self/task').length
    const run = async () => {
      const store = await openStore(newDirectory())
      await store.put(restart(0), state(1))
      expect(await store.get(restart(0))).toEqual(state(1))
      const during = threads()
      await store.close()
      return during
    }
    const [first, ...others] = [await run(), await run(), await run()]
    expect(others).toEqual([first, first])
    await expect.poll(threads).toBeLessThan(first)
    expect(await run()).toBeLessThanOrEqual(first)
  },
)

test('a store that was closed refuses; closing again does nothing', async () => {
  const store = await openStore(newDirectory())
  await store.put(restart(0), 1)
  await store.close()
  await store.close()
  await expect(store.put(restart(0), 1)).rejects.toMatchObject({ code: 'STORE_FAILED' })
})

test.runIf(process.platform === 'linux')(
  'a thousand cycles leave no file open and no memory behind',
  async () => {
    const store = await openStore(newDirectory())
    const opened = () => readdirSync('/proc/self/fd').length
    const cycle = async (i: number) => {
      await store.put(restart(i), state(i, i % 50 === 0 ? 12_000 : 9000))
      await store.get(restart(i))
      await store.take(restart(i))
    }
    for (let i = 0; i < 200; i++) await cycle(i)
    const before = { files: opened(), bytes: process.memoryUsage().rss }
    for (let i = 0; i < 1000; i++) await cycle(i)
    expect(opened()).toBeLessThanOrEqual(before.files)
    expect(process.memoryUsage().rss - before.bytes).toBeLessThan(64 * 2 ** 20)
  },
)
