/** The commands of the queue, against a real Redis: the sum has the bits of a plain loop, whichever workers are killed. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { wave2d } from '@checkpoint-schedules/models'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { hasRedis, type RedisServer, startRedis } from '../../../tests/support/redis.mjs'
import { loadJobs } from '../src/jobs/jobs-package.js'
import { doubles, npy } from './support/npy.js'
import { cli, newDirectory, script } from './support/cli.js'
import { plainSum } from './support/plain-sum.js'

const SHOTS = 16
const options = { shots: SHOTS, steps: 60, absorbingWidth: 4, aperture: 200, receivers: 8 }
const model =
  `--model wave2d --shots ${SHOTS} --steps 60 --absorbing-width 4 --aperture 200 --receivers 8 --schedule multistage --ram 5`.split(
    ' ',
  )

const fileOf = (numbers: ArrayLike<number>) =>
  npy(doubles(...Array.from(numbers)), { shape: `(${numbers.length},)` })

let server: RedisServer
let queues = 0
/** The flags of a queue of its own. */
let queue: string[]
const env = () => ({ CHECKPOINT_SCHEDULES_REDIS: server.url })
const run = (typed: readonly string[], cwd: string) => cli(typed, { cwd, env: env() })
const jobs = (name: string, cwd: string, ...more: string[]) => run(['jobs', name, ...queue, ...more], cwd)
const childrenOf = (pid: number) =>
  readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').map(Number)

