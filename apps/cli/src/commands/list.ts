/** `list`: all schedules, with a summary of each. */
import { type AnyScheduleFactory, toKebabCase } from '@checkpoint-schedules/core'
import { Option } from 'commander'
import { loadSchedules } from '../discovery/load.js'
import { newCommand, parseArguments } from '../flags/parse-arguments.js'
import { flagsFor } from '../flags/flags.js'
import { coloursFor } from '../terminal/colours.js'
import { write, writeLines } from '../terminal/output.js'
import { beside } from '../terminal/wrap.js'
import { usageError } from '../terminal/usage-error.js'

const description =
  'Lists all schedules: the built-in ones, and those in the dependencies of the package in the working directory.'

const examples = `
Examples:
  $ checkpoint-schedules list
  $ checkpoint-schedules list --json`

export async function list(args: readonly string[]): Promise<void> {
  const command = newCommand('list', description)
    .usage('[--json]')
    .addOption(new Option('--json', 'print one JSON array'))
    .addHelpText('after', examples)
  const [extra] = parseArguments(command, 'list', args)
  if (extra !== undefined)
    throw usageError(
      `list takes no argument; got ${JSON.stringify(extra)}. See checkpoint-schedules show ${extra}.`,
    )
  const { entries } = await loadSchedules()
  if (command.opts<{ json?: boolean }>().json) {
    await write(
      `${JSON.stringify(
        Array.from(entries, ([name, factory]) => plain(name, factory)),
        undefined,
        2,
      )}\n`,
    )
    return
  }
  const { bold, dim } = coloursFor(process.stdout)
  const width = Math.max(...[...entries.keys()].map((name) => name.length))
  await writeLines(
    [...entries].flatMap(([name, factory]) => {
      const { summary, online } = factory.definition
      const facts = `${online ? 'online' : 'offline'}, ${adjointsOf(factory.definition)}; ${optionsOf(factory)}`
      const [first, ...others] = beside(`${name.padEnd(width)}  `, summary)
      return [bold(name) + first!.slice(name.length), ...others, ...beside(' '.repeat(width + 2), facts, dim)]
    }),
  )
}

function plain(name: string, factory: AnyScheduleFactory): object {
  const { summary, whenToUse, online, adjoints, options, references } = factory.definition
  return {
    name,
    schedule: factory.definition.name,
    summary,
    whenToUse: whenToUse ?? null,
    online,
    adjoints: typeof adjoints === 'function' ? 'depends on options' : adjoints,
    options: Object.fromEntries(
      Object.entries(options).map(([option, descriptor]) => [toKebabCase(option), descriptor]),
    ),
    references,
  }
}

function adjointsOf({ adjoints }: AnyScheduleFactory['definition']): string {
  if (typeof adjoints === 'function') return 'one or many adjoints'
  return { 0: 'no adjoint', 1: 'one adjoint', unlimited: 'any number of adjoints' }[adjoints]
}

function optionsOf({ definition }: AnyScheduleFactory): string {
  const flags = flagsFor(definition.options, { prefix: 'schedule', taken: new Set() })
  if (flags.length === 0) return 'no options'
  return flags.map(({ long, short }) => `--${short ?? long}`).join(' ')
}
