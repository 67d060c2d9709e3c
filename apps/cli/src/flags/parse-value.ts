/**
 * Turns the text after a flag into the value that the option's check expects. Text that cannot be parsed stays text:
 * core's check then refuses it and says what is accepted.
 */
import { type OptionDescriptor, type OptionDescriptors, toKebabCase } from '@checkpoint-schedules/core'
import { unknownName, usageError } from '../terminal/usage-error.js'
import { parseSize, sizeForms } from './sizes.js'

/** The value of one flag; `flag` includes its dashes. A file name stays a name. */
export function parseValue(flag: string, descriptor: OptionDescriptor, text: string): unknown {
  switch (descriptor.kind) {
    case 'integer':
      if (descriptor.unit === 'checkpoints' && /^\d[\d.]* ?[a-z]+$/i.test(text) && !isNumber(text)) {
        const size = parseSize(text)
        if (size !== undefined) return size
        throw usageError(
          `${flag} must be a number of checkpoints or ${sizeForms}; got ${JSON.stringify(text)}.`,
        )
      }
      return parseNumber(text)
    case 'number':
      if (descriptor.unlimited && text === 'unlimited') return null
      return descriptor.unit === 'bytes' ? (parseSize(text)?.bytes ?? parseNumber(text)) : parseNumber(text)
    case 'perStep':
      return text.includes(':') ? text.split(':').map(parseNumber) : parseNumber(text)
    case 'record':
      return parseRecord(flag, descriptor.fields, text)
    case 'boolean':
      return text === 'true' ? true : text === 'false' ? false : text
    default:
      return text
  }
}

/** A record, `storage=RAM,slots=3`. */
export function parseRecord(flag: string, item: OptionDescriptors, text: string): Record<string, unknown> {
  const names = new Map(Object.keys(item).map((name) => [toKebabCase(name), name]))
  const record: Record<string, unknown> = {}
  for (const part of text.split(',')) {
    const at = part.indexOf('=')
    const key = (at < 0 ? part : part.slice(0, at)).trim()
    const name = names.get(key) ?? (Object.hasOwn(item, key) ? key : undefined)
    if (name === undefined) throw usageError(`${flag}: ${unknownName('field', key, [...names.keys()])}`)
    if (at < 0) throw usageError(`${flag}: ${key} has no value; write ${key}=….`)
    record[name] = parseValue(`${flag} ${key}`, item[name]!, part.slice(at + 1).trim())
  }
  return record
}

function parseNumber(text: string): number | string {
  return isNumber(text) ? Number(text) : text
}

/** Whether a text is a number. Unlike `Number`, refuses hexadecimal and empty text. */
export function isNumber(text: string): boolean {
  return /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(text) || /^[-+]?(NaN|Infinity)$/.test(text)
}
