/** What others wrote (names, journals, markers, errors, output of models) is shown, never obeyed by the terminal; a path that is not ours is a sentence. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { printable } from '../src/terminal/printable.js'
import { cli, newDirectory, type Outcome } from './support/cli.js'

/** Clears the screen, sets the title, turns the direction of writing, and more; the last one is C1. */
const EVIL = '\u001b[2J\u001b]0;title\u0007\u202e\u2066\u200f\r\u009b31m'
const SHOWN = String.raw`\u001b[2J\u001b]0;title\u0007\u202e\u2066\u200f\r\u009b31m`
// eslint-disable-next-line no-control-regex
const raw = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/

function expectHarmless({ stdout, stderr }: Outcome): void {
  expect(stdout).not.toMatch(raw)
  expect(stderr).not.toMatch(raw)
}

const line = (value: object) => {
  const text = JSON.stringify(value)
  return `${crc32(text).toString(16).padStart(8, '0')} ${text}\n`
}

const identity = {
  schedule: 'Revolve',
  options: { steps: 9, snapshotsInRam: 2 },
  steps: 9,
  adjoints: 1,
  model: null,
  initialState: '0',
  terminalAdjoint: '0',
}

/** A directory with a journal whose head says this, and points. */
function journalOf(head: object, ...points: object[]): string {
  const directory = newDirectory()
  const first = line({
    format: 'checkpoint-schedules journal',
    version: 2,
    owner: 1,
    identity,
    note: null,
    ...head,
  })
  const others = points.map((point) => line({ ...point, owner: 1 }))
  writeFileSync(join(directory, 'journal.log'), first + others.join(''))
  return directory
}

const pointAt = (actions: number, steps: number) => ({
  point: 1,
  position: { actions, at: null, steps, reversed: 0, forwardSteps: 0 },
  values: { results: [] },
  stores: {},
})

describe('control and bidirectional characters', () => {
  it('every one of them is written out, line ends and tabs stay', () => {
    for (let code = 0; code < 0x10000; code++) {
      const text = String.fromCharCode(code)
      const shown = printable(text)
      if (text === '\n' || text === '\t') expect(shown).toBe(text)
      else if (raw.test(text)) expect(shown).toMatch(/^\\(?:r|u[0-9a-f]{4})$/)
      else expect(shown).toBe(text)
    }
  })

  it('in the JSON of a journal they are the same text', async () => {
    const directory = journalOf({ identity: { ...identity, model: EVIL } })
    const outcome = await cli(['journal', directory, '--json'])
    expectHarmless(outcome)
    expect(JSON.parse(outcome.stdout).identity.model).toBe(EVIL)
  })

  it.each([{}, { FORCE_COLOR: '1', NO_COLOR: '' }])('in the rows of a journal, with %j', async (env) => {
    const options = { [`${EVIL}\nrunning`]: EVIL }
    const directory = journalOf({
      identity: { ...identity, schedule: EVIL, options, model: `${EVIL}\nrunning` },
    })
    const { code, stdout } = await cli(['journal', directory], { env })
    // Colours of ours are all that is left.
    const plain = ['[1m', '[2m', '[22m'].reduce((text, code) => text.replaceAll(`\u001b${code}`, ''), stdout)
    expect([code, plain]).toEqual([0, expect.not.stringMatching(raw)])
    expect(plain).toContain(SHOWN)
    expect(plain).not.toMatch(/^running/m)
    expect(stdout !== plain).toBe('FORCE_COLOR' in env)
  })

  it('in a marker', async () => {
    const directory = newDirectory()
    const marker = { format: 'checkpoint-schedules run', version: 1, pid: 1, host: `${hostname()}${EVIL}` }
    const rest = { started: null, since: EVIL, kept: false, made: false }
    writeFileSync(join(directory, 'checkpoint-schedules.run'), JSON.stringify({ ...marker, ...rest }))
    expectHarmless(await cli(['clean', directory]))
  })

  it('in names of files and arguments', async () => {
    const cwd = newDirectory()
    const name = `a${EVIL}`
    mkdirSync(join(cwd, name))
    writeFileSync(join(cwd, `${name}.mjs`), 'export {}')
    writeFileSync(join(cwd, `${name}.txt`), EVIL)
    for (const args of [
      ['clean', name],
      ['journal', name],
      ['verify', `${name}.txt`],
      ['verify', `${name}.none`],
      ['show', name],
      [name],
      ['run', '--model', `./${name}.mjs`, '--schedule', 'revolve', '--ram', '2'],
      ['run', '--model', 'burgers1d', '--schedule', name],
      ['run', '--model', 'burgers1d', '--schedule', 'revolve', `--${name}`, '2'],
      [
        'run',
        '--model',
        'burgers1d',
        '--schedule',
        'revolve',
        '--ram',
        '2',
        '--image',
        `${name}/x.png`,
        '--steps',
        EVIL,
      ],
    ]) {
      const outcome = await cli(args, { cwd })
      expect(outcome).toMatchObject({ code: 2, stdout: '' })
      expectHarmless(outcome)
      expect(outcome.stderr.split('\n')).toHaveLength(2)
    }
  })

  it('in what a model says, throws and leaves behind', async () => {
    const cwd = newDirectory()
    const driver = import.meta
      .resolve('@checkpoint-schedules/driver')
      .replace(/src\/index\.ts$/, 'dist/index.js')
    const evil = JSON.stringify(EVIL)
    const source = (adjoint: string) => `import { defineProblem } from ${JSON.stringify(driver)}
      export const it = defineProblem({ name: 'it', summary: ${evil}, options: {},
        create: (_options, control = 1) => ({
          model: { step: (x) => x, tape: (x) => ({ state: x, tape: x }), adjoint: (a) => { ${adjoint} } },
          initialState: control, steps: 9, terminalAdjoint: 1, objective: (x) => x, gradient: (a) => a, control }) })`
    const run = async (adjoint: string) => {
      writeFileSync(join(cwd, 'it.mjs'), source(adjoint))
      return cli('run --model ./it.mjs --schedule revolve --ram 3'.split(' '), { cwd })
    }
    const said = await run(`console.log(${evil}); console.error(Buffer.from(${evil}).toString()); return a`)
    expect(said.code).toBe(0)
    expectHarmless(said)
    expect(said.stdout).toContain(SHOWN)
    expect(said.stderr).toContain(SHOWN)

    const thrown = await run(`throw new Error(${evil} + '\\nforged')`)
    expect(thrown).toMatchObject({ code: 1, stdout: '' })
    expectHarmless(thrown)
    expect(thrown.stderr).toContain(String.raw`${SHOWN}\nforged`)

    const left = await run(`Promise.reject(new Error(${evil})); return a`)
    expect(left.code).toBe(1)
    expectHarmless(left)
    expect(left.stderr).toContain(SHOWN)
  })
})

