/** Checks received options against their descriptors, before any work starts. */
import { type CostModel, defaultCosts } from './costs.js'
import { checkPerStep, isPerStep } from './check-per-step.js'
import { optionError, show } from './errors.js'
import { didYouMean } from './names.js'
import type {
  NumberOption,
  OptionDescriptor,
  OptionDescriptors,
  OptionValues,
  PerStepInput,
} from './options.js'
import { isCheckpointStorageName } from './storage-type.js'

/**
 * The checked options, defaults filled in, frozen.
 *
 * @param call - The name that messages begin with.
 * @throws `INVALID_OPTION`: an option is missing, unknown, of the wrong type, or out of its range.
 * @example
 * ```ts
 * import { boolean, checkOptions } from '@checkpoint-schedules/core'
 *
 * checkOptions('mine', { fast: boolean({ default: false, help: 'sooner' }) }, {}) // { fast: false }
 * ```
 */
export function checkOptions<Ds extends OptionDescriptors>(
  call: string,
  descriptors: Ds,
  received: unknown = {},
): OptionValues<Ds> {
  return checkRecord(call, '', descriptors, received)
}

function checkRecord<Ds extends OptionDescriptors>(
  call: string,
  path: string,
  descriptors: Ds,
  received: unknown,
  outermost?: Readonly<Record<string, unknown>>,
): OptionValues<Ds> {
  const names = Object.keys(descriptors)
  const subject = path === '' ? 'options' : path
  if (!isRecord(received)) {
    const accepted = names.length === 0 ? '{}' : `{ ${names.join(', ')} }`
    throw optionError(call, `${subject} must be an object ${accepted}; got ${show(received)}.`)
  }
  refuseUnknown(call, path, received, names)
  const values: Record<string, unknown> = {}
  const all = outermost ?? values
  for (const [name, descriptor] of Object.entries(descriptors)) {
    const value = Object.hasOwn(received, name) ? received[name] : undefined
    const where = path === '' ? name : `${path}.${name}`
    const checked =
      value === undefined ? absent(call, where, descriptor) : check(call, where, descriptor, value, all)
    if (checked !== undefined) values[name] = checked
  }
  return Object.freeze(values) as OptionValues<Ds>
}

function refuseUnknown(call: string, path: string, given: object, known: readonly string[]): void {
  const name = Object.keys(given).find((it) => !known.includes(it))
  if (name === undefined) return
  const takes = `It takes ${known.join(', ') || 'no options'}.`
  const what = path === '' ? `there is no option ${show(name)}.` : `${path} has no ${show(name)}.`
  throw optionError(call, `${what}${didYouMean(name, known)} ${takes}`, { option: name })
}

function absent(call: string, where: string, descriptor: OptionDescriptor): unknown {
  if (descriptor.kind === 'costs') return checkCosts(call, where, descriptor.storages, {})
  if ('default' in descriptor && descriptor.default !== undefined) return descriptor.default
  if (descriptor.optional) return undefined
  throw optionError(call, `${where} is missing; pass ${accepted(descriptor)} (${descriptor.help}).`, {
    option: where,
  })
}

function check(
  call: string,
  where: string,
  descriptor: OptionDescriptor,
  value: unknown,
  all: Readonly<Record<string, unknown>>,
): unknown {
  if (!fits(descriptor, value)) {
    const isWord = descriptor.kind === 'choice' && typeof value === 'string'
    const hint = isWord ? didYouMean(value, descriptor.choices) : ''
    throw optionError(
      call,
      `${where} must be ${accepted(descriptor)} (${descriptor.help}); got ${show(value)}.${hint}`,
      { option: where, received: value },
    )
  }
  if (descriptor.kind === 'costs') return checkCosts(call, where, descriptor.storages, value as object)
  if (descriptor.kind === 'list') {
    const items = value as readonly unknown[]
    return Object.freeze(
      items.map((item, i) => checkRecord(call, `${where}[${i}]`, descriptor.item, item, all)),
    )
  }
  if (descriptor.kind === 'record') return checkRecord(call, where, descriptor.fields, value, all)
  if (descriptor.kind === 'perStep') {
    return checkPerStep(call, where, descriptor, all['steps'] as number, value as PerStepInput)
  }
  return descriptor.kind === 'integer' ? Number(value) + 0 : value // -0 becomes 0
}

