/**
 * The log of a journal: one line of JSON for each durable point, with a checksum in front.
 *
 * ```
 * 7d1f0a3c {"format":"checkpoint-schedules journal","version":2,"owner":7,"identity":{…}}
 * 0b93d1e5 {"point":1,"position":{…},"values":{…},"stores":{…},"owner":7}
 * 55aa01f2 {"point":2, …                                              a truncated line is dropped
 * ```
 *
 * Its bytes are untrusted: a line counts only if its checksum and its shape are right, and nothing counts after a line that
 * is wrong. A line whose owner is not the head's is skipped: an owner that was replaced may have written it late.
 */
import { CheckpointScheduleError } from '@checkpoint-schedules/core'
import type { Position, RunIdentity } from '@checkpoint-schedules/model'
import { crc32 } from './crc32.js'
import { isCount, isIdentity, isObject, isPoint } from './log-shapes.js'
import type { Checksum, Medium } from './medium.js'
import type { RecordedStore } from './retained.js'

const FORMAT = 'checkpoint-schedules journal'
const VERSION = 2

/**
 * The most bytes that a log may have; it is rewritten long before that.
 *
 * @example
 * ```ts
 * import { MOST_LOG_BYTES } from '@checkpoint-schedules/storage-slots'
 *
 * MOST_LOG_BYTES // 268435456
 * ```
 */
export const MOST_LOG_BYTES = 2 ** 28

/** The first line. */
export interface LogHead {
  /** The owner of the points that follow. */
  readonly owner: number
  readonly identity: RunIdentity
  /** Anything that the caller wants to read back. */
  readonly note: unknown
}

/** A value in a file of its own. */
export interface RecordedValue {
  /** The number in its file's name. */
  readonly file: number
  readonly bytes: number
  /** Covers the value's role and its bytes: see `valueCrc`. */
  readonly crc: number
}

/** A line of a durable point. */
export interface RecordedPoint {
  /** Counts from 1. */
  readonly point: number
  /** Its files belong to a previous owner, which may still be active. */
  readonly isShared?: boolean
  readonly position: Position
  readonly values: {
    readonly state?: RecordedValue | undefined
    readonly adjoint?: RecordedValue | undefined
    readonly final?: RecordedValue | undefined
    readonly results: readonly RecordedValue[]
  }
  readonly stores: Readonly<Record<string, RecordedStore>>
}

/** The content of a log. */
export interface Log {
  readonly head: LogHead
  readonly points: readonly RecordedPoint[]
  readonly isFinished: boolean
}

export const headLine = (head: LogHead) => jsonLine({ format: FORMAT, version: VERSION, ...head })
export const pointLine = (owner: number, point: RecordedPoint) => jsonLine({ ...point, owner })
export const finishedLine = (owner: number) => jsonLine({ owner, finished: true })

/**
 * A line of JSON with its checksum in front.
 *
 * @example
 * ```ts
 * import { jsonLine } from '@checkpoint-schedules/storage-slots'
 *
 * new TextDecoder().decode(jsonLine({ a: 1 })) // '561bacaf {"a":1}\n'
 * ```
 */
export function jsonLine(value: object): Uint8Array {
  const text = JSON.stringify(value)
  return encoded(`${checksumOf(text)} ${text}\n`)
}

const encoded = (text: string) => new TextEncoder().encode(text)
const checksumOf = (text: string) => crc32(encoded(text)).toString(16).padStart(8, '0')

/**
 * The checksum of a value together with its role. So the state of one position is never mistaken for that of another, or a final
 * state for an adjoint, even if a line claims so.
 *
 * @param what - Such as `state` with its position, or `result 2`.
 */
export function valueCrc(what: string, bytes: Uint8Array, checksum: Checksum): number {
  return checksum(bytes, crc32(encoded(what)))
}

/**
 * The valid part of the log; `undefined` if not even the head is valid.
 *
 * @throws `INVALID_FILE`: the log was written by another version.
 * @example
 * ```ts
 * import { type Medium, parseLog } from '@checkpoint-schedules/storage-slots'
 *
 * const pointsIn = (medium: Medium, log: Uint8Array) => parseLog(medium, log)?.points.length ?? 0
 * ```
 */
export function parseLog({ words }: Pick<Medium, 'words'>, bytes: Uint8Array): Log | undefined {
  const lines = new TextDecoder().decode(bytes).split('\n')
  lines.pop() // empty, or a truncated line
  const head = parseHead(words, valueOfLine(lines.shift() ?? ''))
  if (head === undefined) return undefined
  const points: RecordedPoint[] = []
  for (const line of lines) {
    const value = valueOfLine(line)
    if (!isObject(value)) break
    if (value['owner'] !== head.owner) continue
    if (value['finished'] === true) return { head, points, isFinished: true }
    if (!isPoint(value)) break
    points.push(value)
  }
  return { head, points, isFinished: false }
}

/**
 * Whether the bytes begin with the head of one of our logs, of any version.
 *
 * @example
 * ```ts
 * import { hasHead } from '@checkpoint-schedules/storage-slots'
 *
 * hasHead(new TextEncoder().encode('a log of somebody else')) // false
 * ```
 */
export function hasHead(bytes: Uint8Array): boolean {
  const end = bytes.indexOf(0x0a)
  const value = valueOfLine(new TextDecoder().decode(bytes.subarray(0, Math.max(0, end))))
  return isObject(value) && value['format'] === FORMAT
}

/**
 * The value of such a line, without its end; `undefined` if it has changed.
 *
 * @example
 * ```ts
 * import { valueOfLine } from '@checkpoint-schedules/storage-slots'
 *
 * valueOfLine('00000000 {"a":1}') // undefined
 * ```
 */
export function valueOfLine(line: string): unknown {
  const text = line.slice(9)
  if (line.slice(0, 9) !== `${checksumOf(text)} `) return undefined
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function parseHead(words: Medium['words'], value: unknown): LogHead | undefined {
  if (!isObject(value) || value['format'] !== FORMAT) return undefined
  const { version, owner, identity, note = null } = value
  if (version !== VERSION && isCount(version)) {
    throw new CheckpointScheduleError(
      'INVALID_FILE',
      `${words.journal}: the journal was written by another version of ${words.package} (format ${version}, this one reads ${VERSION}). ` +
        `Finish its run with that version, or remove it with ${words.remove}.`,
      { details: { version } },
    )
  }
  return isCount(owner) && isIdentity(identity) ? { owner, identity, note } : undefined
}
