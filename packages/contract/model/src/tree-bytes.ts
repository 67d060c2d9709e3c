/**
 * A tree as bytes and back.
 *
 * ```
 * | "CST1" | length of the skeleton: u32 | skeleton: JSON | padding to 8 | payload |
 * ```
 *
 * The skeleton says the tree's shape: `0` is a number, `["Float64Array", 3]` a typed array, `["[", …]` an array,
 * `["n", 3]` an array of numbers only, `["{", [key, …], …]` a plain object, `["o", [key, …], …]` one without a prototype, `["s", text]`
 * a string, and true, false and null are themselves. The payload has the numbers and typed arrays in order, little-endian, each at
 * a multiple of 8. Bytes may come from anywhere, so every length is
 * checked before anything is allocated.
 */
import { CheckpointScheduleError } from '@checkpoint-schedules/core'
import { isTypedArray, type Tree, type TypedArray } from './tree.js'

const MAGIC = 0x31545343 // "CST1", little-endian
/** The longest skeleton, in bytes. */
export const MOST_SKELETON = 2 ** 26
/** The most levels of a value. */
export const MOST_LEVELS = 100
/** The most levels of what is read: stores and codecs may wrap a value before they encode it. */
const MOST_READ_LEVELS = MOST_LEVELS + 20

type Skeleton = number | string | boolean | null | Skeleton[]

interface TypedArrayType {
  new (buffer: ArrayBuffer): TypedArray
  new (array: TypedArray): TypedArray
  readonly BYTES_PER_ELEMENT: number
  readonly prototype: object
}

/** The types of typed arrays, by name. */
export const typedArrays: Record<TypedArray[typeof Symbol.toStringTag], TypedArrayType> = {
  Int8Array,
  Uint8Array,
  Uint8ClampedArray,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  BigInt64Array,
  BigUint64Array,
  Float32Array,
  Float64Array,
}

/** Node's Buffer, which is a Uint8Array with its own prototype; `undefined` elsewhere. */
const nodeBuffer = (globalThis as { Buffer?: { readonly prototype: object } }).Buffer

/** Whether the value is a Buffer of Node. */
export function isNodeBuffer(value: object): boolean {
  return nodeBuffer !== undefined && Object.getPrototypeOf(value) === nodeBuffer.prototype
}

/** The bytes as a Buffer, if there are Buffers. */
export function asNodeBuffer(bytes: TypedArray): TypedArray {
  if (nodeBuffer !== undefined) Object.setPrototypeOf(bytes, nodeBuffer.prototype)
  return bytes
}

const padded = (length: number) => Math.ceil(length / 8) * 8

/** The tree as bytes. Refuses nothing: check the tree first. */
export function encodeTree(value: Tree): Uint8Array {
  const parts: Uint8Array[] = []
  const text = new TextEncoder().encode(JSON.stringify(skeletonOf(value, parts)))
  const start = padded(8 + text.length)
  const bytes = new Uint8Array(parts.reduce((length, part) => length + padded(part.length), start))
  const view = new DataView(bytes.buffer)
  view.setUint32(0, MAGIC, true)
  view.setUint32(4, text.length, true)
  bytes.set(text, 8)
  let at = start
  for (const part of parts) {
    bytes.set(part, at)
    at += padded(part.length)
  }
  return bytes
}

function skeletonOf(value: Tree, parts: Uint8Array[]): Skeleton {
  if (typeof value === 'number') {
    parts.push(new Uint8Array(Float64Array.of(value).buffer))
    return 0
  }
  if (typeof value === 'string') return ['s', value]
  if (typeof value === 'boolean' || value === null) return value
  if (isTypedArray(value)) {
    parts.push(new Uint8Array(value.buffer, value.byteOffset, value.byteLength))
    return [isNodeBuffer(value) ? 'Buffer' : value[Symbol.toStringTag], value.length]
  }
  if (Array.isArray(value)) return listSkeletonOf(value, parts)
  const skeleton: Skeleton[] = [Object.getPrototypeOf(value) === null ? 'o' : '{']
  for (const [key, item] of Object.entries(value)) skeleton.push([key, skeletonOf(item, parts)])
  return skeleton
}

/** Whether the list holds numbers and nothing else, not even holes. */
export function isNumbers(list: readonly unknown[]): boolean {
  for (let i = 0; i < list.length; i++) if (typeof list[i] !== 'number') return false
  return list.length > 0
}

