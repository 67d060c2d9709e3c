/**
 * What a tree may be made of. Everything that would come back from a file as something else, or that copying would tear apart, is
 * refused by name: so a tree is the same wherever a schedule keeps it.
 */
import { CheckpointScheduleError } from '@checkpoint-schedules/core'
import { overlaps } from './memory.js'
import { isTypedArray, type TypedArray } from './tree.js'
import { isNodeBuffer, isNumbers, MOST_LEVELS, MOST_SKELETON, typedArrays } from './tree-bytes.js'

/** Named properties of longer arrays are not looked for: listing the keys of a typed array takes time for each element. */
const MOST_LISTED = 2 ** 12

const objectPrototypes = new Set<object>([Object.prototype])
const arrayPrototypes = new Set<object>([Array.prototype])
const typedPrototypes = new Set<object>(Object.values(typedArrays).map(({ prototype }) => prototype))

/** Whether the typed array is of a built-in type, of any realm, or Node's Buffer; subclasses are not. */
export function isBuiltInArray(array: TypedArray): boolean {
  const prototype: object = Object.getPrototypeOf(array)
  return typedPrototypes.has(prototype) || isNodeBuffer(array) || depthOf(prototype) === 2
}

/** Whether the array has the prototype of an array, of any realm. */
export function isBuiltInList(list: readonly unknown[]): boolean {
  const prototype: object | null = Object.getPrototypeOf(list)
  if (prototype === null) return false
  return arrayPrototypes.has(prototype) || (Array.isArray(prototype) && depthOf(prototype) === 1)
}

/** Whether the object is plain: made by `{}`, in any realm, or without a prototype. */
export function isPlainObject(object: object): boolean {
  const prototype: object | null = Object.getPrototypeOf(object)
  if (prototype === null || objectPrototypes.has(prototype)) return true
  return (
    Object.getPrototypeOf(prototype) === null &&
    !ArrayBuffer.isView(object) &&
    Object.hasOwn(prototype, 'isPrototypeOf')
  )
}

/** Prototypes above this one. */
function depthOf(prototype: object): number {
  let depth = 0
  for (let it: object | null = prototype; (it = Object.getPrototypeOf(it)) !== null;) depth += 1
  return depth
}

/** Whether the array has lost its memory: handed to a worker, or its WebAssembly memory grew. */
export function isDetached(array: TypedArray): boolean {
  if (array.byteLength > 0) return false // without asking for the buffer, which takes time in a small array
  let view: Uint8Array | undefined
  try {
    view = new Uint8Array(array.buffer)
  } catch {
    view = undefined
  }
  return view === undefined
}

/** Whether the array stands on memory that other threads may write. */
export function isShared({ buffer }: TypedArray): boolean {
  return typeof SharedArrayBuffer !== 'undefined' && buffer instanceof SharedArrayBuffer
}

/** A part of a tree that can be written, and its place. */
interface Part {
  readonly path: string
  readonly part: object
}

/**
 * Refuses what is no tree. Cost: one visit of each node.
 *
 * @param settings - `thorough`: look for named properties of arrays too, at a cost for each of their elements (typed arrays of up to
 * 4,096 elements).
 * @throws `INVALID_VALUE`: the message names the part.
 * @example
 * ```ts
 * import { checkTree } from '@checkpoint-schedules/model'
 *
 * checkTree({ u: new Float64Array(100) }, { thorough: true })
 * ```
 */
export function checkTree(value: unknown, { thorough = false } = {}): void {
  let text = 0
  const visit = (node: unknown, path: string, level: number): void => {
    text += 32
    if (typeof node === 'string') text += 6 * node.length // the longest escape of a character
    if (node === null || ['number', 'string', 'boolean'].includes(typeof node)) return
    if (typeof node !== 'object') throw refused(path, node === undefined ? 'undefined' : `a ${typeof node}`)
    if (level > MOST_LEVELS) throw refused(path, `more than ${MOST_LEVELS} levels deep (a cycle?)`)
    if (Array.isArray(node)) {
      checkList(node, path, thorough)
      if (isNumbers(node)) return
      for (let i = 0; i < node.length; i++) visit(node[i], `${path}[${i}]`, level + 1)
    } else if (ArrayBuffer.isView(node)) checkArray(node, path, thorough)
    else {
      checkObject(node, path)
      for (const key of Object.keys(node)) {
        text += 6 * key.length
        visit((node as Record<string, unknown>)[key], `${path}.${key}`, level + 1)
      }
    }
  }
  visit(value, 'value', 0)
  if (text > MOST_SKELETON) throw refused('value', 'too many fields and too much text')
}

