/** The page about a schedule, made from its declaration alone. */
import {
  type AnyScheduleFactory,
  type OptionDescriptor,
  type Reference,
  toKebabCase,
} from '@checkpoint-schedules/core'
import { flagsFor } from '../flags/flags.js'
import { beside, wrapped } from '../terminal/wrap.js'

/** The lines of `show`. */
export function pageOf(name: string, { definition }: AnyScheduleFactory): string[] {
  const { summary, whenToUse, references } = definition
  return [
    `${definition.name} (${name})`,
    '',
    ...wrapped(summary),
    // Required by the types, but a package in plain JavaScript may lack it.
    ...(whenToUse === undefined ? [] : ['', ...wrapped(whenToUse)]),
    '',
    ...wrapped(factsOf(definition)),
    '',
    'Options:',
    ...optionLines(definition.options),
    ...(references.length === 0 ? [] : ['', 'References:', ...references.flatMap(referenceLines)]),
  ]
}

/** Online or offline, and how many adjoint calculations, in a sentence. */
export function factsOf({ online, adjoints }: AnyScheduleFactory['definition']): string {
  const when = online
    ? 'Online: the number of steps may be unknown when the forward begins.'
    : 'Offline: the number of steps must be known before the forward begins.'
  const many =
    typeof adjoints === 'function'
      ? 'The number of adjoint calculations after one forward depends on the options.'
      : {
          0: 'No adjoint calculation.',
          1: 'One adjoint calculation.',
          unlimited: 'Any number of adjoint calculations after one forward.',
        }[adjoints]
  return `${when} ${many}`
}

function optionLines(options: Readonly<Record<string, OptionDescriptor>>): string[] {
  const flags = flagsFor(options, { prefix: 'schedule', taken: new Set() })
  if (flags.length === 0) return ['  none']
  const rows = flags.map(({ long, short, descriptor }): [string, string] => [
    short === undefined ? `--${long}` : `--${short}, --${long}`,
    `${descriptor.help} (${rangeOf(descriptor)})`,
  ])
  const width = Math.max(...rows.map(([flag]) => flag.length))
  return rows.flatMap(([flag, text]) => beside(`  ${flag.padEnd(width)}  `, text))
}

/** The values that an option takes, and its default. */
export function rangeOf(descriptor: OptionDescriptor): string {
  const given =
    'default' in descriptor && descriptor.default !== undefined ? `default ${descriptor.default}` : undefined
  const needed =
    given ??
    (descriptor.optional || descriptor.kind === 'costs' || descriptor.kind === 'boolean'
      ? 'optional'
      : 'required')
  return [kindOf(descriptor), needed].join(', ')
}

function kindOf(descriptor: OptionDescriptor): string {
  switch (descriptor.kind) {
    case 'integer':
      return descriptor.max === undefined
        ? `integer >= ${descriptor.min}`
        : `integer from ${descriptor.min} to ${descriptor.max}`
    case 'number': {
      const { min, max, aboveMin, unlimited, unit } = descriptor
      const low = min === undefined ? '' : ` ${aboveMin ? '>' : '>='} ${min}`
      const high = max === undefined ? '' : `${low === '' ? '' : ' and'} <= ${max}`
      return `${unit === 'bytes' ? 'bytes' : 'number'}${low}${high}${unlimited ? ' or unlimited' : ''}`
    }
    case 'choice':
      return descriptor.choices.join(' or ')
    case 'boolean':
      return 'yes or no'
    case 'storage':
      return 'the name of a storage'
    case 'perStep':
      return `number >= ${descriptor.min}, or n:n:… by step`
    case 'record':
      return Object.keys(descriptor.fields).map(toKebabCase).join(', ')
    default:
      return descriptor.kind
  }
}

function referenceLines({ authors, title, year, doi }: Reference): string[] {
  const where = doi === undefined ? '' : ` https://doi.org/${doi}`
  return wrapped(`${authors} (${year}): ${title}.${where}`, '  ')
}