// Whether the value is what `accepted` says. The contents of costs, lists, records and numbers by step are checked when they are read.
function fits(descriptor: OptionDescriptor, value: unknown): boolean {
  switch (descriptor.kind) {
    case 'costs':
    case 'record':
      return isRecord(value)
    case 'perStep':
      return isPerStep(value)
    case 'list':
      return Array.isArray(value) && value.length >= (descriptor.min ?? 0)
    case 'integer':
      return isWithin(descriptor, value) && Number.isSafeInteger(value)
    case 'number':
      if (value === null) return descriptor.unlimited === true
      return (
        isWithin(descriptor, value) &&
        Number.isFinite(value) &&
        !(descriptor.aboveMin && value === descriptor.min)
      )
    case 'boolean':
      return typeof value === 'boolean'
    case 'choice':
      return descriptor.choices.some((choice) => choice === value)
    case 'storage':
      return isCheckpointStorageName(value)
    case 'array':
      return isNumericArray(value, descriptor.dimensions.length)
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isWithin(range: { min?: number; max?: number }, value: unknown): value is number {
  return typeof value === 'number' && value >= (range.min ?? -Infinity) && value <= (range.max ?? Infinity)
}

function isNumericArray(value: unknown, dimensions: number): boolean {
  if (!isRecord(value)) return false
  const { data, shape } = value
  return (
    (data instanceof Float64Array || data instanceof Float32Array) &&
    Array.isArray(shape) &&
    shape.length === dimensions &&
    shape.every((length) => Number.isSafeInteger(length) && length >= 1) &&
    shape.reduce((size: number, length: number) => size * length, 1) === data.length
  )
}

function checkCosts(call: string, where: string, storages: readonly string[], value: object): CostModel {
  const transferNames = storages.length === 0 ? [] : ['write', 'read']
  refuseUnknown(call, where, value, ['forwardStep', 'adjointStep', ...transferNames])
  const { write = {}, read = {}, ...steps } = value as Record<string, unknown>
  const transfers = (direction: 'write' | 'read', given: unknown) => {
    const prices = storages.map((name) => [name, cost(defaultCosts[direction][name])] as const)
    return checkRecord(call, `${where}.${direction}`, Object.fromEntries(prices), given)
  }
  const { forwardStep, adjointStep } = defaultCosts
  const perStep = { forwardStep: cost(forwardStep), adjointStep: cost(adjointStep) }
  return Object.freeze({
    ...checkRecord(call, where, perStep, steps),
    write: transfers('write', write),
    read: transfers('read', read),
  })
}

function cost(usual = 0): NumberOption {
  return { kind: 'number', min: 0, default: usual, help: 'a cost, in any one unit of time' }
}

function costsAccepted(storages: readonly string[]): string {
  const transfers = storages.map((name) => `${name}: 2`).join(', ')
  const parts = transfers && `, write: { ${transfers} }, read: { ${transfers} }`
  return `costs like { forwardStep: 1, adjointStep: 1${parts} }`
}

/**
 * What a descriptor accepts, as words: "an integer >= 1", "one of maximum, revolve".
 *
 * @example
 * ```ts
 * import { accepted, integer } from '@checkpoint-schedules/core'
 *
 * accepted(integer({ min: 1, max: 9, help: 'a count' })) // 'an integer from 1 to 9'
 * ```
 */
export function accepted(descriptor: OptionDescriptor): string {
  switch (descriptor.kind) {
    case 'integer':
      return descriptor.max === undefined
        ? `an integer >= ${descriptor.min}, at most 2^53-1`
        : `an integer from ${descriptor.min} to ${descriptor.max}`
    case 'number': {
      const { min, max, aboveMin, unlimited } = descriptor
      const low = min === undefined ? '' : ` ${aboveMin ? '>' : '>='} ${min}`
      const high = max === undefined ? '' : `${low === '' ? '' : ' and'} <= ${max}`
      return `a finite number${low}${high}${unlimited ? ', or null for no limit' : ''}`
    }
    case 'boolean':
      return 'true or false'
    case 'choice':
      return `one of ${descriptor.choices.join(', ')}`
    case 'storage':
      return 'the name of a checkpoint storage, such as RAM, DISK or GPU'
    case 'costs':
      return costsAccepted(descriptor.storages)
    case 'list':
      return `a list of { ${Object.keys(descriptor.item).join(', ')} }${descriptor.min ? `, at least ${descriptor.min}` : ''}`
    case 'record':
      return `{ ${Object.keys(descriptor.fields).join(', ')} }`
    case 'perStep':
      return `a finite number >= ${descriptor.min}, an array of them, or a function of the step`
    case 'array':
      return `{ data, shape } with a Float64Array or Float32Array and a shape [${descriptor.dimensions.join(', ')}]`
  }
}
