/** compare: what it says is what a simulation says, and it keeps to the budget. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { diskRevolve, hRevolve } from '@checkpoint-schedules/revolve'
import { simulate } from '@checkpoint-schedules/simulator'
import { decode } from 'fast-png'
import { describe, expect, it } from 'vitest'
import { cli, newDirectory } from './support/cli.js'

interface Candidate {
  readonly name: string
  readonly options: Parameters<typeof hRevolve>[0]
  readonly forwardSteps: number
  readonly ram: number
  readonly disk: number
  readonly memory: number
  readonly space: number
  readonly time: number
  readonly serial: number
}

async function compared(
  ...flags: string[]
): Promise<{ candidates: Candidate[]; rejected: { name: string }[] }> {
  const { code, stdout } = await cli(['compare', ...flags, '--json'])
  expect(code).toBe(0)
  return JSON.parse(stdout) as { candidates: Candidate[]; rejected: { name: string }[] }
}

describe('the numbers', () => {
  it('are those of a simulation, sorted by time, and within the budget', async () => {
    const { candidates } = await compared('--steps', '300', '--ram', '6', '--disk', '40')
    const times = candidates.map(({ time }) => time)
    expect(times).toEqual(times.toSorted((a, b) => a - b))
    for (const { memory, space } of candidates) {
      expect(memory).toBeLessThanOrEqual(6)
      expect(space).toBeLessThanOrEqual(40)
    }
    const found = candidates.find(({ name }) => name === 'h-revolve')!
    const { forwardSteps, makespan, overlapped } = simulate(hRevolve(found.options), { buffers: 2 })
    expect([found.forwardSteps, found.serial, found.time]).toEqual([forwardSteps, makespan, overlapped])
  })

  it('follow the costs of the user', async () => {
    const times = '--forward-time 100ms --adjoint-time 0.3s --write-time 2s --read-time 1500ms'.split(' ')
    const { candidates } = await compared(
      '--steps',
      '300',
      '--ram',
      '6',
      '--disk',
      '300',
      '--overlap',
      '0',
      ...times,
    )
    const costs = { forwardStep: 0.1, adjointStep: 0.3, write: { DISK: 2 }, read: { DISK: 1.5 } }
    const schedule = diskRevolve({ steps: 300, snapshotsInRam: 6, costs, diskReads: 'many' })
    expect(candidates.find(({ name }) => name === 'disk-revolve')!.time).toBeCloseTo(
      simulate(schedule, { costs }).makespan,
      9,
    )
  })

  it('say which schedules were left out', async () => {
    const { candidates, rejected } = await compared('--steps', '1000', '--disk', '10')
    expect(rejected.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['revolve', 'single-memory', 'single-disk']),
    )
    const { stderr } = await cli(['compare', '--steps', '1000', '--disk', '10'])
    expect(stderr).toMatch(
      /^checkpoint-schedules: left out: single-memory needs memory for the tapes of all steps\.$/m,
    )
    expect(candidates.map(({ name }) => name)).toContain('multistage')
  })

  it('subtract working storage from a size, and count tapes by theirs', async () => {
    const flags = ['--steps', '100', '--ram', '1GB', '--state-bytes', '90MB']
    const most = async (...more: string[]) => {
      const { candidates } = await compared(...flags, ...more)
      for (const { memory } of candidates) expect(memory).toBeLessThanOrEqual(1e9)
      return Math.max(...candidates.map(({ ram }) => ram))
    }
    // Two states, a tape and the adjoint leave room for this many.
    expect(await most()).toBe(7)
    expect(await most('--tape-bytes', '270MB')).toBe(5)
  })

  it('say what was assumed', async () => {
    const { stdout } = await cli(
      'compare --steps 100 --ram 3 --disk 9 --forward-time 1s --write-time 1s'.split(' '),
    )
    expect(stdout.split('schedule')[0]!.replaceAll('\n', ' ')).toBe(
      'Assumed: an adjoint step takes as long as a forward step; a read from disk takes as long as a write; ' +
        'up to 2 transfers overlap with computation; a tape is as large as a state. ',
    )
  })
})

describe('for people and spreadsheets', () => {
  it('a table with a bar for each', async () => {
    const { stdout } = await cli(
      'compare --steps 1000 --ram 16MB --disk 50MB --state-bytes 1MB --forward-time 1s'.split(' '),
    )
    expect(stdout).toMatch(/^schedule +forward +factor +memory +disk +writes +reads +time/m)
    expect(stdout).toMatch(
      /^h-revolve +[\d,]+ +\d\.\d\d +16\.0 MB +50\.0 MB +[\d,]+ +[\d,]+ +1 h \d\d min +█+[▏▎▍▌▋▊▉]?$/m,
    )
  })

  it('CSV with as many fields in each row', async () => {
    const { stdout } = await cli('compare --steps 100 --ram 5 --csv'.split(' '))
    const [head, ...rows] = stdout.trimEnd().split('\n')
    expect(head).toBe(
      'name,options,forward-steps,recompute-factor,ram,disk,memory,space,writes,reads,time,serial',
    )
    for (const row of rows) expect(row.replaceAll(/"(?:[^"]|"")*"/g, '').split(',')).toHaveLength(12)
  })

  it('a picture, never over a file of the user', async () => {
    const cwd = newDirectory()
    const typed = 'compare --steps 100 --ram 5 --disk 20 --png pareto.png --svg pareto.svg'.split(' ')
    expect((await cli(typed, { cwd })).code).toBe(0)
    const { width, data } = decode(readFileSync(join(cwd, 'pareto.png')))
    expect(width).toBeGreaterThan(1000)
    let blue = 0
    for (let i = 0; i < data.length; i += 4) if (data[i + 2]! > data[i]! + 80) blue += 1
    expect(blue).toBeGreaterThan(100)
    expect(readFileSync(join(cwd, 'pareto.svg'), 'utf8')).toContain('h-revolve')
    writeFileSync(join(cwd, 'pareto.png'), 'mine')
    expect((await cli(typed, { cwd })).code).toBe(2)
    expect(readFileSync(join(cwd, 'pareto.png'), 'utf8')).toBe('mine')
  })
})

it.each([
  ['compare', /needs --steps N/],
  ['compare --steps 10', /needs --ram or --disk/],
  ['compare --steps 0 --ram 1', /--steps must be an integer >= 1/],
  ['compare --steps 10 --ram 1GB', /pass --state-bytes as well/],
  [
    'compare --steps 10 --ram 1MB --state-bytes 1MB',
    /The least that would work is RAM 4000000 bytes|The least/,
  ],
  ['compare --steps 10 --ram 1 --tape-bytes 1MB', /--tape-bytes also needs --state-bytes/],
  ['compare --steps 10 --ram 1 --overlap x', /--overlap must be an integer >= 0/],
  ['compare --steps 10 --ram 1XB', /--ram must be a number of checkpoints or a size such as/],
  ['compare --steps 10 --ram 2 --write-time 5s', /also need --forward-time/],
  ['compare --steps 10 --ram 2 --forward-time 5', /--forward-time must be a time such as 250us, 10ms/],
  ['compare --steps 10 --ram 2 --json --csv', /--json and --csv cannot be combined/],
  ['compare --stesp 10', /no flag --stesp\. Did you mean --steps\?/],
  ['compare 10', /takes flags only; got "10"/],
])('%s: one sentence, exit code 2', async (typed, message) => {
  const { code, stdout, stderr } = await cli(typed.split(' '))
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
  expect(stderr).toMatch(message)
  expect(stderr.trimEnd().split('\n')).toHaveLength(1)
})
