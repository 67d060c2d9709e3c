/** The golden traces: each case must come out identical, line by line, with its counts; or be refused where there is no plan. */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { checkOptions, formatAction } from '@checkpoint-schedules/core'
import { verify } from '@checkpoint-schedules/simulator'
import { expect, test } from 'vitest'
import { chainOf } from '../src/chain.js'
import { heterogeneous } from '../src/index.js'
import { options as descriptors } from '../src/options.js'
import { leastExtraCost } from './naive.js'
import { bytesHeld, costOf, type Input } from './replay.js'

interface GoldenCase {
  options: Input
  infeasible?: true
  actions: number
  forwardSteps: number
  makespan: number
  peak: Record<string, number>
  peakTotal?: number
  writes: Record<string, number>
  reads: Record<string, number>
  sha256: string
  trace?: string
}

const cases = readFileSync(new URL('fixtures/traces.jsonl', import.meta.url), 'utf8')
  .trimEnd()
  .split('\n')
  .map((line) => JSON.parse(line) as GoldenCase)

test('there are 380 cases', () => expect(cases).toHaveLength(380))

test.each(cases.filter((it) => !it.infeasible))('$options.steps steps, $sha256', (golden) => {
  const schedule = heterogeneous(golden.options)
  const actions = [...schedule]
  const lines = actions.map((action) => formatAction(action))
  if (golden.trace !== undefined)
    expect(lines.map((line) => line.replaceAll(', ', ','))).toEqual(golden.trace.split(' '))
  const hash = createHash('sha256').update(`${lines.join('\n')}\n`)
  expect(hash.digest('hex')).toBe(golden.sha256)

  const counts = verify(schedule)
  expect(counts).toMatchObject({ actions: golden.actions, forwardSteps: golden.forwardSteps })
  expect(nonZero(counts.writes)).toEqual(golden.writes)
  expect(nonZero(counts.reads)).toEqual(golden.reads)
  expect(schedule.optimum()).toEqual({ forwardSteps: golden.forwardSteps, makespan: golden.makespan })
  expect(actions.reduce((sum, action) => sum + costOf(golden.options, action), 0)).toBe(golden.makespan)
  const { peak, peakTotal } = bytesHeld(golden.options, actions)
  expect(nonZero(peak)).toEqual(golden.peak)
  if (golden.peakTotal !== undefined) expect(peakTotal).toBe(golden.peakTotal)
})

test.each(cases.filter((it) => it.infeasible))('no plan within $options.ramBytes bytes', ({ options }) => {
  let message = ''
  try {
    heterogeneous(options)
  } catch (error) {
    ;({ message } = error as Error)
  }
  const least = Number(/Pass ramBytes >= (\d+)/.exec(message)?.[1])
  const extraCost = (ramBytes: number) =>
    leastExtraCost(chainOf(checkOptions('naive', descriptors, { ...options, ramBytes })))
  expect(extraCost(least)).toBeLessThan(Infinity)
  expect(extraCost(least - 1)).toBe(Infinity)
})

function nonZero(counts: Readonly<Record<string, number>>) {
  return Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0))
}
