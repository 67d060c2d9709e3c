/** `simulate FILE` and `verify FILE`: actions from anywhere, replayed on the abstract machine. */
import { existsSync } from 'node:fs'
import { isatty } from 'node:tty'
import type { Simulation } from '@checkpoint-schedules/simulator'
import { laws } from '@checkpoint-schedules/simulator'
import { type Command, Option } from 'commander'
import { parseCount } from '../flags/counts.js'
import { newCommand, parseArguments } from '../flags/parse-arguments.js'
import { FAILED } from '../terminal/exit.js'
import { write, writeLines } from '../terminal/output.js'
import { alignedRows, type Row } from '../terminal/rows.js'
import { tell } from '../terminal/tell.js'
import { showCount } from '../terminal/units.js'
import { usageError } from '../terminal/usage-error.js'
import { readTrace } from '../trace/read-trace.js'
import { type Replayed, replay } from '../trace/replay.js'

const description = `replays actions from a file, or from stdin (-), on the abstract machine: canonical text, JSON lines, or as the
Python package prints them; the format is detected line by line. The exit code is 1 if a law is broken. Traces may have any length.`

interface Settings {
  readonly steps?: string
  readonly limit?: readonly string[]
  readonly json?: boolean
}

/** Prints the counts, or the first broken law with the actions around it. */
export function simulate(args: readonly string[]): Promise<void> {
  return run('simulate', args, (simulation) => alignedRows(countsOf(simulation)))
}

/** The same, but only says whether all laws hold. */
export function verify(args: readonly string[]): Promise<void> {
  return run('verify', args, ({ actions, steps }) => [
    `no law is broken in ${showCount(actions)} actions of ${showCount(steps ?? 0)} steps`,
  ])
}

/** Some pass a schedule, as the other commands take. */
async function refuseSchedules(name: string, args: readonly string[]): Promise<void> {
  const [asked] = args
  if (asked === undefined || asked.startsWith('-') || existsSync(asked)) return
  const { entries } = await (await import('../discovery/load.js')).loadSchedules()
  if (!entries.has(asked)) return
  throw usageError(
    `${name} takes a file with actions, and ${asked} is a schedule. Pipe its actions: checkpoint-schedules actions ${args.join(' ')} | checkpoint-schedules ${name} -`,
  )
}

async function run(
  name: string,
  args: readonly string[],
  linesFor: (simulation: Simulation) => string[],
): Promise<void> {
  const command = commandFor(name)
  await refuseSchedules(name, args)
  const [path, extra] = parseArguments(command, name, args)
  if (path === undefined) throw usageError(`${name} needs a file with actions, or - for stdin.`)
  if (extra !== undefined) throw usageError(`${name} takes one file; also got ${JSON.stringify(extra)}.`)
  const { steps, limit = [], json = false } = command.opts<Settings>()
  const options = {
    ...(steps === undefined
      ? {}
      : { steps: parseCount(name, '--steps', steps, { min: 1, help: 'time steps of the forward' }) }),
    ...(limit.length === 0 ? {} : { limits: Object.fromEntries(limit.map((text) => limitOf(name, text))) }),
  }
  if (path === '-' && isatty(0)) tell('reading actions from the terminal; Ctrl-D ends them.')
  const replayed = replay(readTrace(path), options)
  if (replayed.violation !== undefined) process.exitCode = FAILED
  if (json) await write(`${JSON.stringify(plain(replayed), undefined, 2)}\n`)
  else if (replayed.simulation !== undefined) await writeLines(linesFor(replayed.simulation))
  else await writeLines([...replayed.around, '', sentenceOf(replayed)])
}

function commandFor(name: string): Command {
  return newCommand(name, `${name === 'verify' ? 'Checks' : 'Counts'}: ${description}`)
    .usage('FILE|- [flags]')
    .addOption(new Option('--steps <n>', 'the number of steps, if the last Forward does not give it'))
    .addOption(
      new Option(
        '--limit <STORAGE=n>',
        'the most checkpoints that a storage may hold; may be repeated',
      ).argParser((text: string, before: string[] | undefined) => [...(before ?? []), text]),
    )
    .addOption(new Option('--json', 'print one JSON object'))
    .addHelpText(
      'after',
      `
Examples:
  $ checkpoint-schedules actions h-revolve --steps 100 --ram 3 --disk 5 | checkpoint-schedules ${name} - --limit RAM=3 --limit DISK=5
  $ checkpoint-schedules ${name} trace.txt`,
    )
}

function limitOf(command: string, text: string): [string, number] {
  const parts = /^([A-Za-z_]\w*)=(.+)$/.exec(text)
  if (parts === null)
    throw usageError(`--limit must be STORAGE=n, such as RAM=3; got ${JSON.stringify(text)}.`)
  return [
    parts[1]!,
    parseCount(command, `--limit ${parts[1]}`, parts[2]!, { min: 0, help: 'checkpoints held at once' }),
  ]
}

function countsOf({
  steps,
  actions,
  forwardSteps,
  adjointSteps,
  recomputeFactor,
  peak,
  writes,
  reads,
  discards,
}: Simulation): Row[] {
  return [
    ['steps', steps === undefined ? 'unknown' : showCount(steps)],
    ['actions', showCount(actions), 'no law is broken'],
    [
      'forward steps',
      showCount(forwardSteps),
      Number.isNaN(recomputeFactor) ? '' : `${recomputeFactor.toFixed(2)} times the steps`,
    ],
    ['adjoint steps', showCount(adjointSteps)],
    ...Object.keys(peak).map((storage): Row => [
      `in ${storage}`,
      `at most ${showCount(peak[storage]!)}`,
      `${showCount(writes[storage]!)} written, ${showCount(reads[storage]!)} read${discarded(discards[storage]!)}`,
    ]),
  ]
}

const discarded = (count: number) => (count === 0 ? '' : `, ${showCount(count)} discarded`)

function sentenceOf({ violation }: Replayed & { simulation?: undefined }): string {
  return `action ${violation.index} breaks the law "${laws[violation.law]}": ${violation.message}`
}

function plain(replayed: Replayed): object {
  if (replayed.simulation === undefined) return { violation: replayed.violation, around: replayed.around }
  const { violations: _none, ...counts } = replayed.simulation
  return { ...counts, steps: counts.steps ?? null, violation: null }
}
