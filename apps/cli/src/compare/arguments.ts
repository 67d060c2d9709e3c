/** The arguments of `compare`: the sizes and costs of a user's problem. */
import { type Budget, defaultCosts } from '@checkpoint-schedules/core'
import { type Command, Option } from 'commander'
import { parseCount } from '../flags/counts.js'
import { durationForms, parseDuration } from '../flags/durations.js'
import { newCommand, parseArguments } from '../flags/parse-arguments.js'
import { isNumber } from '../flags/parse-value.js'
import { parseSize, sizeForms } from '../flags/sizes.js'
import { usageError } from '../terminal/usage-error.js'

/** What to compare, and how to show it. */
export interface CompareArguments {
  readonly budget: Budget
  /** Bytes of a state; `undefined` if not given. */
  readonly stateBytes: number | undefined
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
  readonly forwardTime?: string
  readonly adjointTime?: string
  readonly writeTime?: string
  readonly readTime?: string
}

const description = `Compares every schedule that fits into your memory and disk, by the time it is predicted to take.
Each is simulated action by action; its time is the sum over all steps and transfers.`

const examples = `
Without times, a step takes 1 and a transfer to or from disk 2, in any unit. With --forward-time, times are in seconds, and the
others default to multiples of it: an adjoint step takes as long as a forward step, a transfer to or from disk twice as long.

Examples:
  $ checkpoint-schedules compare --steps 1000 --ram 10 --disk 50
  $ checkpoint-schedules compare --steps 50000 --ram 8GB --disk 1TB --state-bytes 80MB --forward-time 200ms --write-time 60ms --read-time 40ms
  $ checkpoint-schedules compare --steps 1000 --ram 10 --disk 50 --png pareto.png`

export function parseCompareArguments(args: readonly string[]): CompareArguments {
  const command = commandFor()
  const [extra] = parseArguments(command, 'compare', args)
  if (extra !== undefined) throw usageError(`compare takes flags only; got ${JSON.stringify(extra)}.`)
  const typed = command.opts<Typed>()
  if (typed.json && typed.csv) throw usageError('--json and --csv cannot be combined; pass one of them.')
  if (typed.svg !== undefined && typed.svg === typed.png)
    throw usageError('--svg and --png name the same file.')
  if (typed.steps === undefined) throw usageError('compare needs --steps N, the time steps of the forward.')
  const steps = parseCount('compare', '--steps', typed.steps, { min: 1, help: 'time steps of the forward' })
  const stateBytes = typed.stateBytes === undefined ? undefined : bytesOf('--state-bytes', typed.stateBytes)
  const ram = slotsOf('--ram', typed.ram, stateBytes)
  const disk = slotsOf('--disk', typed.disk, stateBytes)
  if (ram + disk === 0) throw usageError('compare needs --ram or --disk: a number of checkpoints, or a size.')
  const times = [typed.adjointTime, typed.writeTime, typed.readTime]
  if (typed.forwardTime === undefined && times.some((time) => time !== undefined))
    throw usageError('--adjoint-time, --write-time and --read-time also need --forward-time.')
  const forward = typed.forwardTime === undefined ? 1 : secondsOf('--forward-time', typed.forwardTime)
  const other = (flag: string, text: string | undefined, standard: number) =>
    text === undefined ? standard * forward : secondsOf(flag, text)
  const costs = {
    forwardStep: forward,
    adjointStep: other('--adjoint-time', typed.adjointTime, defaultCosts.adjointStep),
    write: { DISK: other('--write-time', typed.writeTime, defaultCosts.write['DISK']) },
    read: { DISK: other('--read-time', typed.readTime, defaultCosts.read['DISK']) },
  }
  return {
    budget: { steps, ram, disk, costs },
    stateBytes,
    inSeconds: typed.forwardTime !== undefined,
    settings: typed,
  }
}

function commandFor(): Command {
  const command = newCommand('compare', description).usage('--steps N --ram R [--disk D] [flags]')
  for (const [flags, help] of [
    ['--steps <n>', 'time steps of the forward (required)'],
    ['--ram <n|size>', 'checkpoints in memory, or bytes for them (default 0)'],
    ['--disk <n|size>', 'checkpoints on disk, or bytes for them (default 0)'],
    ['--state-bytes <size>', 'bytes of a state'],
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

function slotsOf(flag: string, text: string | undefined, stateBytes: number | undefined): number {
  if (text === undefined) return 0
  const size = parseSize(text)
  if (size === undefined) {
    if (!isNumber(text))
      throw usageError(
        `${flag} must be a number of checkpoints or ${sizeForms}; got ${JSON.stringify(text)}.`,
      )
    return parseCount('compare', flag, text, { min: 0, help: 'checkpoints that fit' })
  }
  if (stateBytes === undefined)
    throw usageError(
      `${flag} ${text} is a size: pass --state-bytes as well, so that the number of states that fit is known.`,
    )
  return Math.floor(size.bytes / stateBytes)
}

function secondsOf(flag: string, text: string): number {
  const seconds = parseDuration(text)
  if (seconds !== undefined) return seconds
  throw usageError(`${flag} must be ${durationForms}; got ${JSON.stringify(text)}.`)
}
