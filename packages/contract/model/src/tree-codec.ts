/**
 * The default codec: values that are trees of plain data. Copies are independent, numbers keep their bits (-0 and NaN with
 * its payload in typed arrays), and what it cannot hold it refuses by name.
 */
import { CheckpointScheduleError } from '@checkpoint-schedules/core'
import type { Codec } from './codec.js'
import { isTypedArray, type Tree } from './tree.js'
import { decodeTree, encodeTree } from './tree-bytes.js'

const MOST_LEVELS = 100

/**
 * A codec for trees of typed arrays, arrays, plain objects, numbers, strings, booleans and null.
 *
 * A view copies only its part. Cost of a copy: O(bytes).
 *
 * @throws `INVALID_VALUE` (from `clone`, `byteLength`, `encode`): something else is in the value, such as a Map, `undefined`, a
 * class instance, or a view of a SharedArrayBuffer; the message names where.
 * @throws `INVALID_FILE` (from `decode`): the bytes were not made by `encode`, or are damaged.
 * @example
 * ```ts
 * import { treeCodec } from '@checkpoint-schedules/driver'
 *
 * treeCodec.byteLength({ u: new Float64Array(100), time: 0.5 }) // 808
 * ```
 */
export const treeCodec: Codec<unknown> = {
  clone: (value) => cloneTree(value, 'value', 0),
  byteLength: (value) => measureTree(value, 'value', 0),
  encode(value) {
    measureTree(value, 'value', 0) // refuses what cannot be held
    return encodeTree(value as Tree)
  },
  decode: decodeTree,
}

function cloneTree(value: unknown, path: string, level: number): unknown {
  if (isLeaf(value)) return value
  check(value, path, level)
  if (isTypedArray(value)) return value.slice()
  if (Array.isArray(value)) return value.map((item, i) => cloneTree(item, `${path}[${i}]`, level + 1))
  const copy: Record<string, unknown> = Object.create(Object.getPrototypeOf(value))
  for (const key of Object.keys(value)) {
    copy[key] = cloneTree((value as Record<string, unknown>)[key], `${path}.${key}`, level + 1)
  }
  return copy
}

function measureTree(value: unknown, path: string, level: number): number {
  if (isLeaf(value)) return typeof value === 'number' ? 8 : typeof value === 'string' ? 2 * value.length : 1
  check(value, path, level)
  if (isTypedArray(value)) return value.byteLength
  let bytes = 0
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i++) bytes += measureTree(value[i], `${path}[${i}]`, level + 1)
  } else {
    for (const key of Object.keys(value)) {
      bytes += measureTree((value as Record<string, unknown>)[key], `${path}.${key}`, level + 1)
    }
  }
  return bytes
}

function isLeaf(value: unknown): value is number | string | boolean | null {
  return (
    value === null || typeof value === 'number' || typeof value === 'string' || typeof value === 'boolean'
  )
}

function check(value: unknown, path: string, level: number): asserts value is object {
  if (typeof value !== 'object' || value === null)
    throw refused(path, value === undefined ? 'undefined' : `a ${typeof value}`)
  if (level > MOST_LEVELS) throw refused(path, `more than ${MOST_LEVELS} levels deep (a cycle?)`)
  if (isTypedArray(value)) {
    if (typeof SharedArrayBuffer !== 'undefined' && value.buffer instanceof SharedArrayBuffer) {
      throw refused(path, 'a view of a SharedArrayBuffer')
    }
    return
  }
  if (Array.isArray(value)) return
  const object: object = value
  const prototype: object | null = Object.getPrototypeOf(object)
  if (prototype === null) return
  // Plain objects of another realm (a worker, an iframe) have another Object.prototype.
  if (
    Object.getPrototypeOf(prototype) !== null ||
    ArrayBuffer.isView(object) ||
    !Object.hasOwn(prototype, 'isPrototypeOf')
  ) {
    throw refused(path, `a ${prototype.constructor?.name || 'class instance'}`)
  }
  if (Object.hasOwn(object, '__proto__')) throw refused(`${path}.__proto__`, 'a key that is not allowed')
  if (Object.getOwnPropertySymbols(object).length > 0) throw refused(path, 'an object with symbol keys')
}

function refused(path: string, what: string): CheckpointScheduleError {
  return new CheckpointScheduleError(
    'INVALID_VALUE',
    `treeCodec: ${path} is ${what}; it holds typed arrays, arrays, plain objects, numbers, strings, booleans and null. ` +
      'Change the value, or give the model a codec of its own in model.codecs.',
    { details: { path } },
  )
}
