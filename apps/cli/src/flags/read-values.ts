/** From parsed flags to the options of a schedule or a problem. */
import type { Command } from 'commander'
import { usageError } from '../terminal/usage-error.js'
import { commanderOptions, type Flag } from './flags.js'
import { parseRecord, parseValue } from './parse-value.js'
import { type ByteSize, isByteSize } from './sizes.js'

/** The values of the given flags, by option. Files are still names, and sizes still sizes. */
export function readValues(command: Command, flags: readonly Flag[]): Record<string, unknown> {
  const values: Record<string, unknown> = {}
  for (const flag of flags) {
    const typed: unknown = command.getOptionValue(commanderOptions(flag, '')[0]!.attributeName())
    if (typed !== undefined) put(values, flag.path, parsed(flag, typed))
  }
  return values
}

function parsed({ long, short, descriptor }: Flag, typed: unknown): unknown {
  const flag = `--${short ?? long}`
  if (typeof typed === 'string') return parseValue(flag, descriptor, typed)
  if (Array.isArray(typed) && descriptor.kind === 'list') {
    return typed.map((text: string) => parseRecord(flag, descriptor.item, text))
  }
  return typed
}

function put(
  record: Record<string, unknown>,
  [key, ...rest]: readonly [string, ...string[]],
  value: unknown,
): void {
  const [next, ...further] = rest
  if (next === undefined) record[key] = value
  else put((record[key] ??= {}) as Record<string, unknown>, [next, ...further], value)
}

/** The values with each size replaced, within lists too. `flag` includes its dashes; `record` contains the option and its siblings. */
export function replaceSizes(
  values: Readonly<Record<string, unknown>>,
  flags: readonly Flag[],
  replace: (size: ByteSize, flag: string, option: string, record: object) => number,
): Record<string, unknown> {
  const within = (value: unknown, flag: string, option: string, record: object): unknown => {
    if (isByteSize(value)) return replace(value, flag, option, record)
    if (!Array.isArray(value)) return value
    return value.map((item: unknown) =>
      typeof item !== 'object' || item === null
        ? item
        : Object.fromEntries(
            Object.entries(item).map(([key, inner]) => [key, within(inner, flag, key, item)]),
          ),
    )
  }
  const flagOf = (option: string) => flags.find(({ path }) => path[0] === option)
  return Object.fromEntries(
    Object.entries(values).map(([option, value]) => {
      const flag = flagOf(option)
      return [option, within(value, `--${flag?.short ?? flag?.long ?? option}`, option, values)]
    }),
  )
}

/** For commands without a model, for which a size has no meaning. */
export function refuseSizes(values: Readonly<Record<string, unknown>>, flags: readonly Flag[]): void {
  replaceSizes(values, flags, ({ text }, flag) => {
    throw usageError(
      `${flag} ${text} is a size, and the number of checkpoints that fit depends on a model's state. Pass a number of checkpoints, or use the command run.`,
    )
  })
}
