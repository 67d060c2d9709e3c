/** The arguments of `run`: the model, the schedule, and the flags of both. */
import {
  type AnyScheduleFactory,
  type CheckpointScheduleError,
  checkOptions,
  didYouMean,
  integer,
} from '@checkpoint-schedules/core'
import type { Problem } from '@checkpoint-schedules/driver'
import { type Command, Option } from 'commander'
import { type Catalogue, loadProblems, loadSchedules, named, scheduleNamed } from '../discovery/load.js'
import { type FromModule, fromModule, namesCode } from '../discovery/modules.js'
import { isAsking } from '../flags/definition.js'
import { commanderOptions, type Flag, flagsFor } from '../flags/flags.js'
import { findValue, newCommand, parseArguments } from '../flags/parse-arguments.js'
import { readValues } from '../flags/read-values.js'
import { withFlags } from '../flags/wording.js'
import { usageError } from '../terminal/usage-error.js'
import { beside } from '../terminal/wrap.js'
import { AUTO, autoOptions } from './auto-flags.js'

/** The flags of `run` itself, for any model and schedule. */
export interface RunSettings {
  readonly taylor?: boolean
  readonly json?: boolean
  readonly image?: string
  readonly imageBeside?: string
  readonly gradient?: string
  readonly force?: boolean
  readonly checkpointDir?: string
  readonly journal?: string
  readonly journalEvery?: string
  readonly takeOver?: boolean
  readonly progress: boolean
}

/** The options of one side as typed: files are still names, sizes still sizes, and steps are left out. */
export interface Side<T> {
  readonly name: string
  readonly made: T
  readonly flags: readonly Flag[]
  readonly values: Readonly<Record<string, unknown>>
}

export interface RunArguments {
  readonly problem: Side<Problem>
  /** `auto`: to be chosen. */
  readonly schedule: Side<AnyScheduleFactory | typeof AUTO>
  readonly steps: number | undefined
  /** The digest of the problem's module, if a flag names one. */
  readonly digest: string | undefined
  readonly settings: RunSettings
}

const description = 'Computes the gradient of a model under a schedule and reports what it took.'

const examples = `
Examples:
  $ checkpoint-schedules run --model burgers1d --schedule revolve --ram 10 --taylor
  $ checkpoint-schedules run --model wave2d --schedule auto --ram 8MB --disk 1GB --image gradient.png
  $ checkpoint-schedules run --model wave2d --schedule single-memory --json > result.json
  $ checkpoint-schedules run --model wave2d --schedule h-revolve --ram 4 --disk 20 --journal my-run
  $ checkpoint-schedules run --resume my-run
  $ checkpoint-schedules run --model ./lorenz96.mjs --schedule @someone/their-schedule#theirs --taylor

With --schedule auto, the model and the disk are measured first, and the schedule that is predicted to be the fastest within --ram and
--disk runs. With a schedule by name, a size such as 8MB becomes the number of checkpoints that fit; in memory, working storage is subtracted first.
With --journal a run saves its progress; after a kill, --resume continues it with a bit-for-bit identical result.
Ctrl-C ends a run with exit code 130 and leaves no files except those of --journal.`

const stepsOption = integer({
  min: 1,
  optional: true,
  help: 'time steps of the model and of the schedule (default: as the model says)',
})

export async function parseRunArguments(args: readonly string[]): Promise<RunArguments> {
  const [problems, schedules] = await Promise.all([loadProblems(), loadSchedules()])
  const names = { model: findValue(args, '--model'), schedule: findValue(args, '--schedule') }
  const { value: problem, digest } = await problemNamed(names.model, problems)
  const isAuto = names.schedule === AUTO
  const factory =
    names.schedule === undefined || isAuto ? undefined : await scheduleNamed(names.schedule, schedules)

  const command = newCommand('run', description).usage('--model MODEL --schedule SCHEDULE [flags]')
  const taken = addOwnOptions(command)
  const except = new Set(['steps'])
  const stepsFlags = flagsFor({ steps: stepsOption }, { prefix: 'run', taken })
  addFlags(command, stepsFlags, 'Options:')
  const problemFlags = flagsFor(problem?.definition.options ?? {}, { prefix: 'problem', taken, except })
  const scheduleFlags = flagsFor(isAuto ? autoOptions : (factory?.definition.options ?? {}), {
    prefix: 'schedule',
    taken,
    except,
  })
  addFlags(command, problemFlags, `Options of the model ${names.model}:`)
  addFlags(command, scheduleFlags, `Options of the schedule ${names.schedule}:`)
  command.addHelpText('after', listOf('Models', '--model', problem === undefined ? problems : undefined))
  command.addHelpText(
    'after',
    listOf('Schedules', '--schedule', factory === undefined && !isAuto ? schedules : undefined),
  )
  command.addHelpText('after', examples)
  // Without a model or a schedule its flags are unknown, so report that it is missing.
  if (!args.includes('--help') && !isAsking(args)) {
    if (problem === undefined) throw missing('a model', '--model', problems, args)
    if (factory === undefined && !isAuto) throw missing('a schedule', '--schedule', schedules, args)
  }

  const [extra] = parseArguments(command, `run with ${names.model} and ${names.schedule}`, args)
  if (extra !== undefined) throw usageError(`run takes flags only; got ${JSON.stringify(extra)}.`)
  const { steps } = withFlags(stepsFlags, () =>
    checkOptions('run', { steps: stepsOption }, readValues(command, stepsFlags)),
  )
  return {
    problem: {
      name: names.model!,
      made: problem!,
      flags: problemFlags,
      values: readValues(command, problemFlags),
    },
    schedule: {
      name: names.schedule!,
      made: isAuto ? AUTO : factory!,
      flags: scheduleFlags,
      values: readValues(command, scheduleFlags),
    },
    steps,
    digest,
    settings: command.opts<RunSettings>(),
  }
}

