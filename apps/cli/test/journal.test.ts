/** A run with a journal, interrupted and resumed, as a user of the command line does it. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { runAdjoint } from '@checkpoint-schedules/driver'
import { singleMemory } from '@checkpoint-schedules/basic'
import { fileJournal } from '@checkpoint-schedules/storage-fs'
import { describe, expect, it } from 'vitest'
import { cli, newDirectory } from './support/cli.js'

const model = 'run --model burgers1d --steps 12000'.split(' ')
const schedule = '--schedule multistage --ram 1 --disk 4'.split(' ')
const journal = '--journal my-run --journal-every 0.1'.split(' ')
/** With two thirds of the run left. */
const inReverse = /(reverse.*left\n.*){3}/
const hashOf = ({ stdout }: { stdout: string }) =>
  (JSON.parse(stdout) as { gradientSha256: string }).gradientSha256

const expected = cli([...model, '--schedule', 'single-memory', '--json'])

describe('Ctrl-C', () => {
  it('stops at a durable point and says how to resume; the result is bit-for-bit identical', async () => {
    const cwd = newDirectory()
    const cut = await cli([...model, ...schedule, ...journal], { cwd, killAfter: inReverse })
    expect(cut).toMatchObject({ code: 130, stdout: '' })
    expect(cut.stderr).toMatch(
      /\ncheckpoint-schedules: interrupted; resume with: checkpoint-schedules run --resume my-run\n$/,
    )
    expect(readdirSync(cwd)).toEqual(['my-run'])

    const shown = await cli(['journal', 'my-run'], { cwd })
    expect(shown.stdout).toMatch(/^schedule +Multistage +steps 12000, snapshotsInRam 1, snapshotsOnDisk 4/m)
    expect(shown.stdout).toMatch(/^phase +reverse +[\d,]+ of 12,000 steps reversed$/m)
    expect(shown.stdout).toMatch(
      /^to finish +[\d,]+ forward steps +[\d,]+ adjoint steps, plus at most 12,000 forward steps to recover what was in memory$/m,
    )
    expect(shown.stdout).toMatch(/^resume with +checkpoint-schedules run --resume .*my-run$/m)
    const { last, stepsLeft, process } = JSON.parse(
      (await cli(['journal', 'my-run', '--json'], { cwd })).stdout,
    )
    expect(stepsLeft.adjointSteps).toBe(12_000 - last.position.reversed)
    expect(process).toBe(null)

    const rest = await cli(['run', '--resume', 'my-run', '--json'], { cwd })
    expect(rest.stderr).toMatch(
      /^checkpoint-schedules: The run resumes in the reverse, with \d+ of 12000 steps reversed\.\n/,
    )
    expect(hashOf(rest)).toBe(hashOf(await expected))
    expect(readdirSync(cwd)).toEqual([])
  })
})

describe('a run that is asked to end', () => {
  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('%s leaves no temporary directory', async (signal) => {
    const cwd = newDirectory()
    const temporary = join(cwd, 'temporary')
    mkdirSync(temporary)
    const env = { TMPDIR: temporary, TMP: temporary, TEMP: temporary }
    const cut = await cli([...model, ...schedule], { cwd, env, killAfter: inReverse, signal })
    expect(cut).toMatchObject({ code: 130, stdout: '' })
    expect(cut.stderr).toMatch(/interrupted; nothing was written\.\n$/)
    expect(readdirSync(temporary)).toEqual([])
  })

  it.each(['0.1', '1000'])(
    'says how to resume if and only if there is a durable point (one every %s s)',
    async (every) => {
      const cwd = newDirectory()
      const journal = ['--journal', 'my-run', '--journal-every', every]
      const cut = await cli([...model, ...schedule, ...journal], { cwd, killAfter: inReverse })
      expect(cut.code).toBe(130)
      const isTold = cut.stderr.endsWith(
        'interrupted; resume with: checkpoint-schedules run --resume my-run\n',
      )
      if (!isTold) expect(cut.stderr).toMatch(/interrupted; nothing was written\.\n$/)
      expect(existsSync(join(cwd, 'my-run'))).toBe(isTold)
      const { last } = isTold
        ? JSON.parse((await cli(['journal', 'my-run', '--json'], { cwd })).stdout)
        : { last: null }
      expect(last !== null).toBe(isTold)
    },
  )
})

describe('--resume with flags that say what to show', () => {
  it('draws and writes what is asked for now, and what was asked for before', async () => {
    const cwd = newDirectory()
    const before = ['--image', 'before.svg', '--gradient', 'before']
    await cli([...model, ...schedule, ...journal, ...before], { cwd, killAfter: inReverse })
    const { code, stdout } = await cli(
      ['run', '--resume', 'my-run', '--image=now.png', '--journal-every', '9', '--json'],
      { cwd },
    )
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({ image: 'now.png', gradientDirectory: 'before' })
    expect(hashOf({ stdout })).toBe(hashOf(await expected))
    expect(readdirSync(cwd).toSorted()).toEqual(['before', 'now.png'])
    expect(readFileSync(join(cwd, 'now.png')).length).toBeGreaterThan(1000)
  })
})

