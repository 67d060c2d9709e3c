/** Numbers of bytes as people write them: `8e9`, `'8GB'`, `'4 GiB'`. */
import { optionError, show } from '@checkpoint-schedules/core'

/** A number of bytes, or a text with a unit: B, KB, MB, GB, TB (decimal) or KiB, MiB, GiB, TiB (binary). */
export type Bytes = number | string

const units: Readonly<Record<string, number>> = {
  b: 1,
  kb: 1e3,
  mb: 1e6,
  gb: 1e9,
  tb: 1e12,
  pb: 1e15,
  kib: 2 ** 10,
  mib: 2 ** 20,
  gib: 2 ** 30,
  tib: 2 ** 40,
  pib: 2 ** 50,
}

const forms = "a number of bytes >= 0, or a text such as '512MB', '8GB' or '4GiB'"

/**
 * The number of bytes.
 *
 * @param name - Of the option, for the message.
 * @param unlimited - Whether 'unlimited' is accepted.
 * @throws `INVALID_OPTION`
 */
export function bytesOf(call: string, name: string, value: unknown, unlimited = false): number {
  if (unlimited && (value === 'unlimited' || value === Infinity)) return Infinity
  const bytes = typeof value === 'string' ? parse(value) : value
  if (typeof bytes === 'number' && bytes >= 0 && bytes <= Number.MAX_SAFE_INTEGER) return Math.floor(bytes)
  throw optionError(
    call,
    `${name} must be ${forms}${unlimited ? ", or 'unlimited'" : ''}; got ${show(value)}.`,
    { option: name },
  )
}

function parse(text: string): number | undefined {
  const parts = /^(\d+(?:\.\d+)?)\s?([a-z]*)$/i.exec(text.trim())
  if (parts === null) return undefined
  const unit = parts[2] === '' ? 1 : units[parts[2]!.toLowerCase()]
  return unit === undefined ? undefined : Number(parts[1]) * unit
}

/** For messages: exact, and rounded with a unit if there are many. */
export function showBytes(bytes: number): string {
  if (bytes === Infinity) return 'unlimited'
  if (bytes < 1e4) return `${bytes} bytes`
  const [unit, size] = (['TB', 'GB', 'MB', 'kB'] as const)
    .map((name, i) => [name, 10 ** (12 - 3 * i)] as const)
    .find(([, size]) => bytes >= size)!
  return `${bytes} bytes (${(bytes / size).toPrecision(3)} ${unit})`
}
