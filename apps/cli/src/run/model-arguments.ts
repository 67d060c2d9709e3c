/** The arguments of a command that computes gradients: the model, the schedule, the flags of both, and the command's own. */
import {
  type AnyScheduleFactory,
  type CheckpointScheduleError,
  checkOptions,
  didYouMean,
  integer,
} from '@checkpoint-schedules/core'
import type { Problem } from '@checkpoint-schedules/driver'
import { type Command, Option, type OptionValues } from 'commander'
import { type Catalogue, loadProblems, loadSchedules, named, scheduleNamed } from '../discovery/load.js'
import { type FromModule, fromModule, namesCode } from '../discovery/modules.js'
import { isAsking } from '../flags/definition.js'
import { commanderOptions, type Flag, flagsFor } from '../flags/flags.js'
import { findValue, newCommand, parseFlags } from '../flags/parse-arguments.js'
import { readValues } from '../flags/read-values.js'
import { withFlags } from '../flags/wording.js'
import { usageError } from '../terminal/usage-error.js'
import { beside } from '../terminal/wrap.js'
import { AUTO, autoOptions } from './auto-flags.js'

/** The options of one side as typed: files are still names, sizes still sizes, and steps are left out. */
export interface Side<T> {
  readonly name: string
  readonly made: T
  readonly flags: readonly Flag[]
  readonly values: Readonly<Record<string, unknown>>
}

/** What to compute. */
export interface ModelArguments {
  readonly problem: Side<Problem>
  /** `auto`: to be chosen. */
  readonly schedule: Side<AnyScheduleFactory | typeof AUTO>
  readonly steps: number | undefined
  /** The digest of the problem's module, if a flag names one. */
  readonly digest: string | undefined
}

/** A command that takes a model and a schedule. */
export interface ModelCommand {
  readonly name: string
  readonly description: string
  readonly usage: string
  /** Its flags besides `--model` and `--schedule`. */
  readonly options: readonly Option[]
  readonly examples: string
}

const stepsOption = integer({
  min: 1,
  optional: true,
  help: 'time steps of the model and of the schedule (default: as the model says)',
})

/** What to compute, and the values of the command's own flags. */
export async function parseModelArguments(
  args: readonly string[],
  { name, description, usage, options, examples }: ModelCommand,
): Promise<ModelArguments & { readonly settings: OptionValues }> {
  const [problems, schedules] = await Promise.all([loadProblems(), loadSchedules()])
  const names = { model: findValue(args, '--model'), schedule: findValue(args, '--schedule') }
  const { value: problem, digest } = await problemNamed(names.model, problems)
  const isAuto = names.schedule === AUTO
  const factory =
    names.schedule === undefined || isAuto ? undefined : await scheduleNamed(names.schedule, schedules)

  const command = newCommand(name, description).usage(usage)
  const taken = addOwnOptions(command, options)
  const except = new Set(['steps'])
  const stepsFlags = flagsFor({ steps: stepsOption }, { prefix: name, taken })
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
    if (problem === undefined) throw missing(name, 'a model', '--model', problems, args)
    if (factory === undefined && !isAuto) throw missing(name, 'a schedule', '--schedule', schedules, args)
  }

  parseFlags(command, name, args, `${name} with ${names.model} and ${names.schedule}`)
  const { steps } = withFlags(stepsFlags, () =>
    checkOptions(name, { steps: stepsOption }, readValues(command, stepsFlags)),
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
    settings: command.opts(),
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

function addOwnOptions(command: Command, own: readonly Option[]): Set<string> {
  const options = [
    new Option('--model <model|module>', 'what to differentiate: a name, or ./my-model.mjs (required)'),
    new Option('--schedule <schedule>', 'the schedule: auto, a name, or package#name (required)'),
    ...own,
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
  command: string,
  what: string,
  flag: string,
  { entries }: Catalogue<unknown>,
  args: readonly string[],
): CheckpointScheduleError {
  const mistyped = args.find((arg) => arg.startsWith('--') && didYouMean(arg.split('=')[0]!, [flag]) !== '')
  if (mistyped !== undefined && mistyped !== flag)
    return usageError(`${command} has no flag ${mistyped.split('=')[0]}. Did you mean ${flag}?`)
  return usageError(
    `${command} needs ${what}: pass ${flag} NAME. Accepted: ${[...entries.keys()].join(', ')}.`,
  )
}