describe.skipIf(!hasRedis())('jobs', () => {
  beforeAll(async () => (server = await startRedis()))
  afterAll(() => server.stop())
  beforeEach(() => (queue = ['--queue', `q${queues++}`]))

  it('16 shots at a control, by the queue and by the pool', async () => {
    const cwd = newDirectory()
    const control = wave2d(options, undefined, { first: 0, count: 1 }).control.map((it, i) => it + (i % 7))
    writeFileSync(join(cwd, 'control.npy'), fileOf(control))
    const at = ['--control', 'control.npy']
    const submitted = await jobs('submit', cwd, ...model, ...at)
    expect(submitted).toMatchObject({ code: 0, stderr: '' })
    expect(submitted.stdout).toMatch(/^parts +16\nsubmitted +16\nworkers +0 +start them: jobs work/m)
    const early = await jobs('collect', cwd, '--out', 'queue')
    expect(early.code).toBe(1)
    expect(early.stderr).toMatch(
      /16 of 16 parts are missing \(16 waiting\)\. Collect again later, or with --wait\.\n$/,
    )
    const worked = await jobs('work', cwd, ...model, '--workers', '2', '--until-empty')
    expect(worked.code).toBe(0)
    expect(worked.stderr.match(/part \d+ of run [0-9a-f]{8} is done\./g)).toHaveLength(SHOTS)
    const collected = await jobs('collect', cwd, '--out', 'queue', '--remove', '--no-progress')
    expect(collected).toMatchObject({ code: 0, stderr: '' })
    expect((await jobs('status', cwd)).stdout).toMatch(/^The queue q\d+ has no runs\.\n$/)
    const pool = await run(
      ['gradient', ...model, ...at, ...'--parts all --no-progress --out pool'.split(' ')],
      cwd,
    )
    expect(pool.code).toBe(0)
    for (const file of ['gradient.json', 'part-7/gradient.npy', 'part-7/value.npy', 'part-7/part.json'])
      expect(readFileSync(join(cwd, 'queue', file)), file).toEqual(readFileSync(join(cwd, 'pool', file)))
    const expected = await plainSum(options, control)
    for (const directory of ['queue', 'pool'])
      expect(JSON.parse((await run(['reduce', directory, '--json'], cwd)).stdout)).toMatchObject(expected)
  })

  // Kills need to know the workers' numbers, which /proc tells.
  it.skipIf(!existsSync('/proc/self/task'))(
    '16 shots by workers that are killed with -9 while they work',
    async () => {
      const cwd = newDirectory()
      expect((await jobs('submit', cwd, ...model)).code).toBe(0)
      const typed = [
        'jobs',
        'work',
        ...model,
        ...queue,
        ...'--workers 2 --until-empty --lost-after 1'.split(' '),
      ]
      const crew = spawn(process.execPath, [script, ...typed], { cwd, env: { ...process.env, ...env() } })
      let [said, kills] = ['', 0]
      crew.stderr.on('data', (text) => {
        said += text
        // At every third part that is done, as long as there are some left.
        if ((said.match(/is done/g)?.length ?? 0) < 3 * (kills + 1) || kills === 4) return
        const [pid] = childrenOf(crew.pid!)
        kills += 1
        process.kill(pid!, 'SIGKILL')
      })
      expect(await new Promise((resolve) => crew.on('close', resolve))).toBe(0)
      expect(kills).toBe(4)
      expect(said.match(/a worker died by SIGKILL; another one is started/g)).toHaveLength(4)
      expect((await jobs('collect', cwd, '--out', 'out', '--no-progress')).code).toBe(0)
      expect(JSON.parse((await run(['reduce', 'out', '--json'], cwd)).stdout)).toMatchObject(
        await plainSum(options),
      )
    },
  )

  it.skipIf(!existsSync('/proc/self/task'))(
    'a part whose worker was killed resumes from its journal; Ctrl-C returns one',
    async () => {
      const cwd = newDirectory()
      const longer = [...model, '--steps', '600', '--shots', '1']
      expect((await jobs('submit', cwd, ...longer)).code).toBe(0)
      const work = '--workers 1 --until-empty --journal-dir journals --journal-every 0 --lost-after 1'.split(
        ' ',
      )
      const crew = spawn(process.execPath, [script, 'jobs', 'work', ...longer, ...queue, ...work], {
        cwd,
        env: { ...process.env, ...env() },
        stdio: 'ignore',
      })
      const journals = join(cwd, 'journals')
      const saved = () =>
        existsSync(journals)
          ? readdirSync(journals, { recursive: true, encoding: 'utf8' }).filter((name) =>
              /value-[2-9]/.test(name),
            )
          : []
      while (saved().length === 0) await new Promise((resolve) => setTimeout(resolve, 5))
      const [worker] = childrenOf(crew.pid!)
      crew.kill('SIGKILL')
      process.kill(worker!, 'SIGKILL')
      const cut = await cli(['jobs', 'work', ...longer, ...queue, ...work], {
        cwd,
        env: env(),
        killAfter: /part 0: The run resumes in the (forward|reverse)/,
      })
      expect(cut.code).toBe(130)
      expect(cut.stderr).toMatch(
        /part 0 of run \w+ went back to the queue\.\n.*interrupted; the parts under way went back to the queue\.\n$/s,
      )
      const rest = await jobs('work', cwd, ...longer, ...work)
      expect(rest.code).toBe(0)
      expect(rest.stderr).toMatch(/part 0: The run resumes in the (forward|reverse)/)
      expect(existsSync(journals) ? readdirSync(journals) : []).toEqual([])
    },
  )

  it('shows what failed, and tries it again when it is submitted again', async () => {
    const cwd = newDirectory()
    const driver = import.meta
      .resolve('@checkpoint-schedules/driver')
      .replace(/src\/index\.ts$/, 'dist/index.js')
    writeFileSync(
      join(cwd, 'poison.mjs'),
      `import { existsSync } from 'node:fs'
import { defineProblem } from ${JSON.stringify(driver)}
const step = (x, first) => {
  if (first === 1 && !existsSync('cure')) throw new Error('shot 1 is poison')
  return 2 * x
}
export const poison = defineProblem({
  name: 'poison', summary: '', options: {}, parts: () => 3,
  create: (_, control = 1, { first } = { first: 0 }) => ({
    model: { step: (x) => step(x, first), tape: (x) => ({ state: step(x, first), tape: null }), adjoint: (a) => 2 * a },
    initialState: control + first, steps: 5, terminalAdjoint: 1, objective: (x) => x, gradient: (a) => a, control,
  }),
})`,
    )
    const typed = '--model ./poison.mjs --schedule revolve --ram 2'.split(' ')
    expect((await jobs('submit', cwd, ...typed)).code).toBe(0)
    const worked = await jobs('work', cwd, ...typed, ...'--workers 1 --until-empty --no-progress'.split(' '))
    expect(worked.code).toBe(1)
    expect(worked.stderr).toMatch(/part 1 of run \w+ failed: .*shot 1 is poison/)
    expect(worked.stderr).toMatch(/1 part failed; jobs status shows why, and jobs submit tries again\.\n$/)
    const { stdout } = await jobs('status', cwd)
    expect(stdout).toMatch(
      /^done +2 of 3 parts +66%\n.*^failed +part 1 +.*shot 1 is poison.*submit the run again/ms,
    )
    const [plain] = JSON.parse((await jobs('status', cwd, '--json')).stdout) as [{ dead: object[] }]
    expect(plain.dead).toEqual([{ part: 1, message: expect.stringContaining('poison') }])
    const { code, stderr } = await jobs('collect', cwd, '--out', 'out', '--wait')
    expect(code).toBe(1)
    expect(stderr).toMatch(
      /1 of 3 parts is missing \(1 failed\)\. Part 1 failed: .*poison.*\. Submit the run again to try again\.\n$/,
    )
    writeFileSync(join(cwd, 'cure'), '')
    expect((await jobs('submit', cwd, ...typed)).stdout).toMatch(
      /^submitted +1 +2 were done before, 1 had failed$/m,
    )
    await jobs('work', cwd, ...typed, '--workers', '1', '--until-empty')
    expect((await jobs('collect', cwd, '--out', 'out')).stdout).toMatch(
      /^collected +1 +2 parts had been there before$/m,
    )
    expect(JSON.parse((await run(['reduce', 'out', '--json'], cwd)).stdout)).toMatchObject({ value: 32 * 6 })
  })

  it('workers of other flags or another version leave a run to others, and say why', async () => {
    const cwd = newDirectory()
    expect((await jobs('submit', cwd, ...model)).code).toBe(0)
    const other = await jobs('work', cwd, ...model, '--spacing', '11', '--workers', '2', '--until-empty')
    expect(other.code).toBe(0)
    expect(
      other.stderr.match(/is left to other workers: its spacing was 10 and is 11 here\.\n/g),
    ).toHaveLength(1)
    expect((await jobs('status', cwd)).stdout).toMatch(/^waiting +16\n/m)
  })

  it('workers on a queue without runs say so, once', async () => {
    const idle = await jobs('work', newDirectory(), ...model, '--workers', '2', '--until-empty')
    expect(idle.code).toBe(0)
    expect(idle.stderr.match(/the queue q\d+ has no runs: none was submitted under this name/g)).toHaveLength(
      1,
    )
  })

  it('results go to a store that a module exports', async () => {
    const cwd = newDirectory()
    writeFileSync(
      join(cwd, 'store.mjs'),
      `import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
export const store = {
  async put(key, bytes) {
    await mkdir(dirname('bucket/' + key), { recursive: true })
    await writeFile('bucket/' + key + process.pid, bytes)
    await rename('bucket/' + key + process.pid, 'bucket/' + key)
  },
  get: (key) => readFile('bucket/' + key).catch(() => undefined),
  delete: (key) => rm('bucket/' + key, { force: true }),
}`,
    )
    const typed = [...model, '--store', './store.mjs', '--shots', '4']
    await jobs('submit', cwd, ...typed)
    await jobs('work', cwd, ...typed, '--until-empty', '--workers', '1')
    const objects = readdirSync(join(cwd, 'bucket'), { recursive: true, encoding: 'utf8' })
    expect(objects.filter((name) => /part-\d+$/.test(name))).toHaveLength(4)
    expect((await jobs('collect', cwd, '--out', 'out')).stderr).toMatch(
      /are in an object store; pass the same store/,
    )
    expect((await jobs('collect', cwd, '--out', 'out', '--store', './store.mjs')).code).toBe(0)
    expect(JSON.parse((await run(['reduce', 'out', '--json'], cwd)).stdout)).toMatchObject(
      await plainSum({ ...options, shots: 4 }),
    )
  })

  it('every example in a help does what it shows', async () => {
    const examplesOf = async (name: string) =>
      Array.from(
        (await cli(['jobs', ...(name === '' ? [] : [name]), '--help'])).stdout.matchAll(/^ {2}\$ (.*)$/gm),
        ([, line]) => line!,
      )
    const cwd = newDirectory()
    const control = wave2d(options, undefined, { first: 0, count: 1 }).control
    writeFileSync(join(cwd, 'next.npy'), fileOf(control))
    const typed = (line: string) =>
      line
        .replace(/^checkpoint-schedules /, '')
        .replaceAll(/--run 3f2a/g, '')
        .trim()
        .split(/ +/)
    const all = [...(await examplesOf('')), ...(await examplesOf('status')), ...(await examplesOf('remove'))]
    expect(all.length).toBeGreaterThan(6)
    for (const line of all) expect(await run(typed(line), cwd), line).toMatchObject({ code: 0 })
    for (const line of await examplesOf('submit'))
      expect(await run(typed(line), cwd), line).toMatchObject({ code: 0 })
  })

  it.each([
    [['submit', ...model], [], /jobs submit needs the name of a queue: pass --queue NAME\.\n$/],
    [
      ['work', ...model, '--journal-every', '5'],
      ['--queue', 'q'],
      /--journal-every is for --journal-dir DIRECTORY/,
    ],
    [
      ['work', ...model, '--lost-after', '0'],
      ['--queue', 'q'],
      /--lost-after must be a number of seconds >= 1 or a time/,
    ],
    [
      ['collect'],
      ['--queue', 'none', '--out', 'x'],
      /the queue none has no runs; none was submitted, or Redis was restarted/,
    ],
    [
      ['collect'],
      ['--queue', 'none'],
      /jobs collect needs a directory for the parts: pass --out DIRECTORY\.\n$/,
    ],
    [['status'], ['--queue', 'a b'], /the name of a queue must be 1 to 60 letters/],
    [
      ['submit', ...model, '--control', 'none.npy'],
      ['--queue', 'q'],
      /none\.npy: expected a \.npy file; it does not exist\.\n$/,
    ],
    [['submit', ...model, '--in-redis', 'much'], ['--queue', 'q'], /--in-redis must be a size such as/],
    [['sumbit'], [], /there is no command of jobs "sumbit"\. Did you mean submit\?/],
    [[], [], /jobs needs a command: submit, work, status, collect, remove\.\n$/],
  ])('refuses %j %j', async (typed, more, sentence) => {
    const { code, stdout, stderr } = await run(['jobs', ...typed, ...more], newDirectory())
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toMatch(sentence)
  })

  it('refuses a control of another length', async () => {
    const cwd = newDirectory()
    writeFileSync(join(cwd, 'short.npy'), fileOf([1, 2]))
    const { code, stderr } = await run(
      ['gradient', ...model, ...'--control short.npy --part 0 --out out'.split(' ')],
      cwd,
    )
    expect(code).toBe(2)
    expect(stderr).toMatch(/short\.npy: expected 2560 values, as the control of wave2d has; got 2\.\n$/)
  })

  it.each([
    ['redis://:s3cret@127.0.0.1:1', 1, /Redis at 127\.0\.0\.1:1 does not answer \(ECONNREFUSED\); start it/],
    ['s3cret', 2, /the address of Redis must be redis:\/\/HOST:PORT/],
  ])('never shows a password: %s', async (address, code, sentence) => {
    for (const typed of [['status'], ['work', ...model, '--workers', '1']]) {
      const said = await run(['jobs', ...typed, '--queue', 'q', '--redis', address], newDirectory())
      expect(said.code).toBe(code)
      expect(said.stderr).toMatch(sentence)
      expect(said.stderr + said.stdout).not.toContain('s3cret')
    }
  })
})

it('says what to install if the package of the queue is missing', async () => {
  await expect(loadJobs([newDirectory()])).rejects.toThrow(
    /^jobs needs the package @checkpoint-schedules\/jobs, which is not installed: npm install @checkpoint-schedules\/jobs\.$/,
  )
})
