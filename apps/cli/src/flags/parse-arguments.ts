/** Commander as we use it: it parses arguments and prints help; its errors are reworded. */
import { didYouMean } from '@checkpoint-schedules/core'
import { Command, CommanderError, type Option } from 'commander'
import { usageError } from '../terminal/usage-error.js'
import { helpOutput } from '../terminal/help-output.js'
import { answerIfAsked } from './definition.js'

/** A command that reports its errors by throwing. */
export function newCommand(name: string, description: string): Command {
  return new Command(`checkpoint-schedules ${name}`)
    .description(description)
    .argument('[args...]')
    .helpOption('-h, --help', 'show this help')
    .configureOutput(helpOutput)
    .exitOverride()
}

/**
 * Parses the arguments and returns those that are not flags.
 *
 * @param who - What the flags belong to, for messages.
 */
export function parseArguments(command: Command, who: string, args: readonly string[]): string[] {
  answerIfAsked(command, args)
  try {
    command.parse([...args], { from: 'user' })
  } catch (error) {
    if (!(error instanceof CommanderError) || error.exitCode === 0) throw error
    throw usageError(explain(command, who, error))
  }
  return command.args
}

/**
 * Parses the arguments of a command that takes flags only.
 *
 * @param who - As for `parseArguments`, by default the command.
 */
export function parseFlags(command: Command, name: string, args: readonly string[], who = name): void {
  const [extra] = parseArguments(command, who, args)
  if (extra !== undefined) throw usageError(`${name} takes flags only; got ${JSON.stringify(extra)}.`)
}

function explain(command: Command, who: string, error: CommanderError): string {
  const subject = /'([^']*)'/.exec(error.message)?.[1] ?? ''
  if (error.code === 'commander.optionMissingArgument') {
    const [flag] = longNamesIn(subject)
    return `${flag} has no value; it takes ${/<.*>/.exec(subject)?.[0] ?? 'one'}.`
  }
  if (error.code !== 'commander.unknownOption') return error.message
  const known = command.options.flatMap(longNames)
  const flag = subject.split('=')[0]!
  if (known.includes(flag))
    return `${flag} takes no value; got ${JSON.stringify(subject.slice(flag.length + 1))}.`
  return `${who} has no flag ${flag}.${didYouMean(flag, [...known, '--help'])} It takes ${known.join(', ')}.`
}

/**
 * The first argument that is neither a flag nor a flag's value. One of `names` takes precedence over others, because the
 * value of a mistyped flag looks like an argument.
 */
export function findPositional(
  args: readonly string[],
  options: readonly Option[],
  names: { has(name: string): boolean },
): string | undefined {
  const valued = new Set(options.filter(({ required }) => required).flatMap(longNames))
  const found: string[] = []
  for (let i = 0; i < args.length; i++) {
    const arg = args[i]!
    if (valued.has(arg)) i += 1
    else if (!arg.startsWith('-')) found.push(arg)
  }
  return found.find((name) => names.has(name)) ?? found[0]
}

/** The last value of `--name value` or `--name=value`; read before the other flags are known. */
export function findValue(args: readonly string[], flag: string): string | undefined {
  let found: string | undefined
  args.forEach((arg, i) => {
    if (arg === flag) found = args[i + 1]
    else if (arg.startsWith(`${flag}=`)) found = arg.slice(flag.length + 1)
  })
  return found
}

/** `--ram` and `--snapshots-in-ram`. */
export function longNames(option: Option): string[] {
  return longNamesIn(option.flags)
}

function longNamesIn(flags: string): string[] {
  return flags.match(/--[^\s,<]+/g) ?? []
}
