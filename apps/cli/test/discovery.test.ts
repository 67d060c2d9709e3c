import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { cli, newDirectory } from './support/cli.js'

const core = import.meta.resolve('@checkpoint-schedules/core').replace('/src/index.ts', '/dist/index.js')
const driver = import.meta.resolve('@checkpoint-schedules/driver').replace('/src/index.ts', '/dist/index.js')

/** A project with packages in its node_modules: name → source. */
function project(packages: Record<string, string>, mark: object): string {
  const directory = newDirectory()
  const dependencies = Object.fromEntries(Object.keys(packages).map((name) => [name, '*']))
  writeFileSync(join(directory, 'package.json'), JSON.stringify({ dependencies }))
  for (const [name, source] of Object.entries(packages)) {
    const folder = join(directory, 'node_modules', name)
    mkdirSync(folder, { recursive: true })
    const json = { name, type: 'module', exports: { '.': { import: './main.js' } }, ...mark }
    writeFileSync(join(folder, 'package.json'), JSON.stringify(json))
    writeFileSync(join(folder, 'main.js'), source)
  }
  return directory
}

const theirs = `
import { costs, defineSchedule, endForward, endReverse, integer, reverse, tape } from '${core}'
export const ownThing = defineSchedule({
  name: 'OwnThing', summary: 'For one step.', references: [], online: false, adjoints: 1,
  options: { steps: integer({ min: 1, help: 'time steps' }), force: integer({ min: 0, default: 0, help: 'nothing' }), costs: costs({ storages: ['DISK'], help: 'costs' }) },
  check: ({ costs, force }) => costs.write.DISK > 5 ? 'writing costs ' + costs.write.DISK + ', force is ' + force + '.' : undefined,
  limits: () => ({}),
  *actions() { yield tape(0); yield endForward(); yield reverse(0); yield endReverse() },
})
export const multistage = ownThing
`

it("finds schedules of a user's project, from any folder in it, and says which package is broken", async () => {
  const packages = { '@them/schedules': theirs, broken: 'export const x = ;' }
  const directory = project(packages, { checkpointSchedules: true })
  const deep = join(directory, 'some', 'folder')
  mkdirSync(deep, { recursive: true })
  const { code, stdout, stderr } = await cli('actions own-thing --steps 1'.split(' '), { cwd: deep })
  expect(stdout).toBe(
    'Forward(0, 1, false, true, ADJ_DEPS)\nEndForward()\nReverse(1, 0, true)\nEndReverse()\n',
  )
  expect(stderr).toMatch(/warning: the package broken could not be loaded: /)
  expect(stderr).toMatch(
    /warning: multistage of @them\/schedules is hidden by the one in @checkpoint-schedules\/multistage/,
  )
  expect(code).toBe(0)
})

it('does not import what is not marked', async () => {
  const directory = project({ plain: 'process.stdout.write("imported")' }, {})
  expect((await cli('actions none --steps 1'.split(' '), { cwd: directory })).stdout).not.toMatch('imported')
})

it('gives costs a flag each, and a prefix where two options share a name', async () => {
  const directory = project({ theirs }, { checkpointSchedules: true })
  const typed = 'run --model burgers1d --points 60 --steps 1 --schedule own-thing --no-progress'.split(' ')
  const { stderr } = await cli([...typed, '--write-disk', '6', '--schedule-force', '7'], { cwd: directory })
  expect(stderr).toMatch(/writing costs 6, force is 7/)
})

it("runs a user's problem", async () => {
  const source = `
import { integer } from '${core}'
import { defineProblem } from '${driver}'
export const myDecay = defineProblem({
  name: 'myDecay', summary: 'x halves until it is small.', options: { start: integer({ min: 1, default: 64, help: 'x at the start' }) },
  create: ({ start }, control = start) => ({
    model: {
      step: (x) => x / 2, tape: (x) => ({ state: x / 2, tape: 0 }), adjoint: (a) => a / 2, isDone: (x) => x <= 1,
    },
    initialState: control, terminalAdjoint: 1, objective: (x) => x, gradient: (a) => a, control,
  }),
})`
  const directory = project({ theirs: source }, { checkpointProblems: true })
  const typed = 'run --model my-decay --json --schedule'.split(' ')
  const { stdout } = await cli([...typed, 'single-memory'], { cwd: directory })
  expect(JSON.parse(stdout)).toMatchObject({
    model: 'my-decay',
    steps: 6,
    objective: 1,
    gradientNorm: 1 / 64,
  })

  const nothing = await cli([...typed, 'single-memory', '--start', '1', '--taylor'], { cwd: directory })
  expect(JSON.parse(nothing.stdout)).toMatchObject({ steps: 0, objective: 1, gradientNorm: 1 })
  const words = typed.filter((word) => word !== '--json')
  const inWords = await cli([...words, 'single-memory', '--start', '1'], { cwd: directory })
  expect(inWords).toMatchObject({ code: 0, stdout: expect.not.stringMatching(/NaN|Infinity/) })

  const offline = await cli([...typed, 'multistage', '--ram', '2'], { cwd: directory })
  expect(offline).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(
      /the number of steps of my-decay is unknown; pass --steps N or use an online schedule/,
    ),
  })
  const picture = await cli([...typed, 'single-memory', '--image', 'x.png'], { cwd: directory })
  expect(picture).toMatchObject({ code: 2, stderr: expect.stringMatching(/my-decay cannot be drawn/) })
})

it('is not held up by a model that hangs after Ctrl-C', async () => {
  const source = `
import { defineProblem } from '${driver}'
export const hanging = defineProblem({
  name: 'hanging', summary: 'Never returns.', options: {},
  create: (_options, control = 1) => ({
    model: {
      step: (x) => x, adjoint: (a) => a,
      tape: (x, n) => n < 3 ? { state: x, tape: 0 } : new Promise(() => { setInterval(() => {}, 1000); process.stderr.write('hangs') }),
    },
    initialState: 1, steps: 9, terminalAdjoint: 1, objective: (x) => x, gradient: (a) => a, control,
  }),
})`
  const directory = project({ theirs: source }, { checkpointProblems: true })
  const outcome = await cli('run --model hanging --schedule single-memory'.split(' '), {
    cwd: directory,
    killAfter: /hangs/,
  })
  expect(outcome.code).toBe(130)
  expect(outcome.stderr).toMatch(/model\.tape has not settled its promise of step 3/)
  expect(outcome.stderr).toMatch(/interrupted; nothing was written/)
})

it('says that a model threw, where, with exit code 1', async () => {
  const source = `
import { defineProblem } from '${driver}'
export const faulty = defineProblem({
  name: 'faulty', summary: 'Throws.', options: {},
  create: () => ({
    model: { step: (x) => x, tape: (x, n) => { if (n === 3) throw new Error('no more'); return { state: x, tape: 0 } }, adjoint: (a) => a },
    initialState: 0, steps: 5, terminalAdjoint: 1, objective: () => 0, gradient: (a) => a, control: 0,
  }),
})`
  const directory = project({ theirs: source }, { checkpointProblems: true })
  const { code, stdout, stderr } = await cli('run --model faulty --schedule single-memory'.split(' '), {
    cwd: directory,
  })
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
  expect(stderr).toMatch(/^checkpoint-schedules: .*step 3.*no more.*\n$/)
})
