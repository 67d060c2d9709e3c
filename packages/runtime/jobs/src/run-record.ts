/** The record of a run in Redis: small JSON, foreign when it comes back. */
import { CheckpointScheduleError, optionError, show } from '@checkpoint-schedules/core'
import { isRunId, runId, sha256 } from './names.js'
import type { KnownRun, Run } from './types.js'

const FORMAT = 1
const MOST_TEXT = 1 << 16
const MOST_PARTS = 10_000_000
const MOST_BYTES_IN_REDIS = 4 * 2 ** 20
/** A value of Redis has at most 512 MiB. */
const LIMIT_OF_REDIS = 500 * 2 ** 20

/** The record of a run that is to be submitted. @throws `INVALID_OPTION` */
export function knownRun(run: Run, place: KnownRun['place']): KnownRun {
  const { parts, fingerprint, control, mostBytesInRedis = MOST_BYTES_IN_REDIS } = run
  checkInteger('parts', parts, 1, MOST_PARTS)
  checkInteger('mostBytesInRedis', mostBytesInRedis, 1, LIMIT_OF_REDIS)
  if (typeof fingerprint !== 'string' || fingerprint.length > MOST_TEXT)
    throw optionError('submit', `fingerprint must be a text of at most ${MOST_TEXT} characters.`)
  const digest = control === undefined ? undefined : sha256(control)
  const id = runId(fingerprint, parts, digest)
  return { id, parts, fingerprint, control: digest, place, mostBytesInRedis }
}

export function recordOf(run: KnownRun): string {
  return JSON.stringify({ format: FORMAT, ...run, id: undefined })
}

/** The run of a record. @throws `INVALID_FILE`: it is none of ours. */
export function parseRecord(id: string, text: string): KnownRun {
  const value = parsed(text)
  const { format, parts, fingerprint, control, place, mostBytesInRedis } = value
  const isOurs =
    isRunId(id) &&
    format === FORMAT &&
    isInteger(parts, 1, MOST_PARTS) &&
    isInteger(mostBytesInRedis, 1, LIMIT_OF_REDIS) &&
    typeof fingerprint === 'string' &&
    (control === undefined || (typeof control === 'string' && /^[0-9a-f]{64}$/.test(control))) &&
    (place === 'redis' || place === 'store') &&
    runId(fingerprint, parts, control) === id
  if (isOurs) return { id, parts, fingerprint, control, place, mostBytesInRedis }
  throw new CheckpointScheduleError(
    'INVALID_FILE',
    `the record of run ${show(id)} in Redis is damaged, or of another version; remove the run and submit it again.`,
  )
}

function parsed(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>
  } catch {
    // refused by the caller
  }
  return {}
}

function isInteger(value: unknown, min: number, max: number): value is number {
  return Number.isSafeInteger(value) && (value as number) >= min && (value as number) <= max
}

function checkInteger(name: string, value: unknown, min: number, max: number): void {
  if (!isInteger(value, min, max))
    throw optionError('submit', `${name} must be an integer from ${min} to ${max}; got ${show(value)}.`)
}
