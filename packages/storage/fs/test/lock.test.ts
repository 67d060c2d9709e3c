import { spawn } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { describe, expect, test } from 'vitest'
import { cleanDirectory, fileStore } from '../src/index.js'
import { ownMarker } from '../src/marker.js'
import { newDirectory, openStore, restart, settings, state } from './support/directories.js'

const marker = (directory: string) => join(directory, 'checkpoint-schedules.run')

// A directory as a run leaves it that was killed.
function crashed(over: object): string {
  const directory = newDirectory()
  mkdirSync(directory)
  for (const name of ['storage-0.slots', 'storage-0-12.overflow']) writeFileSync(join(directory, name), 'old')
  writeFileSync(marker(directory), JSON.stringify({ ...ownMarker(0), ...over }))
  return directory
}

/** The number of a process that has ended. */
async function deadPid(): Promise<number> {
  const child = spawn(process.execPath, ['-e', ''])
  await new Promise((resolve) => child.on('exit', resolve))
  return child.pid!
}

describe('one run at a time', () => {
  test('the same store, and another one in this process', async () => {
    const directory = newDirectory()
    const files = fileStore({ directory })
    const open = await files.open(settings())
    const refused = { code: 'STORE_FAILED', details: { directory, pid: process.pid } }
    await expect(files.open(settings())).rejects.toMatchObject(refused)
    await expect(fileStore({ directory }).open(settings({ storage: 'S3' }))).rejects.toMatchObject(refused)
    await open.close()
    await (await files.open(settings())).close()
  })

  test('another process: it is named, until it is gone', async () => {
    const child = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60_000)'])
    const gone = new Promise((resolve) => child.on('exit', resolve))
    const directory = crashed({ pid: child.pid, started: null })
    try {
      await expect(openStore(directory)).rejects.toThrow(`${directory} is in use by process ${child.pid} on`)
      await expect(cleanDirectory(directory)).rejects.toThrow(`in use by process ${child.pid}`)
    } finally {
      child.kill('SIGKILL')
    }
    await gone
    const store = await openStore(directory)
    expect(readdirSync(directory)).toEqual(['checkpoint-schedules.run'])
    await store.put(restart(0), state(1))
    expect(await store.get(restart(0))).toEqual(state(1))
    await store.close()
    expect(readdirSync(directory)).toEqual([]) // it was there before
  })

  test.runIf(process.platform === 'linux')('a later process of the same number is another one', async () => {
    const directory = crashed({ started: '1', made: true })
    await (await openStore(directory)).close()
    expect(existsSync(directory)).toBe(false)
  })

  test('a process on another host may be active', async () => {
    await expect(openStore(crashed({ host: `not-${hostname()}` }))).rejects.toThrow(`on not-${hostname()}`)
  })
})

describe('directories that are not ours', () => {
  test('with files of others: nothing is touched', async () => {
    const directory = newDirectory()
    mkdirSync(directory)
    writeFileSync(join(directory, 'storage-0.slots'), 'precious')
    await expect(openStore(directory)).rejects.toThrow('holds files that are not ours')
    await expect(cleanDirectory(directory)).rejects.toThrow('nothing was deleted')
    writeFileSync(marker(directory), '{"pid":1}')
    await expect(openStore(directory)).rejects.toThrow('cannot be read')
    await expect(cleanDirectory(directory)).rejects.toThrow('nothing was deleted')
    expect(readFileSync(join(directory, 'storage-0.slots'), 'utf8')).toBe('precious')
  })

  test('links are not followed', async () => {
    const directory = crashed({ pid: await deadPid() })
    const linked = newDirectory()
    symlinkSync(directory, linked)
    await expect(openStore(linked)).rejects.toThrow('is a link')
    const other = newDirectory()
    mkdirSync(other)
    symlinkSync(marker(directory), marker(other))
    await expect(openStore(other)).rejects.toThrow('cannot be read')
    const store = await openStore(newDirectory())
    expect(store.keys()).toEqual([])
  })

  test('a file, a missing permission', async () => {
    const directory = newDirectory()
    writeFileSync(directory, '')
    await expect(openStore(directory)).rejects.toMatchObject({ code: 'STORE_FAILED' })
    await expect(openStore(join(directory, 'below'))).rejects.toMatchObject({ code: 'STORE_FAILED' })
  })

  test.skipIf(process.getuid?.() === 0)('no permission', async () => {
    const directory = newDirectory()
    mkdirSync(directory, { mode: 0o500 })
    await expect(openStore(directory)).rejects.toThrow('Permission is missing')
  })

  test('files that others put beside ours stay', async () => {
    const directory = newDirectory()
    const store = await openStore(directory)
    writeFileSync(join(directory, 'notes.txt'), '')
    await store.put(restart(0), state(0))
    await store.close()
    expect(readdirSync(directory)).toEqual(['notes.txt'])
  })
})

