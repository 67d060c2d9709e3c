/** The comparison for a run whose number of steps nobody knows: the worst and the mean over a range. */
import { type AnyScheduleFactory, toKebabCase } from '@checkpoint-schedules/core'
import { planUnknownSteps, type UnknownStepsOptions } from '@checkpoint-schedules/planner'
import { showBytes, showCount } from '../terminal/units.js'
import { terminalColumns } from '../terminal/wrap.js'
import type { Rejected } from './candidates.js'
import { fitted, labelOf } from './table.js'

/** What an online schedule takes, as multiples of the time of each step and its adjoint once. */
export interface OpenCandidate {
  readonly name: string
  readonly options: object
  /** What it holds at most: in bytes, or in checkpoints. */
  readonly memory: number
  readonly space: number
  /** The worst factor, and the number of steps that has it. */
  readonly worst: number
  readonly worstSteps: number
  readonly mean: number
}

export interface OpenComparison {
  readonly candidates: readonly OpenCandidate[]
  readonly rejected: readonly Rejected[]
  readonly assumptions: readonly string[]
}

export async function comparedForUnknown(
  factories: Iterable<readonly [string, AnyScheduleFactory]>,
  problem: Omit<UnknownStepsOptions, 'families'>,
): Promise<OpenComparison> {
  const families = Object.fromEntries(factories)
  const { candidates, leftOut, assumptions } = await planUnknownSteps({ ...problem, families })
  return {
    candidates: candidates.map(({ family, options, peakBytes, worst, mean }) => ({
      name: family,
      options,
      memory: peakBytes.RAM,
      space: peakBytes.DISK,
      worst: worst.factor,
      worstSteps: worst.steps,
      mean,
    })),
    rejected: leftOut.map(({ family, reason }) => ({ name: toKebabCase(family), why: reason })),
    assumptions,
  }
}

/** The lines of the table, and what its numbers mean. */
export function openTableOf(
  { candidates }: OpenComparison,
  stateBytes: number | undefined,
  width = terminalColumns() ?? Infinity,
): string[] {
  const size = (amount: number) => (stateBytes === undefined ? showCount(amount) : showBytes(amount))
  return fitted<OpenCandidate>({
    rows: candidates,
    columns: [
      { name: 'schedule', cell: labelOf },
      { name: 'memory', cell: (it) => size(it.memory) },
      { name: 'disk', cell: (it) => size(it.space) },
      { name: 'worst', cell: (it) => `${it.worst.toFixed(2)} x` },
      { name: 'at steps', cell: (it) => showCount(it.worstSteps) },
      { name: 'mean', cell: (it) => `${it.mean.toFixed(2)} x` },
    ],
    expendable: [['at steps'], ['disk'], ['memory']],
    length: (it) => it.mean,
    width,
  })
}

const columns = ['name', 'options', 'memory', 'space', 'worst', 'worstSteps', 'mean'] as const

/** The lines of a CSV file (RFC 4180), with a header. */
export function openCsvOf({ candidates }: OpenComparison): string[] {
  const cell = (value: string | number | object) => {
    const text = typeof value === 'object' ? JSON.stringify(value) : String(value)
    return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
  }
  return [
    columns.map((column) => toKebabCase(column)).join(','),
    ...candidates.map((it) => columns.map((column) => cell(it[column])).join(',')),
  ]
}
