/** Options as text, as typed in fields and stored in links; parsed with the descriptors alone. */
import { type OptionDescriptor, type OptionDescriptors, toKebabCase } from '@checkpoint-schedules/core'

/** The text of each option; an empty text means that the option is not set. */
export type Texts = Readonly<Record<string, string>>

/** Longest text of one option. */
export const MOST_LETTERS = 1000

/**
 * The options for a factory. Text that cannot be parsed is passed on as text: the factory's own check then rejects it and says what is accepted.
 */
export function optionsFrom(descriptors: OptionDescriptors, texts: Texts): Record<string, unknown> {
  const options: Record<string, unknown> = {}
  for (const [name, descriptor] of Object.entries(descriptors)) {
    const text = Object.hasOwn(texts, name) ? texts[name]!.trim() : ''
    if (text !== '') options[name] = valueOf(descriptor, text)
  }
  return options
}

/** The text for a value. */
export function textOf(value: unknown): string {
  if (Array.isArray(value)) {
    if (typeof value[0] === 'number') return value.join(':')
    return value.map((it) => recordText(it as Readonly<Record<string, unknown>>)).join('\n')
  }
  if (value === null) return 'unlimited'
  return typeof value === 'object'
    ? recordText(value as Readonly<Record<string, unknown>>)
    : `${value as string | number | boolean}`
}

function recordText(record: Readonly<Record<string, unknown>>): string {
  const fields = Object.entries(record).map(([key, value]) => `${toKebabCase(key)}=${textOf(value)}`)
  return fields.join(',')
}

function valueOf(descriptor: OptionDescriptor, text: string): unknown {
  switch (descriptor.kind) {
    case 'integer':
    case 'number':
      return text === 'unlimited' ? null : numberOf(text)
    case 'perStep':
      return text.includes(':') ? text.split(':').map(numberOf) : numberOf(text)
    case 'record':
      return recordOf(descriptor.fields, text)
    case 'boolean':
      return text === 'true' ? true : text === 'false' ? false : text
    case 'list':
      return text
        .split('\n')
        .filter((line) => line.trim() !== '')
        .map((line) => recordOf(descriptor.item, line))
    default:
      return text
  }
}

function numberOf(text: string): number | string {
  return /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(text) ? Number(text) : text
}

/** A record, `storage=RAM,slots=3`. */
function recordOf(item: OptionDescriptors, line: string): Record<string, unknown> | string {
  const fields = line.split(',').map((part) => part.split('=').map((it) => it.trim()))
  const names = new Map(Object.keys(item).map((name) => [toKebabCase(name), name]))
  if (fields.some((field) => field.length !== 2)) return line
  return Object.fromEntries(
    fields.map(([key, text]) => {
      const name = names.get(toKebabCase(key!)) ?? key!
      return [name, Object.hasOwn(item, name) ? valueOf(item[name]!, text!) : text!]
    }),
  )
}
