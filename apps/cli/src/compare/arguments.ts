/** The arguments of `compare`: the sizes and costs of a user's problem. */
import { defaultCosts } from '@checkpoint-schedules/core'
import type { PlanOptions, UnknownStepsOptions } from '@checkpoint-schedules/planner'
import { type Command, Option } from 'commander'
import { parseCount } from '../flags/counts.js'
import { durationForms, parseDuration } from '../flags/durations.js'
import { newCommand, parseFlags } from '../flags/parse-arguments.js'
import { isNumber } from '../flags/parse-value.js'
import { parseSize, sizeForms } from '../flags/sizes.js'
import { usageError } from '../terminal/usage-error.js'

/** What to compare, and how to show it. */
export interface CompareArguments {
  readonly problem: Omit<PlanOptions, 'families' | 'steps'>
  /** A number; or, where the number is unknown, what to expect. */
  readonly steps: number | UnknownStepsOptions['steps']
  /** Bytes of a state; `undefined` if not given: then sizes are in checkpoints. */
  readonly stateBytes: number | undefined
  /** What the flags leave open, in addition to what the planner assumes. */
  readonly assumptions: readonly string[]
  /** Whether times are in seconds; otherwise in forward steps. */
  readonly inSeconds: boolean
  readonly settings: CompareSettings
}

export interface CompareSettings {
  readonly json?: boolean
  readonly csv?: boolean
  readonly svg?: string
  readonly png?: string
  readonly force?: boolean
}

interface Typed extends CompareSettings {
  readonly steps?: string
  readonly ram?: string
  readonly disk?: string
  readonly stateBytes?: string
  readonly tapeBytes?: string
  readonly overlap?: string
  readonly forwardTime?: string
  readonly adjointTime?: string
  readonly writeTime?: string
  readonly readTime?: string
}

const description = `Compares every schedule that fits into your memory and disk, by the time it is predicted to take.
Each is fitted to the budget and simulated action by action; transfers overlap with computation.`

const examples = `
A size such as --ram 8GB is for all that a run holds: working storage is subtracted first. A number is for checkpoints alone.

Without times, a step takes 1 and a transfer to or from disk 2, in any unit. With --forward-time, times are in seconds, and the
others default to multiples of it: an adjoint step takes as long as a forward step, a transfer to or from disk twice as long.

Where the number of steps is not known beforehand, pass a range or the word unknown: schedules that need no number are compared by the
worst and the mean of what they take, as multiples of the time of each step and its adjoint once.

Examples:
  $ checkpoint-schedules compare --steps 1000 --ram 10 --disk 50
  $ checkpoint-schedules compare --steps 1000..50000 --ram 20
  $ checkpoint-schedules compare --steps 50000 --ram 8GB --disk 1TB --state-bytes 80MB --forward-time 200ms --write-time 60ms --read-time 40ms
  $ checkpoint-schedules compare --steps 1000 --ram 10 --disk 50 --png pareto.png`

export function parseCompareArguments(args: readonly string[]): CompareArguments {
  const command = commandFor()
  parseFlags(command, 'compare', args)
  const typed = command.opts<Typed>()
  if (typed.json && typed.csv) throw usageError('--json and --csv cannot be combined; pass one of them.')
  if (typed.svg !== undefined && typed.svg === typed.png)
    throw usageError('--svg and --png name the same file.')
  if (typed.steps === undefined) throw usageError('compare needs --steps N, the time steps of the forward.')
  const steps = stepsOf(typed.steps)
  if (typeof steps !== 'number' && (typed.svg ?? typed.png) !== undefined)
    throw usageError('--svg and --png need one number of steps; with a range or unknown there is no picture.')
  const stateBytes = typed.stateBytes === undefined ? undefined : bytesOf('--state-bytes', typed.stateBytes)
  const tapeBytes = typed.tapeBytes === undefined ? undefined : bytesOf('--tape-bytes', typed.tapeBytes)
  if (tapeBytes !== undefined && stateBytes === undefined)
    throw usageError('--tape-bytes also needs --state-bytes.')
  const budget = budgetOf(typed, stateBytes)
  const times = [typed.adjointTime, typed.writeTime, typed.readTime]
  if (typed.forwardTime === undefined && times.some((time) => time !== undefined))
    throw usageError('--adjoint-time, --write-time and --read-time also need --forward-time.')
  return {
    steps,
    problem: {
      ...budget,
      sizes: {
        state: stateBytes ?? 1,
        ...(tapeBytes === undefined ? {} : { tape: tapeBytes }),
        adjoint: stateBytes ?? 1,
      },
      costs: costsOf(typed),
      overlap: overlapOf(typed.overlap),
    },
    stateBytes,
    inSeconds: typed.forwardTime !== undefined,
    assumptions: assumptionsOf(typed, budget.budget.DISK > 0),
    settings: typed,
  }
}

/** A number, a range such as `1000..50000`, or `unknown`. */
function stepsOf(text: string): CompareArguments['steps'] {
  if (text === 'unknown') return text
  const ends = text.split('..')
  const count = (end: string) =>
    parseCount('compare', '--steps', end, { min: 1, help: 'time steps of the forward' })
  if (ends.length !== 2) return count(text)
  const [from, to] = [count(ends[0]!), count(ends[1]!)]
  if (from > to)
    throw usageError(`--steps ${text} is no range: pass the smaller number first, such as 1000..50000.`)
  return { from, to }
}

