/**
 * The golden traces: each case must come out identical, line by line, with its counts.
 *
 * `fixtures/golden/NAME.jsonl` holds the cases of the factory NAME: its options, the counts, the SHA-256 of the
 * canonical text, and for small cases the trace itself (actions parted by blanks). Of very long runs there are the forward
 * steps only, and what is held at the end of the forward.
 */
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { formatAction, parseAction, type Schedule } from '@checkpoint-schedules/core'
import { verify } from '@checkpoint-schedules/simulator'
import { describe, expect, test } from 'vitest'
import { families } from './support/families.js'

interface GoldenCase {
  options: Record<string, unknown>
  steps: number
  actions?: number
  forwardSteps: number
  makespan?: number
  writes?: Record<string, number>
  reads?: Record<string, number>
  discards?: Record<string, number>
  /** The steps held when the forward ends, of an online schedule. */
  held?: number[]
  sha256?: string
  trace?: string
}

const factories = new Map(families.map(({ exportName, factory }) => [exportName, factory]))
const folder = new URL('../fixtures/golden/', import.meta.url)

describe.each(readdirSync(folder))('%s', (file) => {
  const factory = factories.get(file.replace('.jsonl', ''))!
  const cases = readFileSync(new URL(file, folder), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as GoldenCase)

  test.each(cases)('$options, $steps steps', (golden) => {
    const schedule = factory(golden.options)
    if (golden.held !== undefined) expect(heldAtTheEnd(schedule, golden.steps)).toEqual(golden.held)
    if (golden.sha256 === undefined) {
      expect(schedule.optimum(golden.steps)?.forwardSteps).toBe(golden.forwardSteps)
      return
    }
    const lines = Array.from(schedule.start({ steps: golden.steps }), (action) => formatAction(action))
    if (golden.trace !== undefined)
      expect(lines.map((line) => line.replaceAll(', ', ','))).toEqual(golden.trace.split(' '))
    expect(
      createHash('sha256')
        .update(`${lines.join('\n')}\n`)
        .digest('hex'),
    ).toBe(golden.sha256)

    const costs = golden.options['costs'] as object | undefined
    const counts = verify(schedule, { steps: golden.steps, ...(costs && { costs }) })
    expect(counts).toMatchObject({ actions: golden.actions, forwardSteps: golden.forwardSteps })
    expect(nonZero(counts.writes)).toEqual(golden.writes)
    expect(nonZero(counts.reads)).toEqual(golden.reads)
    expect(nonZero(counts.discards)).toEqual(golden.discards ?? {})
    if (golden.makespan !== undefined) expect(counts.makespan).toBe(golden.makespan)

    const optimum = schedule.optimum(golden.steps)
    if (optimum !== undefined) {
      expect(optimum).toEqual({ forwardSteps: counts.forwardSteps, makespan: counts.makespan })
    }
    if (lines.length > 30_000) return
    // The text is enough to say the same again.
    expect(
      verify(
        lines.map((line) => parseAction(line)),
        { manifest: { ...schedule.manifest, limits: schedule.limits(golden.steps) }, steps: golden.steps },
      ),
    ).toMatchObject({
      forwardSteps: counts.forwardSteps,
      peak: counts.peak,
    })
  })
})

/** The steps held in memory when the forward ends. */
function heldAtTheEnd(schedule: Schedule, steps: number): number[] {
  const held = new Set<number>()
  for (const action of schedule.start({ steps })) {
    if (action.type === 'EndForward') break
    if (action.type === 'Discard') held.delete(action.n)
    if (action.type === 'Forward' && action.writeIcs) held.add(action.n0)
  }
  return [...held]
}

function nonZero(counts: Readonly<Record<string, number>>) {
  return Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0))
}
