/**
 * Whether two values share memory: typed arrays that overlap, or one object or array that is in both.
 *
 * The comparison is made at every step, so it allocates nothing and looks at the first few parts of a value only.
 */
import { isTypedArray, type TypedArray } from './tree.js'

/** How many parts of a value are looked at. */
const FEW_PARTS = 8
const ITEMS = 32

/** Arrays of up to this many bytes may live inside their object; asking for the buffer moves them out, which takes as long as a small step. */
const SMALL_BYTES = 64

// What is left to look at of the two values: numbers of parts.
let left = 0
let leftOther = 0

/**
 * Whether a and b share memory.
 *
 * @param thorough - Compare the buffers of small arrays too. Otherwise those are compared by identity only.
 * @example
 * ```ts
 * import { shares } from '@checkpoint-schedules/model'
 *
 * const u = new Float64Array(100)
 * shares({ u }, [u.subarray(3)], true) // true
 * ```
 */
export function shares(a: unknown, b: unknown, thorough: boolean): boolean {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  if (isTypedArray(a) && isTypedArray(b)) return overlap(a, b, thorough)
  left = FEW_PARTS
  return hasCommonPart(a, b, thorough)
}

/** Whether two parts, each a typed array or an object, are the same memory. */
export function overlaps(a: object, b: object): boolean {
  return isTypedArray(a) && isTypedArray(b) ? overlap(a, b, true) : a === b
}

function overlap(a: TypedArray, b: TypedArray, thorough: boolean): boolean {
  const { byteLength } = a
  if (a === b) return byteLength > 0
  if (byteLength === 0 || b.byteLength === 0) return false
  if (!thorough && byteLength <= SMALL_BYTES) return false
  if (a.buffer !== b.buffer) return false
  return a.byteOffset < b.byteOffset + b.byteLength && b.byteOffset < a.byteOffset + byteLength
}

function hasCommonPart(a: object, b: object, thorough: boolean): boolean {
  if (left === 0) return false
  left -= 1
  const isArray = isTypedArray(a)
  leftOther = FEW_PARTS
  if (contains(b, a, thorough)) return true
  if (isArray) return false
  if (Array.isArray(a)) {
    for (let i = 0; i < a.length && i < ITEMS; i++)
      if (isObject(a[i]) && hasCommonPart(a[i], b, thorough)) return true
    return false
  }
  if (!mayLookInto(a)) return false
  for (const key in a) {
    const item = a[key as keyof typeof a] as unknown
    if (isObject(item) && hasCommonPart(item, b, thorough)) return true
  }
  return false
}

function contains(value: object, part: object, thorough: boolean): boolean {
  if (leftOther === 0) return false
  leftOther -= 1
  if (isTypedArray(value)) return isTypedArray(part) && overlap(value, part, thorough)
  if (value === part) return true
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length && i < ITEMS; i++)
      if (isObject(value[i]) && contains(value[i], part, thorough)) return true
    return false
  }
  if (!mayLookInto(value)) return false
  for (const key in value) {
    const item = value[key as keyof typeof value] as unknown
    if (isObject(item) && contains(item, part, thorough)) return true
  }
  return false
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}

/** Class instances are left to their codec. */
function mayLookInto(object: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(object)
  return prototype === Object.prototype || prototype === null
}
