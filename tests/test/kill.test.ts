/** A real process, killed for real; `pnpm kills` does it 200 times. And what a journal refuses, or puts up with, between processes. */
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { killRuns, start } from '../kill/kills.mjs'

let folder: string
let directory: string
let runs = 0
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'checkpoint-schedules-'))))
beforeEach(() => (directory = join(folder, `run-${runs++}`)))
afterAll(() => rmSync(folder, { recursive: true }))

test(
  '8 kills at random moments: the same bits, the same order of observations, nothing left',
  { timeout: 300_000 },
  async () => {
    const { counts, wrong } = await killRuns({ kills: 8, seed: 7 })
    expect(wrong).toEqual([])
    expect(counts.resumed).toBeGreaterThan(1)
  },
)

test(
  '3 kills of runs whose journal is in an object store: the same, and nothing is left there',
  { timeout: 300_000 },
  async () => {
    const kills = Number(process.env['KILLS'] ?? 3)
    const { counts, wrong } = await killRuns({ kills, seed: 3, inObjects: true })
    expect(wrong).toEqual([])
    expect(counts['resumed']).toBeGreaterThan(0)
  },
)

test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
  '%s aborts a real run with transfers under way: it makes its point, and ends with the same bits',
  { timeout: 300_000 },
  async (signal) => {
    const { result, took } = await start(directory, 'singleDisk')
    let resumed = 0
    for (const part of [0.2, 0.5, 0.8]) {
      // No durable point comes by itself.
      const first = await start(directory, 'singleDisk', part * took, 1e9, signal)
      if (first.result.digest !== undefined) continue // it was faster
      expect(first.result.message).toBe(`aborted by ${signal}`)
      const second = await start(directory, 'singleDisk')
      expect(second.result.digest).toBe(result.digest)
      if (second.lines[0]!['type'] === 'resumed') resumed += 1
      expect(existsSync(directory)).toBe(false)
    }
    expect(resumed).toBeGreaterThan(0)
  },
)

/** A directory that a kill in the reverse has left. */
async function killed(schedule: string): Promise<{ digest: string }> {
  const { result, took } = await start(directory, schedule)
  const digest = result.digest!
  for (let part = 0.7; ; part -= 0.1) {
    const { how } = await start(directory, schedule, part * took)
    if (how === 'SIGKILL' && existsSync(join(directory, 'journal.log'))) return { digest }
    if (part < 0.2) throw new Error('the run is too fast to be killed')
  }
}

describe('every single file of a journal, in turn', { timeout: 300_000 }, () => {
  // Without a whole marker a run would wait for half a minute: its owner, who is dead here, might be on another host.
  beforeAll(() => void (process.env['TAKE_OVER'] = '1'))
  afterAll(() => void delete process.env['TAKE_OVER'])

  const harms: Record<string, (path: string) => void> = {
    truncated: (path) => truncateSync(path, Math.floor(statSync(path).size / 2)),
    flipped(path) {
      const bytes = readFileSync(path)
      if (bytes.length === 0) return
      bytes[Math.floor(bytes.length / 2)]! ^= 4
      writeFileSync(path, bytes)
    },
    removed: (path) => rmSync(path),
  }
  test.each(Object.keys(harms))('%s: the same bits, or a clear refusal', async (how) => {
    const { digest } = await killed('multistage')
    const kept = `${directory}-kept`
    execFileSync('cp', ['-a', directory, kept])
    for (const name of readdirSync(kept)) {
      rmSync(directory, { recursive: true, force: true })
      execFileSync('cp', ['-a', kept, directory])
      harms[how]!(join(directory, name))
      const { result, lines } = await start(directory, 'multistage')
      if (result.digest === undefined) {
        expect(result.code, name).toMatch(/^(STORE_FAILED|INVALID_FILE)$/)
        expect(result.message).toContain(directory)
        expect(name).toBe('journal.log') // without its marker and its log, whose directory it is cannot be known
      } else {
        expect(result.digest, name).toBe(digest)
        expect(lines.length).toBeGreaterThan(1) // how it went on is told
        // Without its marker, who made the directory is not known: it stays, empty.
        if (name === 'checkpoint-schedules.run' && existsSync(directory))
          expect(readdirSync(directory)).toEqual([])
        else expect(existsSync(directory)).toBe(false)
      }
    }
    rmSync(kept, { recursive: true })
    rmSync(directory, { recursive: true, force: true })
  })
})

