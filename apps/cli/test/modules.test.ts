/** Code of the user's: a module with a problem, and schedules of packages that they have installed. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { cli, newDirectory } from './support/cli.js'

const lorenz96 = fileURLToPath(new URL('../examples/lorenz96.mjs', import.meta.url))
const core = import.meta.resolve('@checkpoint-schedules/core').replace(/src\/index\.ts$/, 'dist/index.js')

/** A project with a package of somebody's, not among its dependencies. */
function project(): string {
  const cwd = newDirectory()
  const directory = join(cwd, 'node_modules', '@someone', 'theirs')
  mkdirSync(directory, { recursive: true })
  writeFileSync(
    join(directory, 'package.json'),
    JSON.stringify({ name: '@someone/theirs', type: 'module', exports: './index.js' }),
  )
  const storeAll = `defineSchedule({
    name: 'StoreAll', summary: 'Keeps all.', references: [], options: {}, online: true, adjoints: 'unlimited', limits: () => ({}),
    *actions({ run }) {
      yield { type: 'Forward', n0: 0, n1: UNBOUNDED, writeIcs: false, writeAdjDeps: true, storage: 'WORKING_MEMORY' }
      yield { type: 'EndForward' }
      for (;;) { yield { type: 'Reverse', n1: run.steps, n0: 0, clearAdjDeps: false }; yield { type: 'EndReverse' } }
    },
  })`
  writeFileSync(
    join(directory, 'index.js'),
    `import { defineSchedule, UNBOUNDED } from ${JSON.stringify(core)}
     export const storeAll = ${storeAll}
     export const another = ${storeAll.replace('StoreAll', 'Another')}
     export const number = 1`,
  )
  return cwd
}

it('a module that exports a problem, with a gradient that is right', async () => {
  const { code, stdout } = await cli([
    'run',
    '--model',
    lorenz96,
    '--schedule',
    'revolve',
    '--ram',
    '5',
    '--taylor',
    '--json',
  ])
  expect(code).toBe(0)
  const { taylor, forwardSteps, optimum } = JSON.parse(stdout) as Record<string, any>
  expect(taylor.verdict).toBe('passed')
  expect(taylor.rate).toBeGreaterThan(1.9)
  expect(taylor.rate).toBeLessThan(2.1)
  expect(forwardSteps).toBe(optimum)
})

it("a third party's schedule gives a bit-for-bit identical gradient", async () => {
  const cwd = project()
  const hashOf = async (schedule: string) => {
    const { code, stdout } = await cli(
      ['run', '--model', `${lorenz96}#lorenz96`, '--schedule', schedule, '--json'],
      { cwd },
    )
    expect(code).toBe(0)
    return (JSON.parse(stdout) as Record<string, unknown>)['gradientSha256']
  }
  expect(await hashOf('@someone/theirs#store-all')).toBe(await hashOf('single-memory'))
  expect((await cli(['diagram', '@someone/theirs#storeAll', '--steps', '3'], { cwd })).stdout).toMatch(
    /Forward\(0, \d+, false, true/,
  )
  expect((await cli(['show', '@someone/theirs#another'], { cwd })).stdout).toMatch(/^Another /)
})

describe('bad input', () => {
  const cwd = project()
  writeFileSync(join(cwd, 'nothing.mjs'), 'export const x = 1')
  writeFileSync(join(cwd, 'throws.mjs'), 'throw new Error("no good")')
  it.each([
    ['./none.mjs', 'revolve', /none\.mjs: expected a module that exports a problem; it does not exist/],
    ['./nothing.mjs', 'revolve', /nothing\.mjs: exports no problem; make one with defineProblem/],
    ['./throws.mjs', 'revolve', /throws\.mjs: cannot be loaded: no good/],
    [`${lorenz96}#lorenz`, 'revolve', /there is no problem "lorenz"\. Did you mean lorenz96\?/],
    [
      lorenz96,
      '@someone/theirs',
      /exports several; pass one of them: @someone\/theirs#another, @someone\/theirs#storeAll/,
    ],
    [lorenz96, '@someone/theirs#storall', /there is no schedule "storall"\. Did you mean storeAll\?/],
    [lorenz96, '@nobody/nothing#x', /there is no package "@nobody\/nothing" in a node_modules/],
    [
      lorenz96,
      '../../etc#x',
      /etc: expected a module that exports a schedule; it (is not a file|does not exist)/,
    ],
  ])('--model %s --schedule %s', async (model, schedule, message) => {
    const { code, stdout, stderr } = await cli(
      ['run', '--model', model, '--schedule', schedule, '--ram', '3'],
      { cwd },
    )
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toMatch(message)
  })
})

describe('the verdict of --taylor', () => {
  const driver = import.meta
    .resolve('@checkpoint-schedules/driver')
    .replace(/src\/index\.ts$/, 'dist/index.js')
  // Ten steps of x + c x², and of its adjoint times `factor`; `f` is what the objective does to the end.
  const problem = (c: number, factor: number, f = '(x) => x') => `
    import { defineProblem } from ${JSON.stringify(driver)}
    const step = (x) => x + ${c} * x * x
    export const problem = defineProblem({
      name: 'problem', summary: 'A problem.', options: {},
      create: (_options, control = 0.3) => ({
        model: { step, tape: (x) => ({ state: step(x), tape: x }), adjoint: (a, x) => a * (1 + 2 * ${c} * x) },
        initialState: control, steps: 10, terminalAdjoint: ${factor}, objective: ${f}, gradient: (a) => a, control,
      }),
    })`
  const outcomes = async (code: string) => {
    const cwd = newDirectory()
    writeFileSync(join(cwd, 'problem.mjs'), code)
    const args = 'run --model ./problem.mjs --schedule revolve --ram 3 --taylor --no-progress'.split(' ')
    const [text, json] = await Promise.all([cli(args, { cwd }), cli([...args, '--json'], { cwd })])
    return {
      text,
      taylor: JSON.parse(json.stdout).taylor as Record<string, any>,
      codes: [text.code, json.code],
    }
  }

  it.each([
    [
      'passed',
      problem(0.1, 1),
      0,
      /^Taylor test +passed +rates 2\.0\d\d … 2\.00\d; the slope is right to a relative error of \de-\d+/m,
    ],
    ['exact', problem(0, 1), 0, /^Taylor test +exact +the objective is linear along the direction/m],
    [
      'wrong',
      problem(0.1, 1.0001),
      1,
      /^Taylor test +wrong +the gradient is wrong: its slope has a relative error of 1\.0e-4/m,
    ],
    [
      'undecided',
      problem(0.1, 1, '(x) => 1e30 + x'),
      0,
      /^Taylor test +undecided +no remainder is above rounding/m,
    ],
  ])('%s', async (verdict, code, exit, sentence) => {
    const { text, taylor, codes } = await outcomes(code)
    expect(taylor['verdict']).toBe(verdict)
    expect(codes).toEqual([exit, exit])
    expect(text.stdout).toMatch(sentence)
  })

  it('shows no rate for "exact"', async () => {
    const { taylor } = await outcomes(problem(0, 1))
    expect(taylor).toMatchObject({ exact: true, rate: null, trend: null })
  })
})