/**
 * Refuses a tree of which two fields share memory: what is written to one is seen in the other, until a copy separates them.
 *
 * @throws `INVALID_VALUE`: the message names both fields.
 * @example
 * ```ts
 * import { checkApart } from '@checkpoint-schedules/model'
 *
 * const u = new Float64Array(4)
 * checkApart([u.subarray(0, 2), u.subarray(2)])
 * ```
 */
export function checkApart(tree: unknown): void {
  if (typeof tree !== 'object' || tree === null || isTypedArray(tree)) return
  const twice = firstShared(tree)
  if (twice === undefined) return
  const [a, b] = twice
  throw new CheckpointScheduleError(
    'INVALID_VALUE',
    `treeCodec: ${a} and ${b} share memory, which a copy would separate. Give each field memory of its own, or keep one of the two.`,
    { details: { path: a, other: b } },
  )
}

function checkArray(array: object, path: string, thorough: boolean): void {
  if (!isTypedArray(array)) throw refused(path, 'a DataView')
  if (!isBuiltInArray(array)) throw refused(path, `a ${nameOf(array)}, a subclass of a typed array`)
  if (isDetached(array))
    throw refused(
      path,
      'an array that has lost its memory (handed to a worker, or its WebAssembly memory grew)',
    )
  if (isShared(array)) throw refused(path, 'a view of a SharedArrayBuffer')
  if (thorough) checkNames(array, array.length, path)
}

function checkList(list: readonly unknown[], path: string, thorough: boolean): void {
  if (!isBuiltInList(list)) throw refused(path, `a ${nameOf(list)}, a subclass of Array`)
  if (thorough) checkNames(list, list.length, path)
}

function checkNames(array: object, length: number, path: string): void {
  const [symbol] = Object.getOwnPropertySymbols(array)
  if (symbol !== undefined) throw refused(path, `an array with a property ${String(symbol)}`)
  if (length > MOST_LISTED) return
  const named = Object.getOwnPropertyNames(array)
  const own = named.find((name) => name !== 'length' && !(Number(name) < length))
  if (own !== undefined) throw refused(path, `an array with a property ${JSON.stringify(own)}`)
}

function checkObject(object: object, path: string): void {
  if (!isPlainObject(object)) throw refused(path, `a ${nameOf(object)}`)
  if (Object.hasOwn(object, '__proto__')) throw refused(`${path}.__proto__`, 'a key that is not allowed')
  if (Object.getOwnPropertySymbols(object).length > 0) throw refused(path, 'an object with symbol keys')
  for (const key of Object.getOwnPropertyNames(object)) {
    const property = Object.getOwnPropertyDescriptor(object, key)!
    if (!('value' in property)) throw refused(`${path}.${key}`, 'a getter or setter')
    if (property.enumerable !== true) throw refused(`${path}.${key}`, 'a property that is not enumerable')
  }
}

function nameOf(value: object): string {
  const { constructor } = value as { constructor?: unknown }
  return (typeof constructor === 'function' && constructor.name) || 'class instance'
}

/** Two places of a tree that share memory: one object in both, or typed arrays that overlap. */
function firstShared(tree: object): [string, string] | undefined {
  const seen = new Map<object, Part[]>()
  const visit = (part: object, path: string): [string, string] | undefined => {
    const isArray = isTypedArray(part)
    const memory = isArray ? part.buffer : part
    const others = seen.get(memory) ?? []
    for (const other of others) if (overlaps(other.part, part)) return [other.path, path]
    seen.set(memory, [...others, { path, part }])
    if (isArray || (Array.isArray(part) && isNumbers(part))) return undefined
    for (const [key, item] of Object.entries(part) as [string, unknown][]) {
      if (typeof item !== 'object' || item === null) continue
      const found = visit(item, Array.isArray(part) ? `${path}[${key}]` : `${path}.${key}`)
      if (found !== undefined) return found
    }
    return undefined
  }
  return visit(tree, 'value')
}

function refused(path: string, what: string): CheckpointScheduleError {
  return new CheckpointScheduleError(
    'INVALID_VALUE',
    `treeCodec: ${path} is ${what}; it holds typed arrays, arrays, plain objects, numbers, strings, booleans and null. ` +
      'Change the value, or give the model a codec of its own in model.codecs.',
    { details: { path } },
  )
}