describe('what a journal refuses', { timeout: 300_000 }, () => {
  test('another run: the difference is named, and the journal stays', async () => {
    const { digest } = await killed('multistage')
    const { result } = await start(directory, 'hRevolve')
    expect(result).toMatchObject({ code: 'JOURNAL_MISMATCH' })
    expect(result.message).toMatch(/the schedule was "Multistage" and is "HRevolve"/)
    expect((await start(directory, 'multistage')).result).toMatchObject({ digest })
  })

  test('a directory with foreign content', async () => {
    mkdirSync(directory)
    writeFileSync(join(directory, 'journal.log'), 'mine')
    const { result } = await start(directory, 'multistage')
    expect(result).toMatchObject({ code: 'STORE_FAILED' })
    expect(result.message).toMatch(/holds files that are not ours/)
    expect(readFileSync(join(directory, 'journal.log'), 'utf8')).toBe('mine')
    rmSync(directory, { recursive: true })
  })

  test('two that resume at once: one of them goes on, the other is told who has it', async () => {
    const { digest } = await killed('singleDisk')
    const both = await Promise.all([start(directory, 'singleDisk'), start(directory, 'singleDisk')])
    const [winner, loser] = both.toSorted(
      (a, b) => Number(a.result.digest === undefined) - Number(b.result.digest === undefined),
    )
    expect(winner!.result).toMatchObject({ digest })
    if (loser!.result.digest === undefined) {
      expect(loser!.result).toMatchObject({ code: 'STORE_FAILED' })
      expect(loser!.result.message).toMatch(/in use by process \d+|is just starting there/)
    } else expect(loser!.result).toMatchObject({ digest }) // it came after the first one had ended
  })

  test('a disk that is full at a durable point: a clear error, and it goes on when there is space', async ({
    skip,
  }) => {
    const small = join(folder, 'small')
    mkdirSync(small)
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=350k', 'tmpfs', small], { stdio: 'ignore' })
    } catch {
      rmSync(small, { recursive: true })
      skip('this machine lets us mount nothing')
    }
    try {
      // Two values of 142 kB fit, but not a third one beside them.
      const inside = join(small, 'run')
      // Points by steps: by time, a fast machine would make its first one in the reverse, with four values.
      const failed = await start(inside, 'in memory', Infinity, 10)
      expect(failed.result).toMatchObject({ code: 'STORE_FAILED', cause: 'ENOSPC' })
      expect(failed.result.message).toMatch(/The disk is full/)
      execFileSync('mount', ['-o', 'remount,size=20m', small])
      const { lines, result } = await start(inside, 'in memory')
      expect(lines[0]).toMatchObject({ type: 'resumed' })
      expect(result.digest).toBe((await start(directory, 'in memory')).result.digest)
    } finally {
      execFileSync('umount', [small])
      rmSync(small, { recursive: true })
    }
  })
})

test('SIGKILL in the midst of a process that does nothing else leaves its lock, which the next run sets free', async () => {
  const script = fileURLToPath(new URL('../kill/journaled-run.mjs', import.meta.url))
  const child = spawn(process.execPath, [script, directory, 'in memory'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  for await (const line of createInterface({ input: child.stdout }))
    if (line.includes('started-over')) child.kill('SIGKILL')
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
  expect(readdirSync(directory)).toContain('checkpoint-schedules.run')
  expect((await start(directory, 'in memory')).result.digest).toMatch(/^[0-9a-f]{64}$/)
})
