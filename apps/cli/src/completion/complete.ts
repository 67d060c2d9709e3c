/**
 * What may come next on a command line that is being typed. Everything is read from the definitions that the commands parse with, so
 * a new command, schedule or option needs no change here.
 */
import type { Command, Option } from 'commander'
import { namesCode } from '../discovery/modules.js'
import { definitionOf } from '../flags/definition.js'
import { findPositional, longNames } from '../flags/parse-arguments.js'
import { type Candidate, type Offer, offerFor } from './values.js'

/** A command of the program. */
export interface CompletedCommand {
  readonly name: string
  readonly summary: string
  readonly load: () => Promise<(args: readonly string[]) => Promise<void>>
}

const nothing: Offer = { candidates: [] }
const help: Candidate = { text: '--help', help: 'show this help' }

/**
 * @param words - All words after the program's name; the last one is being typed, and may be empty.
 * @returns The candidates that begin with the last word.
 */
export async function complete(
  words: readonly string[],
  commands: readonly CompletedCommand[],
): Promise<Offer> {
  const typed = words.at(-1) ?? ''
  const { candidates, paths } = await offer(words[0] === 'help' ? words.slice(1) : words, typed, commands)
  return { candidates: candidates.filter(({ text }) => text.startsWith(typed)), paths }
}

async function offer(
  words: readonly string[],
  typed: string,
  commands: readonly CompletedCommand[],
): Promise<Offer> {
  if (words.length < 2) {
    if (typed.startsWith('-')) return { candidates: [help, { text: '--version', help: 'print the version' }] }
    return { candidates: commands.map(({ name, summary }) => ({ text: name, help: summary })) }
  }
  const [name, ...args] = words.slice(0, -1)
  const run = await commands.find((command) => command.name === name)?.load()
  const command = run && (await definitionOf(run, known(args)))
  if (command === undefined) return nothing

  const [, flag, equals = ''] = /^(--[^=]+)(=)/.exec(typed) ?? [undefined, args.at(-1)]
  const option = command.options.find((one) => one.required && longNames(one).includes(flag ?? ''))
  if (option !== undefined) return valuesOf(option, equals === '' ? '' : flag + equals)
  const [placeholder = ''] = command.usage().split(' ')
  const takesOne = /^\w/.test(placeholder) && findPositional(args, command.options, new Set()) === undefined
  if (takesOne && !typed.startsWith('-')) return offerFor(placeholder)
  return { candidates: [...flagsOf(command, args), help] }
}

/** The arguments without those that name code: a key press in a shell must not load any. A final flag without its value is dropped too. */
function known(args: readonly string[]): string[] {
  const isCode = (arg: string | undefined) => arg !== undefined && namesCode(arg)
  const rest = args.filter((arg, i) => !isCode(arg) && !(arg.startsWith('--') && isCode(args[i + 1])))
  return rest.at(-1)?.startsWith('-') ? rest.slice(0, -1) : rest
}

async function valuesOf({ flags, argChoices }: Option, prefix: string): Promise<Offer> {
  if (argChoices !== undefined)
    return { candidates: argChoices.map((text) => ({ text: prefix + text, help: '' })) }
  const { candidates, paths } = await offerFor(/<(.*)>/.exec(flags)?.[1] ?? '')
  return { candidates: candidates.map((one) => ({ ...one, text: prefix + one.text })), paths }
}

/** The flags that are not given yet, and those that may be repeated. */
function flagsOf({ options }: Command, args: readonly string[]): Candidate[] {
  const given = new Set(args.map((arg) => arg.split('=')[0]!))
  return options
    .filter((option) => option.parseArg !== undefined || !longNames(option).some((name) => given.has(name)))
    .flatMap((option) => longNames(option).map((text) => ({ text, help: option.description })))
}
