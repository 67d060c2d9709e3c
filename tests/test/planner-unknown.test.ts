/** Plans for an unknown number of steps: within the budget whatever it turns out to be, and as bad as they say. */
import { singleDisk, singleMemory } from '@checkpoint-schedules/basic'
import { twoLevel } from '@checkpoint-schedules/multistage'
import { online } from '@checkpoint-schedules/online'
import { planUnknownSteps } from '@checkpoint-schedules/planner'
import { revolve } from '@checkpoint-schedules/revolve'
import { simulate } from '@checkpoint-schedules/simulator'
import { describe, expect, test } from 'vitest'

const families = { online, twoLevel, singleMemory, singleDisk, revolve }
const [write, read] = [{ DISK: 3 }, { DISK: 2 }]
const costs = { forwardStep: 1, adjointStep: 2, write, read, writeTape: write, readTape: read }
const sizes = { state: 100, tape: 250, adjoint: 100 }

describe('a range of step numbers', () => {
  test.each([
    [{ from: 100, to: 2000 }, { RAM: 3000 }],
    [
      { from: 1, to: 900 },
      { RAM: 3000, DISK: 20_000 },
    ],
    [
      { from: 7, to: 7 },
      { RAM: 1500, DISK: 'unlimited' },
    ],
  ] as const)('%o within %o', async (range, budget) => {
    const { candidates, steps } = await planUnknownSteps({ steps: range, budget, sizes, costs, families })
    expect(steps.at(0)).toBe(range.from)
    expect(steps.at(-1)).toBe(range.to)
    expect(candidates.length).toBeGreaterThan(0)
    for (const { schedule, worst, mean } of candidates) {
      const factors = steps.map((N) => {
        const { makespan, peak } = simulate(schedule, { steps: N, costs })
        expect((peak['RAM'] ?? 0) * sizes.state).toBeLessThanOrEqual(budget.RAM)
        if ('DISK' in budget && budget.DISK !== 'unlimited')
          expect((peak['DISK'] ?? 0) * sizes.state).toBeLessThanOrEqual(budget.DISK)
        return makespan / (3 * N)
      })
      expect(worst.factor).toBeCloseTo(Math.max(...factors), 10)
      expect(mean).toBeCloseTo(factors.reduce((a, b) => a + b) / factors.length, 10)
    }
    const worsts = candidates.map(({ worst }) => worst.factor)
    expect(worsts).toEqual(worsts.toSorted((a, b) => a - b))
  })

  test('a disk that grows with the run is left out where it would outgrow the budget', async () => {
    const budget = { RAM: 3000, DISK: 2000 }
    const { candidates, leftOut } = await planUnknownSteps({
      steps: 'unknown',
      budget,
      sizes,
      costs,
      families: { online, singleDisk },
    })
    expect(candidates.map(({ family }) => family)).toEqual(['online'])
    expect(leftOut).toMatchObject([{ family: 'singleDisk' }])
  })

  test('what is unknown is said', async () => {
    const { assumptions } = await planUnknownSteps({
      steps: 'unknown',
      budget: { RAM: 3000 },
      sizes,
      costs,
      families: [online],
    })
    expect(assumptions).toContain('the run has between 1 and 1,000,000 steps')
  })
})

describe('bad input', () => {
  const given = { steps: { from: 1, to: 9 }, budget: { RAM: 3000 }, sizes, families: [online] }
  test.each([
    [{ steps: 9 }, "steps must be 'unknown' or { from, to }"],
    [{ steps: { from: 9, to: 1 } }, 'integers 1 <= from <= to'],
    [{ steps: { from: 0.5, to: 1 } }, 'integers 1 <= from <= to'],
    [{ steps: null }, 'integers 1 <= from <= to'],
    [{ families: [revolve] }, 'no family is online'],
    [{ budget: { RAM: 600 } }, 'no online schedule fits RAM 600 bytes'],
  ])('%o', async (change, sentence) => {
    await expect(planUnknownSteps({ ...given, ...change } as never)).rejects.toThrow(sentence)
  })
})
