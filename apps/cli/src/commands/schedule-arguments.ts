/** The arguments of the commands about one schedule: its name, and its options as flags. */
import {
  type AnyScheduleFactory,
  checkOptions,
  integer,
  type Run,
  type Schedule,
} from '@checkpoint-schedules/core'
import { type Command, Option } from 'commander'
import { type Catalogue, loadSchedules, scheduleNamed } from '../discovery/load.js'
import { commanderOptions, type Flag, flagsFor } from '../flags/flags.js'
import { findPositional, newCommand, parseArguments } from '../flags/parse-arguments.js'
import { readValues, refuseSizes } from '../flags/read-values.js'
import { withFlags } from '../flags/wording.js'
import { usageError } from '../terminal/usage-error.js'
import { beside } from '../terminal/wrap.js'

/** A command about one schedule. */
export interface ScheduleCommand {
  readonly name: string
  readonly description: string
  readonly options: readonly Option[]
  readonly examples: string
}

/** What was asked for. */
export interface ScheduleArguments<Settings> {
  readonly name: string
  readonly schedule: Schedule
  /** The number of steps, always known here. */
  readonly steps: number
  readonly settings: Settings
  /** A fresh run with the requested steps and adjoints. */
  readonly start: () => Run
}

const stepsOption = integer({ min: 1, help: 'time steps of the forward' })
const adjointsOption = integer({
  min: 0,
  optional: true,
  help: 'adjoint calculations after the one forward (default 1)',
})

/** Parses `args`; every error in them is reported before any work starts. */
export async function parseScheduleArguments<Settings>(
  spec: ScheduleCommand,
  args: readonly string[],
): Promise<ScheduleArguments<Settings>> {
  const schedules = await loadSchedules()
  const everyOption = [...schedules.entries.values()].flatMap(
    (factory) => commandFor(spec, factory, '').command.options,
  )
  const name = findPositional(args, everyOption, schedules.entries)
  if (name === undefined) return withoutSchedule(spec, schedules, args)

  const factory = await scheduleNamed(name, schedules)
  const { command, flags } = commandFor(spec, factory, name)
  const positionals = parseArguments(command, name, args)
  if (positionals.length > 1) {
    const extra = positionals.find((arg) => arg !== name) ?? name
    throw usageError(`${spec.name} takes one schedule, ${name}; also got ${JSON.stringify(extra)}.`)
  }
  const values = readValues(command, flags)
  refuseSizes(values, flags)
  const { adjoints, ...rest } = values
  const { steps, ...onlineRest } = rest
  const { online } = factory.definition
  if (online && steps === undefined) {
    throw usageError(`${name} is online: it does not know where the forward ends. Pass --steps N.`)
  }
  return withFlags(flags, () => {
    const checked = checkOptions(
      name,
      { ...(online ? { steps: stepsOption } : {}), adjoints: adjointsOption },
      {
        adjoints,
        ...(online ? { steps } : {}),
      },
    ) as { steps?: number; adjoints?: number }
    const schedule = factory(online ? onlineRest : rest)
    const known = schedule.manifest.steps ?? checked.steps!
    const start = () => schedule.start({ steps: known, adjoints: checked.adjoints })
    start() // throws if steps or adjoints do not fit
    return { name, schedule, steps: known, settings: command.opts() as Settings, start }
  })
}

function commandFor(
  spec: ScheduleCommand,
  factory: AnyScheduleFactory,
  name: string,
): { command: Command; flags: Flag[] } {
  const { definition } = factory
  const command = newCommand(`${spec.name} ${name}`, `${spec.description}\n\n${name}: ${definition.summary}`)
  command.usage('[flags]').addHelpText('after', spec.examples)
  const taken = new Set<string>(['help'])
  for (const option of spec.options) {
    command.addOption(option)
    taken.add(option.long!.slice(2))
  }
  // An online schedule has no `steps` option of its own, but the commands here need to know.
  const flags = flagsFor(
    { ...(definition.online ? { steps: stepsOption } : {}), ...definition.options, adjoints: adjointsOption },
    { prefix: 'schedule', taken },
  )
  for (const flag of flags) {
    for (const option of commanderOptions(flag, `Options of ${name}:`)) command.addOption(option)
  }
  return { command, flags }
}

function withoutSchedule(
  spec: ScheduleCommand,
  schedules: Catalogue<AnyScheduleFactory>,
  args: readonly string[],
): never {
  const list = [...schedules.entries].flatMap(([name, { definition }]) =>
    beside(`  ${name.padEnd(22)} `, definition.summary),
  )
  const command = newCommand(spec.name, spec.description).usage('SCHEDULE [flags]')
  for (const option of spec.options) command.addOption(option)
  command.addHelpText(
    'after',
    `\nSchedules:\n${list.join('\n')}\n\nThe flags of each: checkpoint-schedules ${spec.name} SCHEDULE --help\n${spec.examples}`,
  )
  parseArguments(command, spec.name, args)
  throw usageError(
    `${spec.name} needs a schedule, as in checkpoint-schedules ${spec.name} multistage --steps 10 --ram 3. Accepted: ${[...schedules.entries.keys()].join(', ')}.`,
  )
}
