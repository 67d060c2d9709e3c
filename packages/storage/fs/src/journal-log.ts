/**
 * The log of a journal: one line of JSON for each durable point, with a checksum in front.
 *
 * ```
 * 7d1f0a3c {"format":"checkpoint-schedules journal","version":1,"identity":{…}}
 * 0b93d1e5 {"point":1,"position":{…},"values":{…},"stores":{…}}
 * 55aa01f2 {"point":2, …                                              a line that was cut off is dropped
 * ```
 *
 * Its bytes may come from anywhere: a line is believed only if its checksum and its shape are right, and nothing after a line that
 * is not.
 */
import { crc32 } from 'node:zlib'
import type { Position, RunIdentity } from '@checkpoint-schedules/model'
import type { RecordedEntry, RecordedStore } from './retained.js'

const FORMAT = 'checkpoint-schedules journal'
const VERSION = 1

/** The most bytes that a log may have; it is rewritten long before. */
export const MOST_LOG_BYTES = 2 ** 28

/** The first line. */
export interface LogHead {
  readonly identity: RunIdentity
  /** Whatever the caller wants to find again. */
  readonly note: unknown
}

/** A value in a file of its own. */
export interface RecordedValue {
  /** The number in its file's name. */
  readonly file: number
  readonly bytes: number
  readonly crc: number
}

/** A line of a durable point. */
export interface RecordedPoint {
  /** Counts from 1. */
  readonly point: number
  readonly position: Position
  readonly values: {
    readonly state?: RecordedValue | undefined
    readonly adjoint?: RecordedValue | undefined
    readonly final?: RecordedValue | undefined
    readonly results: readonly RecordedValue[]
  }
  readonly stores: Readonly<Record<string, RecordedStore>>
}

/** What a log says. */
export interface Log {
  readonly head: LogHead
  readonly points: readonly RecordedPoint[]
  readonly isFinished: boolean
}

export const headLine = (head: LogHead) => lineOf({ format: FORMAT, version: VERSION, ...head })
export const pointLine = (point: RecordedPoint) => lineOf(point)
export const finishedLine = () => lineOf({ finished: true })

function lineOf(value: object): Uint8Array {
  const text = JSON.stringify(value)
  return new TextEncoder().encode(`${crc32(text).toString(16).padStart(8, '0')} ${text}\n`)
}

/** What the bytes say, as far as they can be believed; `undefined` where not even the head can. */
export function parseLog(bytes: Uint8Array): Log | undefined {
  const text = new TextDecoder().decode(bytes)
  const lines = text.split('\n')
  lines.pop() // the last line has ended, or was cut off
  const head = parseHead(valueOf(lines.shift() ?? ''))
  if (head === undefined) return undefined
  const points: RecordedPoint[] = []
  for (const line of lines) {
    const value = valueOf(line)
    if (isObject(value) && value['finished'] === true) return { head, points, isFinished: true }
    const point = parsePoint(value)
    if (point === undefined) break
    points.push(point)
  }
  return { head, points, isFinished: false }
}

function valueOf(line: string): unknown {
  const text = line.slice(9)
  if (line.slice(0, 9) !== `${crc32(text).toString(16).padStart(8, '0')} `) return undefined
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function parseHead(value: unknown): LogHead | undefined {
  if (!isObject(value) || value['format'] !== FORMAT || value['version'] !== VERSION) return undefined
  return isObject(value['identity'])
    ? { identity: value['identity'] as unknown as RunIdentity, note: value['note'] ?? null }
    : undefined
}

function parsePoint(value: unknown): RecordedPoint | undefined {
  if (!isObject(value)) return undefined
  const { point, position, values, stores } = value
  if (!isCount(point) || !isObject(position) || !isObject(values) || !isObject(stores)) return undefined
  const { actions, at, steps, reversed } = position
  if (
    !isCount(actions) ||
    !isCount(reversed) ||
    !(at === null || isCount(at)) ||
    !(steps === null || isCount(steps))
  )
    return undefined
  const { state, adjoint, final, results } = values
  if (![state, adjoint, final].every((it) => it === undefined || isValue(it))) return undefined
  if (!Array.isArray(results) || !results.every(isValue)) return undefined
  if (!Object.values(stores).every(isStore)) return undefined
  return value as unknown as RecordedPoint
}

function isValue(value: unknown): value is RecordedValue {
  return isObject(value) && isCount(value['file']) && isCount(value['bytes']) && isCount(value['crc'])
}

function isStore(value: unknown): value is RecordedStore {
  if (!isObject(value) || !isCount(value['number']) || !isCount(value['slotBytes'])) return false
  return Array.isArray(value['entries']) && value['entries'].every(isEntry)
}

function isEntry(value: unknown): value is RecordedEntry {
  if (!isObject(value)) return false
  const { step, kind, format, payloadBytes, headBytes, partBytes, slot, file } = value
  if (![step, payloadBytes, headBytes].every(isCount)) return false
  if ((kind !== 'restart' && kind !== 'dependency') || (format !== 0 && format !== 1)) return false
  if (!Array.isArray(partBytes) || !partBytes.every(isCount)) return false
  const bytes = partBytes.reduce((sum, part) => sum + part, headBytes as number)
  return bytes === payloadBytes && (slot === null ? isCount(file) : isCount(slot) && file === null)
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0
}