/** A problem known by name, or the one in a module of the user, with the module's digest. */
async function problemNamed(
  name: string | undefined,
  problems: Catalogue<Problem>,
): Promise<Partial<FromModule<Problem>>> {
  if (name === undefined) return {}
  if (!namesCode(name)) return { value: named('model', name, problems) }
  const { isProblem } = await import('@checkpoint-schedules/driver')
  return fromModule('problem', name, isProblem)
}

function addOwnOptions(command: Command): Set<string> {
  const options = [
    new Option('--model <model|module>', 'what to differentiate: a name, or ./my-model.mjs (required)'),
    new Option('--schedule <schedule>', 'the schedule: auto, a name, or package#name (required)'),
    new Option(
      '--taylor',
      'test the gradient with five more forward runs nearby: passed, exact, wrong or undecided',
    ),
    new Option('--image <file>', 'draw the gradient to FILE.png or FILE.svg'),
    new Option(
      '--image-beside <file>',
      'draw the field in FILE.npy with it, such as the true control, on the same axes',
    ),
    new Option('--force', 'replace the image if it exists'),
    new Option('--gradient <directory>', 'write the gradient as .npy files into an empty or new directory'),
    new Option(
      '--checkpoint-dir <directory>',
      'where checkpoints on disk go (default: a temporary directory); must be empty or new; emptied at the end',
    ),
    new Option('--journal <directory>', 'survive a kill: save what is needed to resume'),
    new Option(
      '--journal-every <time>',
      'time between saves, at most lost by a kill: 5min, or seconds (default 30)',
    ),
    new Option('--resume <directory>', 'resume an interrupted run; repeat all its flags, or none of them'),
    new Option(
      '--take-over',
      'with --journal or --resume: do not wait for a process on another host that may be dead; if it is alive, it ends',
    ),
    new Option('--json', 'print one JSON object instead of the summary'),
    new Option('--no-progress', 'show no progress'),
  ]
  for (const option of options) command.addOption(option)
  return new Set(['help', ...options.map(({ long }) => long!.replace(/^--(no-)?/, ''))])
}

function addFlags(command: Command, flags: readonly Flag[], heading: string): void {
  for (const flag of flags) for (const option of commanderOptions(flag, heading)) command.addOption(option)
}

interface Described {
  readonly definition: { readonly summary: string }
}

function listOf(title: string, flag: string, catalogue: Catalogue<Described> | undefined): string {
  if (catalogue === undefined) return ''
  const lines = [...catalogue.entries].flatMap(([name, { definition }]) =>
    beside(`  ${name.padEnd(22)} `, definition.summary),
  )
  return `\n${title} (${flag} NAME --help lists the options of one):\n${lines.join('\n')}`
}

function missing(
  what: string,
  flag: string,
  { entries }: Catalogue<unknown>,
  args: readonly string[],
): CheckpointScheduleError {
  const mistyped = args.find((arg) => arg.startsWith('--') && didYouMean(arg.split('=')[0]!, [flag]) !== '')
  if (mistyped !== undefined && mistyped !== flag)
    return usageError(`run has no flag ${mistyped.split('=')[0]}. Did you mean ${flag}?`)
  return usageError(`run needs ${what}: pass ${flag} NAME. Accepted: ${[...entries.keys()].join(', ')}.`)
}