function budgetOf({ ram = '0', disk = '0' }: Typed, stateBytes: number | undefined) {
  const memory = amountOf('--ram', ram, stateBytes)
  const onDisk = amountOf('--disk', disk, stateBytes)
  if (memory.bytes + onDisk.bytes === 0)
    throw usageError('compare needs --ram or --disk: a number of checkpoints, or a size.')
  return { budget: { RAM: memory.bytes, DISK: onDisk.bytes }, countsWorkingStorage: memory.isSize }
}

function costsOf(typed: Typed) {
  if (typed.forwardTime === undefined) return defaultCosts
  const forward = secondsOf('--forward-time', typed.forwardTime)
  const time = (flag: string, text: string | undefined, usual: number) =>
    text === undefined ? usual : secondsOf(flag, text)
  const { writeTime, readTime } = typed
  // Where one of the two is given, the other one is like it.
  const write = time('--write-time', writeTime ?? readTime, 2 * forward)
  const read = time('--read-time', readTime ?? writeTime, 2 * forward)
  return {
    forwardStep: forward,
    adjointStep: time('--adjoint-time', typed.adjointTime, forward),
    write: { DISK: write },
    read: { DISK: read },
  }
}

/** What the flags leave open. */
function assumptionsOf(typed: Typed, hasDisk: boolean): string[] {
  const { forwardTime, adjointTime, writeTime, readTime } = typed
  const assumed: string[] = []
  if (forwardTime === undefined)
    assumed.push(`a step takes 1${hasDisk ? ', a transfer to or from disk 2' : ''}`)
  else {
    if (adjointTime === undefined) assumed.push('an adjoint step takes as long as a forward step')
    if (hasDisk && writeTime === undefined && readTime === undefined)
      assumed.push('a transfer to or from disk takes twice as long as a step')
    else if (hasDisk && readTime === undefined) assumed.push('a read from disk takes as long as a write')
    else if (hasDisk && writeTime === undefined) assumed.push('a write to disk takes as long as a read')
  }
  const overlap = overlapOf(typed.overlap)
  if (hasDisk && overlap > 0 && typed.overlap === undefined)
    assumed.push(`up to ${overlap} transfers overlap with computation`)
  return assumed
}

function overlapOf(text: string | undefined): number {
  return text === undefined
    ? 2
    : parseCount('compare', '--overlap', text, { min: 0, help: 'transfers under way at once' })
}

function commandFor(): Command {
  const command = newCommand('compare', description).usage('--steps N --ram R [--disk D] [flags]')
  for (const [flags, help] of [
    ['--steps <n>', 'time steps of the forward: a number, a range 1000..50000, or unknown (required)'],
    ['--ram <n|size>', 'memory: bytes for the run, or checkpoints (default 0)'],
    ['--disk <n|size>', 'disk: bytes, or checkpoints (default 0)'],
    ['--state-bytes <size>', 'bytes of a state'],
    ['--tape-bytes <size>', 'bytes of the tape of a step (default: as a state)'],
    ['--overlap <n>', 'transfers under way at once (default 2; 0: one after another)'],
    ['--forward-time <time>', 'time of a forward step'],
    ['--adjoint-time <time>', 'time of an adjoint step'],
    ['--write-time <time>', 'time to write a checkpoint to disk'],
    ['--read-time <time>', 'time to read a checkpoint from disk'],
    ['--json', 'print one JSON object'],
    ['--csv', 'print comma-separated values'],
    ['--svg <file>', 'draw memory against time as SVG'],
    ['--png <file>', 'draw memory against time as PNG'],
    ['--force', 'replace the picture if it exists'],
  ] as const)
    command.addOption(new Option(flags, help))
  return command.addHelpText('after', examples)
}

function bytesOf(flag: string, text: string): number {
  const bytes = isNumber(text) ? Math.floor(Number(text)) : parseSize(text)?.bytes
  if (bytes !== undefined && bytes > 0 && Number.isSafeInteger(bytes)) return bytes
  throw usageError(`${flag} must be a number of bytes or ${sizeForms}; got ${JSON.stringify(text)}.`)
}

/** Bytes; without sizes, checkpoints of one byte each. */
function amountOf(
  flag: string,
  text: string,
  stateBytes: number | undefined,
): { bytes: number; isSize: boolean } {
  const size = parseSize(text)
  if (size === undefined) {
    if (!isNumber(text))
      throw usageError(
        `${flag} must be a number of checkpoints or ${sizeForms}; got ${JSON.stringify(text)}.`,
      )
    const count = parseCount('compare', flag, text, { min: 0, help: 'checkpoints that fit' })
    return { bytes: count * (stateBytes ?? 1), isSize: false }
  }
  if (stateBytes === undefined)
    throw usageError(
      `${flag} ${text} is a size: pass --state-bytes as well, so that the number of states that fit is known.`,
    )
  return { bytes: size.bytes, isSize: true }
}

function secondsOf(flag: string, text: string): number {
  const seconds = parseDuration(text)
  if (seconds !== undefined) return seconds
  throw usageError(`${flag} must be ${durationForms}; got ${JSON.stringify(text)}.`)
}
