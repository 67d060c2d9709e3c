/** What every command does when its reader leaves, when a disk is full, at Ctrl-C, and where a file is already. */
import { spawn } from 'node:child_process'
import { existsSync, openSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { cli, newDirectory, script } from './support/cli.js'

const cwd = newDirectory()
writeFileSync(join(cwd, 'trace.txt'), (await cli('actions revolve --steps 9 --ram 2'.split(' '))).stdout)
writeFileSync(join(cwd, 'broken.txt'), 'Forward(0, 2, true, false, RAM)\nEndForward()\nReverse(2, 1, true)\n')
const commands = [
  '--help',
  'run --help',
  'list',
  'list --json',
  'show revolve',
  'cite revolve',
  'completion bash',
  'compare --steps 30 --ram 3',
  'compare --steps 30 --ram 3 --json',
  'diagram revolve --steps 60000 --ram 9',
  'actions revolve --steps 300000 --ram 9',
  'simulate trace.txt',
  'simulate trace.txt --json',
  'verify trace.txt',
  'run --model burgers1d --steps 20 --schedule revolve --ram 3',
  'run --model burgers1d --steps 20 --schedule revolve --ram 3 --json',
]

interface Ended {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stderr: string
}

function ended(typed: string, stdout: 'pipe' | number, prepare: (child: ReturnType<typeof spawn>) => void) {
  const child = spawn(process.execPath, [script, ...typed.split(' ')], {
    cwd,
    stdio: ['pipe', stdout, 'pipe'],
  })
  let stderr = ''
  child.stderr!.on('data', (data) => (stderr += data))
  prepare(child)
  return new Promise<Ended>((resolve) =>
    child.on('close', (code, signal) => resolve({ code, signal, stderr })),
  )
}

// Which schedules do not fit is no fault.
const faultsIn = (stderr: string) => stderr.replaceAll(/^checkpoint-schedules: left out: .*\n/gm, '')

describe('a reader that leaves', () => {
  it.concurrent.each(commands)('%s', async (typed) => {
    const { code, stderr } = await ended(typed, 'pipe', (child) => void child.stdout!.destroy())
    expect(code).toBe(0)
    expect(faultsIn(stderr)).toBe('')
  })

  it('after the first lines of much more', async () => {
    const { code, stderr } = await ended('diagram revolve --steps 300000 --ram 9', 'pipe', (child) => {
      child.stdout!.once('data', () => child.stdout!.destroy())
    })
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  })

  it('does not hide that a law is broken, or a mistake', async () => {
    expect((await ended('verify broken.txt', 'pipe', (child) => void child.stdout!.destroy())).code).toBe(1)
    expect((await ended('no-such-command', 'pipe', (child) => void child.stderr!.destroy())).code).toBe(2)
  })
})

describe.skipIf(!existsSync('/dev/full'))('a full disk (skipped where there is no /dev/full)', () => {
  it.each(['list', '--help', 'actions revolve --steps 300000 --ram 9'])('%s', async (typed) => {
    const { code, stderr } = await ended(typed, openSync('/dev/full', 'w'), () => undefined)
    expect(code).toBe(2)
    expect(stderr).toMatch(/^checkpoint-schedules: stdout: .*the disk is full\.\n$/)
  })
})

describe('Ctrl-C', () => {
  // What a shell reports as 130, whether the process handles the signal or dies of it.
  const isInterrupted = ({ code, signal }: Ended) => code === 130 || signal === 'SIGINT'

  it.each([
    'simulate -',
    'actions revolve --steps 1e8 --ram 9',
    'compare --steps 100000 --ram 9 --disk 50 --png late.png',
  ])('%s', async (typed) => {
    const outcome = await ended(typed, 'pipe', (child) => void setTimeout(() => child.kill('SIGINT'), 1000))
    expect(isInterrupted(outcome)).toBe(true)
    expect(outcome.stderr).toBe('')
    expect(readdirSync(cwd).filter((name) => name.includes('late'))).toEqual([])
  })

  it('at any moment leaves a whole picture or none', { timeout: 300_000 }, async () => {
    const directory = newDirectory()
    const picture = join(directory, 'pareto.svg')
    const typed = `compare --steps 30 --ram 3 --force --svg ${picture}`
    const started = performance.now()
    await ended(typed, 'pipe', () => undefined)
    const time = performance.now() - started
    const whole = readFileSync(picture, 'utf8')
    // Most of them while the picture is drawn and written, which comes last.
    for (let i = 0; i < 8; i++) {
      await ended(
        typed,
        'pipe',
        (child) => void setTimeout(() => child.kill('SIGINT'), time * (0.6 + i / 20)),
      )
      expect(readdirSync(directory)).toEqual(['pareto.svg'])
      expect(readFileSync(picture, 'utf8')).toBe(whole)
    }
  })
})

describe('a file that is there already', () => {
  const directory = newDirectory()
  const path = join(directory, 'there.png')
  const run = 'run --model burgers1d --steps 20 --schedule revolve --ram 3'
  it.each([
    `compare --steps 30 --ram 3 --png ${path}`,
    `compare --steps 30 --ram 3 --svg ${path}`,
    `${run} --image ${path}`,
  ])('%s', async (typed) => {
    writeFileSync(path, 'mine')
    const refused = await cli(typed.split(' '))
    expect({ code: refused.code, stdout: refused.stdout }).toEqual({ code: 2, stdout: '' })
    expect(refused.stderr).toMatch(/there\.png: already exists; pass --force/)
    expect(readFileSync(path, 'utf8')).toBe('mine')
    expect((await cli([...typed.split(' '), '--force'])).code).toBe(0)
    expect(readFileSync(path).length).toBeGreaterThan(1000)
    expect(readdirSync(directory)).toEqual(['there.png'])
  })

  it.each([
    ['', /expected a name for a new file; it does not name a file/],
    [directory, /expected a name for a new file; it is a directory/],
    ['/dev/null', /expected a name for a new file; it is a device/],
    [join(directory, 'none', 'x.png'), /none: .*does not exist/],
  ])('and %j is no name for one, even with --force', async (name, message) => {
    const { code, stderr } = await cli(['compare', '--steps', '9', '--ram', '2', '--force', '--png', name])
    expect(code).toBe(2)
    expect(stderr).toMatch(message)
  })
})