describe('a path that is not ours is bad input, told in a sentence', () => {
  const cwd = newDirectory()
  writeFileSync(join(cwd, 'file'), 'text')
  mkdirSync(join(cwd, 'mine'))
  writeFileSync(join(cwd, 'mine', 'thesis.txt'), 'text')
  mkdirSync(join(cwd, 'strange', 'journal.log'), { recursive: true })
  mkdirSync(join(cwd, 'pipe'))
  for (const name of ['journal.log', 'checkpoint-schedules.run'])
    execFileSync('sh', ['-c', `mkfifo ${JSON.stringify(join(cwd, 'pipe', name))}`])

  it.each(['file', 'mine', 'strange', 'pipe', '/proc', '/dev/null', 'file/below'])('%s', async (path) => {
    for (const command of [['clean'], ['journal'], ['journal', '--json'], ['run', '--resume']]) {
      const outcome = await cli([...command, path], { cwd })
      expect(outcome, command.join(' ')).toMatchObject({ code: 2, stdout: '' })
      expect(outcome.stderr).toMatch(/^checkpoint-schedules: .*\.\n$/)
    }
    expect(readFileSync(join(cwd, 'mine', 'thesis.txt'), 'utf8')).toBe('text')
  })

  it.each([
    ['schedule', {}],
    ['options', null],
    ['options', 'none'],
    ['steps', 'many'],
    ['steps', -1],
    ['adjoints', 0.5],
    ['model', { toString: 1 }],
    ['initialState', null],
  ])('a journal whose identity has another %s: %j', async (field, value) => {
    const outcome = await cli(['journal', journalOf({ identity: { ...identity, [field]: value } })])
    expect(outcome).toMatchObject({ code: 2, stdout: '' })
    expect(outcome.stderr).toMatch(/holds no journal that can be read/)
  })
})

describe('a journal of 10^12 steps is shown without replaying them', () => {
  const steps = 1e12
  it.each([
    ['Revolve', { steps, snapshotsInRam: 3 }],
    ['Multistage', { steps, snapshotsInRam: 3, snapshotsOnDisk: 2 }],
    ['SingleMemory', {}],
    ['SingleDisk', { moveData: false }],
  ])('%s', async (schedule, options) => {
    const directory = journalOf({ identity: { ...identity, schedule, options, steps } }, pointAt(3e12, steps))
    const { code, stdout } = await cli(['journal', directory])
    expect(code).toBe(0)
    expect(stdout).toMatch(/^phase +forward/m)
  })
})