function listSkeletonOf(list: readonly Tree[], parts: Uint8Array[]): Skeleton {
  if (isNumbers(list)) {
    parts.push(new Uint8Array(Float64Array.from(list as readonly number[]).buffer))
    return ['n', list.length]
  }
  const skeleton: Skeleton[] = ['[']
  for (const item of list) skeleton.push(skeletonOf(item, parts))
  return skeleton
}

/**
 * The tree that `encodeTree` made bytes from.
 *
 * @throws `INVALID_FILE`
 */
export function decodeTree(bytes: Uint8Array): Tree {
  if (bytes.length < 8) throw damaged(`${bytes.length} bytes are too few`)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  if (view.getUint32(0, true) !== MAGIC) throw damaged('they do not begin with CST1')
  const length = view.getUint32(4, true)
  if (length > MOST_SKELETON || 8 + length > bytes.length)
    throw damaged(`a skeleton of ${length} bytes does not fit`)
  let skeleton: unknown
  try {
    skeleton = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(8, 8 + length)))
  } catch (cause) {
    throw damaged('the skeleton is not JSON', cause)
  }
  const reader = { bytes, at: padded(8 + length) }
  const tree = readTree(skeleton, reader, 0)
  if (reader.at !== bytes.length) throw damaged(`${bytes.length - reader.at} bytes are left over`)
  return tree
}

interface Reader {
  readonly bytes: Uint8Array
  at: number
}

function readTree(skeleton: unknown, reader: Reader, level: number): Tree {
  if (level > MOST_READ_LEVELS) throw damaged('the skeleton is too deep')
  if (skeleton === 0) return new Float64Array(take(reader, 8))[0]!
  if (skeleton === null || typeof skeleton === 'boolean') return skeleton
  if (!Array.isArray(skeleton)) throw damaged('the skeleton has an unknown part')
  const [tag, ...rest] = skeleton as unknown[]
  if (tag === '[') return rest.map((item) => readTree(item, reader, level + 1))
  if (tag === '{' || tag === 'o')
    return readObject(rest, reader, level, tag === 'o' ? null : Object.prototype)
  if (tag === 's' && rest.length === 1 && typeof rest[0] === 'string') return rest[0]
  if (rest.length === 1 && typeof tag === 'string') return readArray(tag, rest[0], reader)
  throw damaged('the skeleton has an unknown part')
}

function readArray(tag: string, length: unknown, reader: Reader): Tree {
  const name = tag === 'n' ? 'Float64Array' : tag === 'Buffer' ? 'Uint8Array' : tag
  if (!Object.hasOwn(typedArrays, name)) throw damaged('the skeleton has an unknown part')
  if (!Number.isSafeInteger(length) || (length as number) < 0) throw damaged('an array has no length')
  const TypedArray = typedArrays[name as keyof typeof typedArrays]
  const array = new TypedArray(take(reader, (length as number) * TypedArray.BYTES_PER_ELEMENT))
  if (tag === 'n') return Array.from(array as Float64Array)
  return tag === 'Buffer' ? asNodeBuffer(array) : array
}

function readObject(entries: unknown[], reader: Reader, level: number, prototype: object | null): Tree {
  const object: Record<string, Tree> = Object.create(prototype)
  for (const entry of entries) {
    if (!Array.isArray(entry) || entry.length !== 2 || typeof entry[0] !== 'string')
      throw damaged('an object has no keys')
    const key = entry[0]
    if (key === '__proto__' || Object.hasOwn(object, key))
      throw damaged(`the key ${JSON.stringify(key)} is not allowed`)
    object[key] = readTree(entry[1], reader, level + 1)
  }
  return object
}

function take(reader: Reader, length: number): ArrayBuffer {
  if (length > reader.bytes.length - reader.at) throw damaged('they end too early')
  // A copy, at a multiple of 8: slice of Node's Buffer would be a view.
  const part = new Uint8Array(length)
  part.set(reader.bytes.subarray(reader.at, reader.at + length))
  reader.at += padded(length)
  return part.buffer
}

function damaged(why: string, cause?: unknown): CheckpointScheduleError {
  const settings = cause === undefined ? {} : { cause }
  return new CheckpointScheduleError(
    'INVALID_FILE',
    `treeCodec: these bytes are not an encoded tree: ${why}.`,
    settings,
  )
}