describe('cleanDirectory', () => {
  test('removes what a crash left, and the directory if it was made for the run', async () => {
    const pid = await deadPid()
    const directory = crashed({ pid, made: true })
    expect((await cleanDirectory(directory)).sort()).toEqual([
      'checkpoint-schedules.run',
      'storage-0-12.overflow',
      'storage-0.slots',
    ])
    expect(existsSync(directory)).toBe(false)
    expect(await cleanDirectory(directory)).toEqual([])
    const shared = crashed({ pid, made: true })
    writeFileSync(join(shared, 'storage-0.slots.bak'), '')
    await cleanDirectory(shared)
    expect(readdirSync(shared)).toEqual(['storage-0.slots.bak'])
  })

  test('keep leaves the files, which only cleanDirectory removes', async () => {
    const directory = newDirectory()
    const store = await fileStore({ directory, keep: true }).open(settings())
    await store.put(restart(0), state(0))
    await store.clear()
    await store.close()
    expect(readdirSync(directory).sort()).toEqual(['checkpoint-schedules.run', 'storage-0.slots'])
    await expect(openStore(directory)).rejects.toThrow('asked to keep')
    await cleanDirectory(directory)
    expect(existsSync(directory)).toBe(false)
  })
})

test('options are checked at once', () => {
  expect(() => fileStore({ directory: '' })).toThrow('directory must be the path')
  expect(() => fileStore({ directory: 'x', keep: 1 as never })).toThrow('keep must be true or false')
})

test('who dies while taking a directory leaves it free', async () => {
  const whole = readFileSync(join(crashed({ pid: await deadPid(), made: true }), 'checkpoint-schedules.run'))
  const left: [string, Buffer | string][][] = [
    [['checkpoint-schedules.run.123.0', '']],
    [['checkpoint-schedules.run.123.0', whole.subarray(0, 20)]],
    [
      ['checkpoint-schedules.run.123', whole],
      ['checkpoint-schedules.run.123.4', ''],
      ['storage-0.slots', 'x'],
    ],
  ]
  for (const files of left) {
    const directory = newDirectory()
    mkdirSync(directory)
    for (const [name, bytes] of files) writeFileSync(join(directory, name), bytes)
    const store = await openStore(directory)
    expect(readdirSync(directory)).toEqual(['checkpoint-schedules.run'])
    await store.close()
  }
})

describe.runIf(process.platform === 'linux')('on Linux', () => {
  test('a zombie process holds nothing', async () => {
    // Its parent never asks for its end, as in a container without an init.
    const parent = spawn('sh', ['-c', 'sleep 0.3 & echo $!; exec sleep 60'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    try {
      const pid = Number(await new Promise((resolve) => parent.stdout.on('data', resolve)))
      await expect.poll(() => readFileSync(`/proc/${pid}/stat`, 'latin1')).toContain(') Z ')
      process.kill(pid, 0) // it is still there
      await (await openStore(crashed({ pid, started: null }))).close()
    } finally {
      parent.kill('SIGKILL')
    }
  })

  test('a process in another container may be active, although its number is free here', async () => {
    const directory = crashed({ pid: await deadPid(), space: 'another one' })
    await expect(openStore(directory)).rejects.toThrow('in use by process')
  })

  test('where no directory can be made: an error, at once', async () => {
    await expect(openStore('/proc/nothing/below')).rejects.toMatchObject({ code: 'STORE_FAILED' })
  })
})

test('two runs on one store in one process, at the same moment: the second one is told that it is this process', async () => {
  const files = fileStore({ directory: newDirectory() })
  const [first, second] = await Promise.allSettled([files.open(settings()), files.open(settings())])
  expect(first.status).toBe('fulfilled')
  expect((second as PromiseRejectedResult).reason.message).toContain(
    `in use by a run of this process (${process.pid})`,
  )
  if (first.status === 'fulfilled') await first.value.close()
})

describe('directories that a run made', () => {
  test('are gone with it, also those above, after a kill as well', async () => {
    const top = newDirectory()
    const directory = join(top, 'a', 'b')
    const store = await openStore(directory)
    const marked = JSON.parse(readFileSync(marker(directory), 'utf8')) as object
    expect(marked).toMatchObject({ made: 3 })
    writeFileSync(marker(directory), JSON.stringify({ ...marked, pid: await deadPid() })) // it is killed
    void store
    await (await openStore(directory)).close()
    expect(existsSync(top)).toBe(false)
  })

  test('also by one that was killed before its marker was there', async () => {
    const top = newDirectory()
    const directory = join(top, 'a')
    // As makeDirectory leaves them.
    mkdirSync(top, { mode: 0o1700 })
    mkdirSync(directory, { mode: 0o1700 })
    await (await openStore(directory)).close()
    expect(existsSync(top)).toBe(false)
    mkdirSync(top, { mode: 0o1700 })
    await (await openStore(directory)).close()
    expect(existsSync(top)).toBe(false)
  })

  test('stay if somebody put something there, private as before', async () => {
    const top = newDirectory()
    const store = await openStore(join(top, 'a'))
    writeFileSync(join(top, 'notes.txt'), '')
    await store.close()
    expect(readdirSync(top)).toEqual(['notes.txt'])
    expect(statSync(top).mode & 0o7777).toBe(0o700)
  })
})
