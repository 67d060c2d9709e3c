/** The shapes of the lines in a log. Every number is bounded, and no two values or checkpoints share a place. */
import type { RunIdentity } from '@checkpoint-schedules/model'
import { HEADER_BYTES } from './header.js'
import type { RecordedPoint, RecordedValue } from './journal-log.js'
import { LARGE_BYTES } from './packed.js'
import type { RecordedEntry, RecordedStore } from './retained.js'
import { ROUND_BYTES } from './slots.js'

const MOST = 2 ** 52 // so that the next number is exact too

/**
 * Whether a value of JSON is an object.
 *
 * @example
 * ```ts
 * import { isObject } from '@checkpoint-schedules/storage-slots'
 *
 * isObject([]) // false
 * ```
 */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/**
 * Whether a value of JSON is a count or a number that names something: an integer from 0, small enough that the next one is exact too.
 *
 * @example
 * ```ts
 * import { isCount } from '@checkpoint-schedules/storage-slots'
 *
 * isCount(-1) // false
 * ```
 */
export function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) < MOST
}

export function isIdentity(value: unknown): value is RunIdentity {
  if (!isObject(value)) return false
  const { schedule, options, steps, adjoints, model, initialState, terminalAdjoint } = value
  const isText = (it: unknown) => typeof it === 'string'
  return (
    isText(schedule) &&
    isObject(options) &&
    (steps === null || isCount(steps)) &&
    isCount(adjoints) &&
    (model === null || isText(model)) &&
    isText(initialState) &&
    (terminalAdjoint === null || isText(terminalAdjoint))
  )
}

export function isPoint(value: unknown): value is RecordedPoint {
  if (!isObject(value)) return false
  const { point, position, values, stores, isShared = false } = value
  if (typeof isShared !== 'boolean') return false
  if (!isCount(point) || !isPosition(position) || !isObject(values) || !isObject(stores)) return false
  const { state, adjoint, final, results } = values
  if (!Array.isArray(results) || !results.every(isValue)) return false
  const ones = [state, adjoint, final].filter((it) => it !== undefined)
  if (!ones.every(isValue) || !areDistinct([...ones, ...results].map(({ file }) => file))) return false
  const all = Object.values(stores)
  return all.every(isStore) && areDistinct(all.map(({ number }) => number))
}

function isPosition(value: unknown): boolean {
  if (!isObject(value)) return false
  const { actions, at, steps, reversed, forwardSteps } = value
  return (
    [actions, reversed, forwardSteps].every(isCount) &&
    (at === null || isCount(at)) &&
    (steps === null || isCount(steps))
  )
}

function isValue(value: unknown): value is RecordedValue {
  return isObject(value) && isCount(value['file']) && isCount(value['bytes']) && isCount(value['crc'])
}

function isStore(value: unknown): value is RecordedStore {
  if (!isObject(value)) return false
  const { number, slotBytes, entries } = value
  if (!isCount(number) || !isCount(slotBytes) || slotBytes % ROUND_BYTES !== 0) return false
  if (!Array.isArray(entries) || !entries.every((it) => isEntry(it, slotBytes))) return false
  const places = entries.map(({ slot, file }) => (slot === null ? `file ${file}` : `slot ${slot}`))
  return areDistinct(entries.map(({ step }) => step)) && areDistinct(places)
}

function isEntry(value: unknown, slotBytes: number): value is RecordedEntry {
  if (!isObject(value)) return false
  const { step, kind, format, payloadBytes, headBytes, partBytes, slot, file } = value
  if (![step, payloadBytes, headBytes].every(isCount)) return false
  if ((kind !== 'restart' && kind !== 'dependency') || (format !== 0 && format !== 1)) return false
  // Parts are large, so the size of the file bounds their number.
  if (!Array.isArray(partBytes) || !partBytes.every((part) => isCount(part) && part >= LARGE_BYTES))
    return false
  const bytes = partBytes.reduce((sum, part) => sum + part, headBytes as number)
  if (bytes !== payloadBytes) return false
  if (slot === null) return isCount(file)
  return isCount(slot) && file === null && isCount(slot * slotBytes) && HEADER_BYTES + bytes <= slotBytes
}

function areDistinct(values: readonly unknown[]): boolean {
  return new Set(values).size === values.length
}
