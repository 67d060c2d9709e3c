/**
 * The default codec: values that are trees of plain data. Copies are independent, numbers keep their bits (-0 and NaN with
 * its payload in typed arrays), and what it cannot hold is refused by name.
 */
import type { Codec } from './codec.js'
import { isTypedArray, type Tree, type TypedArray } from './tree.js'
import {
  asNodeBuffer,
  decodeTree,
  encodeTree,
  isNodeBuffer,
  isNumbers,
  MOST_LEVELS,
  typedArrays,
} from './tree-bytes.js'
import {
  checkTree,
  isBuiltInArray,
  isBuiltInList,
  isDetached,
  isPlainObject,
  isShared,
} from './tree-check.js'

/**
 * A codec for trees of typed arrays, arrays, plain objects, numbers, strings, booleans and null. A Buffer of Node stays a Buffer.
 *
 * A view copies only its part, and fields that share memory are separated. What is read back from bytes is what was encoded, prototypes included. Cost of a copy: O(bytes).
 *
 * @throws `INVALID_VALUE` (from `clone`, `byteLength`, `encode`): the value contains something else, such as a Map, `undefined`, a
 * class instance, a getter, or a view of a SharedArrayBuffer; the message names the place.
 * @throws `INVALID_FILE` (from `decode`): the bytes were not made by `encode`, or are damaged.
 * @example
 * ```ts
 * import { treeCodec } from '@checkpoint-schedules/driver'
 *
 * treeCodec.byteLength({ u: new Float64Array(100), time: 0.5 }) // 808
 * ```
 */
export const treeCodec: Codec<unknown> = {
  clone(value) {
    // A quick look at what is small, a thorough one at the rest.
    if (!isSurelyTree(value)) checkTree(value)
    return cloneTree(value)
  },
  byteLength(value) {
    if (!isLeaf(value)) checkTree(value)
    return measureTree(value)
  },
  encode(value) {
    checkTree(value)
    return encodeTree(value as Tree)
  },
  decode: decodeTree,
}

type Members = { readonly clone?: unknown; readonly byteLength?: unknown }

/**
 * Whether the codec copies and measures trees as `treeCodec` does; its bytes may differ.
 *
 * @example
 * ```ts
 * import { isTreeCodec, treeCodec } from '@checkpoint-schedules/model'
 *
 * isTreeCodec({ ...treeCodec, encode: () => new Uint8Array(0) }) // true
 * ```
 */
export function isTreeCodec(codec: object): boolean {
  const { clone, byteLength } = codec as Members
  const tree: Members = treeCodec
  return clone === tree.clone && byteLength === tree.byteLength
}

/**
 * The bytes of a tree, NaN for a value that is plainly not one: a quick look that allocates nothing, for each value of a run. `checkTree` says
 * what is wrong.
 *
 * @example
 * ```ts
 * import { measureTree } from '@checkpoint-schedules/model'
 *
 * measureTree({ u: new Float64Array(100), time: 0.5 }) // 808
 * measureTree(new Map()) // NaN
 * ```
 */
export function measureTree(value: unknown, level = 0): number {
  switch (typeof value) {
    case 'number':
      return 8
    case 'string':
      return 2 * value.length
    case 'boolean':
      return 1
    case 'object':
      if (value === null) return 1
      // The common case first.
      if (Object.getPrototypeOf(value) === Float64Array.prototype) return measureArray(value as Float64Array)
      if (isTypedArray(value)) return isBuiltInArray(value) ? measureArray(value) : NaN
      if (level > MOST_LEVELS) return NaN
      return Array.isArray(value) ? measureList(value, level) : measureObject(value, level)
    default:
      return NaN
  }
}

function measureArray(array: TypedArray): number {
  const { byteLength } = array
  return byteLength > 0 || !isDetached(array) ? byteLength : NaN
}

function measureList(list: readonly unknown[], level: number): number {
  if (!isBuiltInList(list)) return NaN
  let bytes = 0
  for (let i = 0; i < list.length; i++) bytes += measureTree(list[i], level + 1)
  return bytes
}

function measureObject(object: object, level: number): number {
  if (!isPlainObject(object)) return NaN
  let bytes = 0
  for (const key in object)
    if (Object.hasOwn(object, key)) bytes += measureTree(object[key as keyof typeof object], level + 1)
  return bytes
}

function cloneTree(value: unknown): unknown {
  if (isLeaf(value)) return value
  if (isTypedArray(value)) return cloneArray(value)
  if (Array.isArray(value)) return value.map((item) => cloneTree(item))
  const copy: Record<string, unknown> = Object.create(
    Object.getPrototypeOf(value) === null ? null : Object.prototype,
  )
  for (const [key, item] of Object.entries(value as object)) copy[key] = cloneTree(item)
  return copy
}

// Not by its own `slice`, which may return a view, as that of Buffer does.
function cloneArray(array: TypedArray): TypedArray {
  const copy = new typedArrays[array[Symbol.toStringTag]](array)
  return isNodeBuffer(array) ? asNodeBuffer(copy) : copy
}

function isLeaf(value: unknown): value is number | string | boolean | null {
  return (
    value === null || typeof value === 'number' || typeof value === 'string' || typeof value === 'boolean'
  )
}

/** Whether the value is a tree, except for what only a thorough look finds. */
function isSurelyTree(value: unknown): boolean {
  return measureTree(value) >= 0 && !hasOddParts(value as Tree)
}

function hasOddParts(tree: Tree): boolean {
  if (typeof tree !== 'object' || tree === null) return false
  if (isTypedArray(tree)) return isShared(tree)
  if (Array.isArray(tree)) return !isNumbers(tree) && tree.some(hasOddParts)
  return hasOddKeys(tree) || Object.values(tree).some(hasOddParts)
}

function hasOddKeys(object: object): boolean {
  return Object.hasOwn(object, '__proto__') || Object.getOwnPropertySymbols(object).length > 0
}
