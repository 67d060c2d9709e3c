/** Many gradients: one by one, by a pool, with kills: the sum has the bits of a plain loop. And what is refused. */
import {
  cpSync,
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  watch,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import type { CheckpointScheduleError } from '@checkpoint-schedules/core'
import { beforeAll, describe, expect, it } from 'vitest'
import { cli, newDirectory, script } from './support/cli.js'
import { type PlainSum, plainSum } from './support/plain-sum.js'
import { addParts, sumIn } from '../src/parts/reduce.js'
import { readNpy } from '../src/files/npy.js'

const SHOTS = 16
const options = { shots: SHOTS, steps: 60, absorbingWidth: 4, aperture: 200 }
const model =
  `--model wave2d --shots ${SHOTS} --steps 60 --absorbing-width 4 --aperture 200 --receivers 8`.split(' ')
const multistage = '--schedule multistage --ram 5'.split(' ')
const gradient = (...more: string[]) => ['gradient', ...model, ...multistage, '--no-progress', ...more]

const MOST_KILLS = Number(process.env['KILLS'] ?? 6)

/** The sum by a plain loop over the shots in this process, with every tape in memory. */
let expected: PlainSum
beforeAll(async () => {
  expected = await plainSum({ ...options, receivers: 8 })
}, 300_000)

/** As `reduce` does it, without starting a process. */
const reduceIn = async (directory: string) => addParts(await sumIn(directory), new AbortController().signal)

async function reduced(cwd: string, directory = 'out'): Promise<object> {
  const { code, stdout, stderr } = await cli(['reduce', directory, '--json'], { cwd })
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  return JSON.parse(stdout) as object
}

/** A generator of numbers in [0, 1). */
function random(seed: number): () => number {
  let state = seed
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647
}

describe('16 shots', () => {
  it('by single commands in random order, some of them twice', async () => {
    const cwd = newDirectory()
    const next = random(7)
    const shares = Array.from({ length: 6 }, (_, share) => ({ share, at: next() })).toSorted(
      (a, b) => a.at - b.at,
    )
    for (const { share } of [...shares, shares[0]!]) {
      const typed = gradient('--part', String(share), '--of', '6', '--out', 'out')
      const { code, stdout, stderr } = await cli(typed, { cwd })
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
      expect(stdout).toMatch(/^parts +\d+ to \d+ +of 16$/m)
    }
    expect(await reduced(cwd)).toMatchObject({ parts: 16, ...expected })
    expect((await readNpy(join(cwd, 'out/sum/value.npy'))).data[0]).toBe(expected.value)
    const sum = new Uint8Array((await readNpy(join(cwd, 'out/sum/gradient.npy'))).data.buffer)
    expect(createHash('sha256').update(sum).digest('hex')).toBe(expected.gradientSha256)
    const again = await cli(['reduce', 'out'], { cwd })
    expect(again).toMatchObject({ code: 2, stdout: '' })
    expect(again.stderr).toMatch(/out\/sum: already exists; remove it/)
  })

  it('by the pool, interrupted once', async () => {
    const cwd = newDirectory()
    const typed = ['gradient', ...model, ...multistage, ...'--parts all --workers 2 --out out'.split(' ')]
    const cut = await cli(typed, { cwd, killAfter: /gradient: [2-9]\d%/ })
    expect(cut).toMatchObject({ code: 130, stdout: '' })
    expect(cut.stderr).toMatch(/interrupted; what is done is kept; repeat the command to continue\.\n$/)
    const done = readdirSync(join(cwd, 'out')).filter((name) => name.startsWith('part-'))
    expect(done.length).toBeGreaterThan(0)
    expect(done.length).toBeLessThan(SHOTS)
    const gaps = await cli(['reduce', 'out'], { cwd })
    expect(gaps).toMatchObject({ code: 2, stdout: '' })
    expect(gaps.stderr).toMatch(
      /^checkpoint-schedules: out: \d+ of 16 parts (is|are) missing: .*; compute them with/,
    )
    const rest = await cli(typed, { cwd })
    expect(rest.code).toBe(0)
    expect(rest.stdout).toMatch(
      new RegExp(`^computed +${SHOTS - done.length} +${done.length} parts? had been`, 'm'),
    )
    expect(await reduced(cwd)).toMatchObject(expected)
  })

  it('a part that was killed after a save resumes', async () => {
    const cwd = newDirectory()
    const typed = gradient('--part', '5', '--out', 'out', '--steps', '400', '--journal-every', '0')
    const first = spawn(process.execPath, [script, ...typed], { cwd, stdio: 'ignore' })
    const ended = new Promise((resolve) => first.on('close', resolve))
    const isSaved = () =>
      existsSync(join(cwd, 'out/journal-5')) &&
      readdirSync(join(cwd, 'out/journal-5')).some((name) => /^value-[2-9]/.test(name))
    while (!isSaved()) await new Promise((resolve) => setTimeout(resolve, 5))
    first.kill('SIGKILL')
    await ended
    expect(readdirSync(join(cwd, 'out')).toSorted()).toEqual(['gradient.json', 'journal-5'])
    const rest = await cli(gradient('--part', '5', '--out', 'out', '--steps', '400'), { cwd })
    expect(rest.code).toBe(0)
    expect(rest.stderr).toMatch(/^checkpoint-schedules: part 5: The run resumes in the (forward|reverse), /)
    expect(readdirSync(join(cwd, 'out')).toSorted()).toEqual(['gradient.json', 'part-5'])
  })

  // Kills need to know the workers' numbers, which /proc tells.
  it
    .skipIf(!existsSync('/proc/self/task'))
    .each(Array.from({ length: Number(process.env['CASES'] ?? 1) }, (_, seed) => seed + 1))(
    'by the pool, with kill -9 of workers at random events (seed %d)',
    async (seed) => {
      const cwd = newDirectory()
      const out = join(cwd, 'out')
      const next = random(seed)
      const typed = gradient(
        ...'--parts all --workers 2 --retries 1000 --journal-every 0.01 --out'.split(' '),
        out,
      )
      const pool = spawn(process.execPath, [script, ...typed], { cwd, stdio: ['ignore', 'ignore', 'pipe'] })
      let stderr = ''
      pool.stderr.on('data', (text) => (stderr += text))
      let kills = 0
      const kill = () => {
        const workers = readFileSync(`/proc/${pool.pid}/task/${pool.pid}/children`, 'utf8').trim().split(' ')
        const worker = Number(workers[Math.floor(next() * workers.length)])
        if (kills < MOST_KILLS && worker > 0 && process.kill(worker, 'SIGKILL')) kills += 1
      }
      const watcher = watch(cwd, { recursive: true }, () => {
        try {
          if (next() < 0.03) kill()
        } catch {
          // it has just ended
        }
      })
      watcher.on('error', () => undefined) // a directory has gone
      const code = await new Promise((resolve) => pool.on('close', resolve))
      watcher.close()
      const deaths =
        /^checkpoint-schedules: a worker died by SIGKILL; (another one is started|part \d+ is begun again)\.\n/gm
      expect({ code, stderr: stderr.replaceAll(deaths, '') }).toEqual({ code: 0, stderr: '' })
      expect(kills).toBeGreaterThan(0)
      expect(await reduced(cwd)).toMatchObject(expected)
      expect(readdirSync(out).filter((name) => name.startsWith('journal-'))).toEqual([])
    },
  )
})

describe('what is refused, in one sentence', () => {
  let made: string
  beforeAll(async () => {
    made = newDirectory()
    const { code } = await cli(gradient('--parts', 'all', '--out', 'out'), { cwd: made })
    expect(code).toBe(0)
  }, 300_000)
  const copy = () => {
    const cwd = newDirectory()
    cpSync(made, cwd, { recursive: true })
    return cwd
  }
  /** Changes a byte near the end. */
  const damage = (path: string) => {
    const bytes = readFileSync(path)
    bytes[bytes.length - 20]! ^= 1
    writeFileSync(path, bytes)
  }
  const other = (cwd: string, change: (content: Record<string, unknown>) => void) => {
    const path = join(cwd, 'out/part-3/part.json')
    const { checksum: _, ...content } = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>
    change(content)
    const checksum = createHash('sha256').update(JSON.stringify(content)).digest('hex')
    writeFileSync(path, JSON.stringify({ ...content, checksum }))
  }

  it.each<[string, (cwd: string) => void, RegExp]>([
    [
      'gaps',
      (cwd) => [2, 5, 6, 7].forEach((part) => rmSync(join(cwd, `out/part-${part}`), { recursive: true })),
      /out: 4 of 16 parts are missing: 2, 5-7; compute them with gradient --part N or --parts all, or fetch them with jobs collect\.$/,
    ],
    [
      'a part that is there twice',
      (cwd) => cpSync(join(cwd, 'out/part-3'), join(cwd, 'out/part-3 copy'), { recursive: true }),
      /part-3 copy: holds part 3, which belongs in part-3 and would be there twice; remove one of them\.$/,
    ],
    [
      'parts that changed places',
      (cwd) => {
        rmSync(join(cwd, 'out/part-4'), { recursive: true })
        renameSync(join(cwd, 'out/part-3'), join(cwd, 'out/part-4'))
      },
      /part-4: holds part 3, which belongs in part-3 .*\.$/,
    ],
    [
      'a damaged gradient',
      (cwd) => damage(join(cwd, 'out/part-3/gradient.npy')),
      /part-3\/gradient\.npy: is damaged: its checksum is not the recorded one; remove .*\/part-3, and compute that part again\.$/,
    ],
    [
      'a damaged value',
      (cwd) => writeFileSync(join(cwd, 'out/part-3/value.npy'), ''),
      /part-3\/value\.npy: expected a \.npy file; .*; remove .*\/part-3, and compute that part again\.$/,
    ],
    [
      'a file that is gone',
      (cwd) => rmSync(join(cwd, 'out/part-3/gradient.npy')),
      /part-3\/gradient\.npy: expected a \.npy file; it does not exist; remove .*\/part-3, .*\.$/,
    ],
    [
      'a damaged record',
      (cwd) => damage(join(cwd, 'out/part-3/part.json')),
      /part-3\/part\.json: expected the part\.json of a part; it is damaged; remove .*\/part-3, .*\.$/,
    ],
    [
      'another fingerprint',
      (cwd) => other(cwd, (content) => (content['fingerprint'] = 'f'.repeat(64))),
      /part-3: is a part of another sum: the fingerprint of its model, options and inputs is ffffffffffff… and not .*\.$/,
    ],
    [
      'another version',
      (cwd) => other(cwd, (content) => (content['maker'] = { program: '0.0.1', node: '18' })),
      /part-3: was computed by checkpoint-schedules 0\.0\.1 on Node 18, and the others by .*: the last digits may differ; .*\.$/,
    ],
    [
      'another format',
      (cwd) => other(cwd, (content) => (content['version'] = 2)),
      /part\.json: was written by another version \(format 2, this one reads 1\); remove .*\.$/,
    ],
    [
      'a record that names other files',
      (cwd) => other(cwd, (content) => (content['arrays'] = [{ file: '../x.npy', count: 1, sha256: '' }])),
      /it names the file \.\.\/x\.npy\.$/,
    ],
    [
      'no sum',
      (cwd) => rmSync(join(cwd, 'out/gradient.json')),
      /out: expected the directory of .*; it has no gradient\.json\.$/,
    ],
    [
      'no directory',
      (cwd) => rmSync(join(cwd, 'out'), { recursive: true }),
      /out: expected the directory of .*; it does not exist\.$/,
    ],
  ])('by reduce: %s', async (_, change, sentence) => {
    const cwd = copy()
    change(cwd)
    const refused = await reduceIn(join(cwd, 'out')).then(
      () => undefined,
      (error: unknown) => error as CheckpointScheduleError,
    )
    expect(refused?.code).toBe('INVALID_FILE') // exit code 2
    expect(refused?.message).toMatch(sentence)
    expect(refused?.message.split('\n').length).toBe(1)
  })

  it.concurrent.each([
    [['--part', '16'], /--part is 16, but there are 16, counted from 0: the last is --part 15/],
    [['--part', '0', '--of', '17'], /--of is 17, but wave2d has 16 parts; pass at most --of 16/],
    [['--part', '-1'], /--part must be an integer >= 0.*; got -1/],
    [[], /pass --part N, or --parts all/],
    [['--part', '1', '--parts', 'all'], /leave --part and --of out/],
    [['--part', '1', '--workers', '2'], /--workers is for --parts all/],
    [['--parts', 'all', '--workers', '0'], /--workers must be an integer >= 1.*; got 0/],
    [['--parts', '3'], /Allowed choices are all/],
    [
      ['--part', '1', '--spacing', '11'],
      /out: holds the parts of another sum: spacing was 10 and is 11\. Pass another/,
    ],
  ])('by gradient: %s', async (more, sentence) => {
    const { code, stdout, stderr } = await cli(gradient('--out', 'out', ...more), { cwd: made })
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toMatch(sentence)
  })

  it('by gradient: a directory with other files, and none at all', async () => {
    const cwd = newDirectory()
    writeFileSync(join(cwd, 'thesis.tex'), '')
    const { code, stderr } = await cli(gradient('--part', '1', '--out', '.'), { cwd })
    expect(code).toBe(2)
    expect(stderr).toMatch(/it has other files in it, such as thesis\.tex\.\n$/)
    expect((await cli(gradient('--part', '1'), { cwd })).stderr).toMatch(/pass --out DIRECTORY/)
  })

  it('by gradient, before it computes: a part whose copy was cut off', async () => {
    const cwd = copy()
    rmSync(join(cwd, 'out/part-3/part.json'))
    const { code, stderr } = await cli(gradient('--part', '3', '--out', 'out'), { cwd })
    expect(code).toBe(2)
    expect(stderr).toMatch(
      /part-3: has files but no part\.json, .*; remove it, and compute part 3 again\.\n$/,
    )
  })

  it('by gradient, not: a damaged part is computed again', async () => {
    const cwd = copy()
    damage(join(cwd, 'out/part-3/gradient.npy'))
    const { code, stdout, stderr } = await cli(gradient('--parts', 'all', '--out', 'out'), { cwd })
    expect(code).toBe(0)
    expect(stdout).toMatch(/^computed +1 +15 parts had been done before$/m)
    expect(stderr).toMatch(/part-3 is damaged; part 3 is computed again\.\n$/)
    expect(await reduced(cwd)).toMatchObject(expected)
  })
})
