/** Flags made from option descriptors: a new schedule or problem brings its own; nothing is listed by hand. */
import {
  number,
  type OptionDescriptor,
  type OptionDescriptors,
  toKebabCase,
} from '@checkpoint-schedules/core'
import { Option } from 'commander'

/** One flag of an option. A cost model has several, each at its own path within the option. */
export interface Flag {
  /** Without dashes, such as `snapshots-in-ram`. */
  readonly long: string
  /** A shorter name, such as `ram`. */
  readonly short: string | undefined
  readonly descriptor: OptionDescriptor
  /** Where its value goes in the options: `['snapshotsInRam']`, `['costs', 'write', 'DISK']`. */
  readonly path: readonly [string, ...string[]]
}

/** How flags are named. */
export interface Naming {
  /** Prepended to a name that is already taken: `problem` makes `--problem-period`. */
  readonly prefix: string
  /** The names in use; new ones are added. */
  readonly taken: Set<string>
  /** Options that get no flag here. */
  readonly except?: ReadonlySet<string>
}

/** The flags for these options. */
export function flagsFor(descriptors: OptionDescriptors, { prefix, taken, except }: Naming): Flag[] {
  return Object.entries(descriptors)
    .filter(([option]) => except?.has(option) !== true)
    .flatMap(([option, descriptor]) =>
      descriptor.kind === 'costs' ? costFlags(option, descriptor.storages) : [plainFlag(option, descriptor)],
    )
    .map((flag) => {
      const long = taken.has(flag.long) ? `${prefix}-${flag.long}` : flag.long
      const short = flag.short === undefined || taken.has(flag.short) ? undefined : flag.short
      taken.add(long)
      if (short !== undefined) taken.add(short)
      return { ...flag, long, short }
    })
}

function plainFlag(option: string, descriptor: OptionDescriptor): Flag {
  return { long: toKebabCase(option), short: descriptor.short, descriptor, path: [option] }
}

// { forwardStep, adjointStep, write: { DISK }, read: { DISK } } as --forward-step, --write-disk, …
function costFlags(option: string, storages: readonly string[]): Flag[] {
  const cost = (long: string, help: string, ...path: string[]): Flag => ({
    long,
    short: undefined,
    descriptor: number({ min: 0, optional: true, help: `${help}, in any one unit of time` }),
    path: [option, ...path],
  })
  const slug = (storage: string) => storage.toLowerCase().replaceAll('_', '-')
  return [
    cost('forward-step', 'cost of a forward step', 'forwardStep'),
    cost('adjoint-step', 'cost of an adjoint step', 'adjointStep'),
    ...storages.flatMap((storage) => [
      cost(`write-${slug(storage)}`, `cost of writing a checkpoint to ${storage}`, 'write', storage),
      cost(`read-${slug(storage)}`, `cost of reading a checkpoint from ${storage}`, 'read', storage),
    ]),
  ]
}

/** The flag for commander; a boolean has two, `--move-data` and `--no-move-data`. */
export function commanderOptions(flag: Flag, heading: string): Option[] {
  const { long, short, descriptor } = flag
  const names = short === undefined ? `--${long}` : `--${short}, --${long}`
  const help = describe(descriptor)
  if (descriptor.kind !== 'boolean') {
    const option = new Option(`${names} <${placeholder(descriptor)}>`, help).helpGroup(heading)
    if (descriptor.kind === 'list') {
      option.argParser((text: string, before: string[] | undefined) => [...(before ?? []), text])
    }
    return [option]
  }
  const negative = new Option(
    `--no-${long}`,
    `turn it off${descriptor.default === false ? ' (default)' : ''}`,
  )
  return [new Option(names, help).helpGroup(heading), negative.helpGroup(heading)]
}

function placeholder(descriptor: OptionDescriptor): string {
  switch (descriptor.kind) {
    case 'integer':
      return descriptor.unit === 'checkpoints' ? 'n|size' : 'n'
    case 'choice':
      return descriptor.choices.join('|')
    case 'storage':
      return 'STORAGE'
    case 'array':
      return 'file.npy'
    case 'list':
    case 'record':
      return 'key=value,…'
    case 'perStep':
      return 'number|n:n:…'
    case 'number':
      return descriptor.unit === 'bytes' ? 'size' : 'number'
    default:
      return 'number'
  }
}

function fieldsOf(fields: OptionDescriptors): string {
  return Object.entries(fields)
    .map(([name, field]) => `${toKebabCase(name)}=${placeholder(field)}`)
    .join(',')
}

function describe(descriptor: OptionDescriptor): string {
  const { help } = descriptor
  if (descriptor.kind === 'list') return `${help}; each as ${fieldsOf(descriptor.item)}`
  if (descriptor.kind === 'record') return `${help}; as ${fieldsOf(descriptor.fields)}`
  if (descriptor.kind === 'array')
    return `${help} (NumPy file, dimensions ${descriptor.dimensions.join(' × ')})`
  if ('default' in descriptor && descriptor.default !== undefined && descriptor.default !== false) {
    return `${help} (default ${descriptor.default})`
  }
  const isNeeded = !descriptor.optional && descriptor.kind !== 'boolean' && descriptor.kind !== 'costs'
  return isNeeded ? `${help} (required)` : help
}