describe('SIGKILL', () => {
  it('is survived as well, with the flags given again', async () => {
    const cwd = newDirectory()
    const all = [...model, ...schedule, '--json']
    await cli([...all, ...journal], { cwd, killAfter: /left\n/, signal: 'SIGKILL' })
    // Another schedule is refused, and so is a store of checkpoints there.
    const other = await cli([...model, '--schedule', 'single-memory', '--journal', 'my-run'], { cwd })
    expect(other).toMatchObject({ code: 2, stdout: '' })
    expect(other.stderr).toMatch(
      /journal of another run: the schedule was "Multistage" and is "SingleMemory"/,
    )
    const store = await cli([...all, '--checkpoint-dir', 'my-run'], { cwd })
    expect(store.stderr).toMatch(/holds the journal of a run that can be resumed/)
    expect(hashOf(await cli([...all, '--resume', 'my-run'], { cwd }))).toBe(hashOf(await expected))
  })
})

describe('bad input', () => {
  it.each([
    [['run', '--resume', 'nowhere'], /nowhere.*(does not exist|no such file|Something removed it)/i],
    [['run', '--resume', '.'], /holds no journal that can be read/],
    [['journal', '.'], /holds no journal that can be read/],
    [['journal'], /needs a directory/],
    [['run', '--resume', 'a', '--journal', 'b'], /leave --journal out/],
    [
      [...model, ...schedule, '--journal', 'x', '--journal-every', 'soon'],
      /--journal-every must be a number of seconds/,
    ],
  ])('%s', async (args, message) => {
    const { code, stdout, stderr } = await cli(args)
    expect([code === 1 || code === 2, stdout]).toEqual([true, ''])
    expect(stderr).toMatch(message)
  })

  it.each([
    [
      'code is not loaded because a journal says so',
      ['--model', './evil.mjs', '--schedule', 'revolve'],
      /names code for --model/,
    ],
    [
      'nor from packages by path',
      ['--model', 'burgers1d', '--schedule', '../evil'],
      /names code for --schedule/,
    ],
    ['arguments are strings', [1, 2], /was not made by this command/],
  ])('%s', async (_, args, message) => {
    const cwd = newDirectory()
    await cutOff(cwd, { program: 'checkpoint-schedules run', args, cwd })
    const { code, stderr } = await cli(['run', '--resume', 'my-run'], { cwd })
    expect(code).toBe(2)
    expect(stderr).toMatch(message)
  })
})

describe('what journal advises', () => {
  it.each([
    ['the journal of a program', undefined, /^resume with +the program that made it/m],
    ['a note of another program', { program: 'mine' }, /^resume with +the program that made it/m],
    [
      'a model of the user',
      {
        program: 'checkpoint-schedules run',
        args: ['--model', './m.mjs', '--schedule', 'revolve'],
        cwd: '/',
      },
      /^resume with +checkpoint-schedules run --model … --schedule … --resume \S*my-run/m,
    ],
    [
      'a run of another directory',
      {
        program: 'checkpoint-schedules run',
        args: ['--model', 'm', '--schedule', 'revolve'],
        cwd: '/elsewhere',
      },
      /^resume with +checkpoint-schedules run --resume \S*my-run +in \/elsewhere$/m,
    ],
  ])('%s', async (_, note, message) => {
    const cwd = newDirectory()
    await cutOff(cwd, note)
    const { code, stdout } = await cli(['journal', 'my-run'], { cwd })
    expect(code).toBe(0)
    expect(stdout).toMatch(message)
  })
})

/** A run of a program with its own journal in `my-run`, cut off after a durable point. */
async function cutOff(cwd: string, note: unknown): Promise<void> {
  const controller = new AbortController()
  await runAdjoint({
    schedule: singleMemory(),
    model: {
      step: (x: number) => x,
      tape: (x: number, n: number) => (n === 5 && controller.abort(), { state: x, tape: x }),
      adjoint: (a: number) => a,
    },
    initialState: 1,
    terminalAdjoint: 1,
    steps: 9,
    signal: controller.signal,
    journal: fileJournal(join(cwd, 'my-run'), { everySteps: 2, ...(note === undefined ? {} : { note }) }),
  }).catch(() => undefined)
}

it('a module that has changed is another model', async () => {
  const cwd = newDirectory()
  const driver = import.meta
    .resolve('@checkpoint-schedules/driver')
    .replace(/src\/index\.ts$/, 'dist/index.js')
  const source = (factor: number) => `import { defineProblem } from ${JSON.stringify(driver)}
    export const growth = defineProblem({
      name: 'growth', summary: 'x grows.', options: {},
      create: (_options, control = 1) => ({
        model: {
          step: (x) => x * ${factor},
          tape: (x) => ({ state: x * ${factor}, tape: null }),
          adjoint: (a, _tape, n) => { if (n === 10 && process.env.CUT) process.kill(process.pid, 'SIGKILL'); return a * ${factor} },
        },
        initialState: control, steps: 20, terminalAdjoint: 1, objective: (x) => x, gradient: (a) => a, control,
      }),
    })`
  writeFileSync(join(cwd, 'growth.mjs'), source(1.001))
  const typed =
    'run --model ./growth.mjs --schedule revolve --ram 3 --json --journal my-run --journal-every 0'.split(' ')
  await cli(typed, { cwd, env: { CUT: '1' } })
  writeFileSync(join(cwd, 'growth.mjs'), source(1.002))
  const changed = await cli(typed, { cwd })
  expect(changed).toMatchObject({ code: 2, stdout: '' })
  expect(changed.stderr).toMatch(
    /the model's fingerprint was "module [0-9a-f]{64}" and is "module [0-9a-f]{64}"/,
  )
  writeFileSync(join(cwd, 'growth.mjs'), source(1.001))
  const same = await cli(typed, { cwd })
  expect(same.code).toBe(0)
  expect(same.stderr).toMatch(/The run resumes in the reverse/)
})
