/** compare without a number of steps: the worst and the mean over a range. */
import { stripVTControlCharacters } from 'node:util'
import { online } from '@checkpoint-schedules/online'
import { describe, expect, it } from 'vitest'
import { openTableOf } from '../src/compare/unknown-steps.js'
import { cli } from './support/cli.js'

interface Open {
  readonly steps: unknown
  readonly assumptions: readonly string[]
  readonly candidates: readonly { name: string; worst: number; worstSteps: number; memory: number }[]
  readonly rejected: readonly { name: string }[]
}

async function compared(...flags: string[]): Promise<Open> {
  const { code, stdout } = await cli(['compare', ...flags, '--json'])
  expect(code).toBe(0)
  return JSON.parse(stdout) as Open
}

describe('a range', () => {
  it('has the schedules that need no number of steps, by the worst that they take', async () => {
    const { steps, candidates, rejected } = await compared('--steps', '1000..50000', '--ram', '20')
    expect(steps).toEqual({ from: 1000, to: 50_000 })
    const { makespan } = online({ snapshots: 20 }).optimum(50_000)!
    expect(candidates).toMatchObject([{ name: 'online', worstSteps: 50_000, memory: 20 }])
    expect(candidates[0]!.worst).toBeCloseTo(makespan / 100_000, 10)
    expect(rejected.map(({ name }) => name)).toEqual(['single-disk', 'single-memory', 'two-level'])
  })

  it.each([80, 60, 44])('is a table that fits %d columns', (columns) => {
    const candidate = { name: 'two-level', options: { period: 1000 }, memory: 2e9, space: 4e11 }
    const row = { ...candidate, worst: 69.91, worstSteps: 1_000_000, mean: 17.77 }
    const lines = openTableOf({ candidates: [row], rejected: [], assumptions: [] }, 80e6, columns)
    expect(lines).toHaveLength(2)
    expect(lines[1]).toMatch(/69\.91 x.* 17\.77 x/)
    for (const line of lines) expect(stripVTControlCharacters(line).length).toBeLessThanOrEqual(columns)
  })
})

it('unknown is a range that is printed', async () => {
  const { assumptions } = await compared('--steps', 'unknown', '--ram', '20')
  expect(assumptions).toContain('the run has between 1 and 1,000,000 steps')
})

it.each([
  [['--steps', '9..3', '--ram', '3'], '--steps 9..3 is no range'],
  [['--steps', '1..x', '--ram', '3'], '--steps must be an integer >= 1'],
  [['--steps', '1..9', '--ram', '3', '--svg', 'a.svg'], 'need one number of steps'],
])('%j is refused', async (args, sentence) => {
  const { code, stdout, stderr } = await cli(['compare', ...args])
  expect(code).toBe(2)
  expect(stdout).toBe('')
  expect(stderr).toContain(sentence)
})
