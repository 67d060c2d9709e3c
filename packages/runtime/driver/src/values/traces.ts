/** The memory that a value is made of, and whether something was written to it since. */
import { isTypedArray } from '@checkpoint-schedules/model'
import { hashPart, hashText } from '../replay/hash.js'

const FEW_PARTS = 8
const ITEMS = 32
const SMALL_BYTES = 64

/** The typed arrays and objects that a value is made of, the first few of them. */
export function partsOf(value: unknown, found: object[] = []): object[] {
  if (!isObject(value) || found.length === FEW_PARTS) return found
  found.push(value)
  if (isTypedArray(value)) return found
  if (Array.isArray(value)) for (let i = 0; i < value.length && i < ITEMS; i++) partsOf(value[i], found)
  else if (mayLookInto(value)) for (const key in value) partsOf(value[key as keyof typeof value], found)
  return found
}

/** The memory of a part and what was in it. It is not kept alive for this. */
export interface Memory {
  readonly part: WeakRef<object>
  /** Of a typed array. */
  readonly buffer: WeakRef<ArrayBufferLike> | undefined
  readonly from: number
  readonly to: number
  readonly content: number
}

/** The memory of a value's parts, with what is in it now. Of a large array a part is looked at. */
export function tracesOf(value: unknown): Memory[] {
  return partsOf(value).map((part) => {
    const isArray = isTypedArray(part)
    const from = isArray ? part.byteOffset : 0
    const to = isArray ? from + part.byteLength : 0
    const buffer = isArray ? new WeakRef(part.buffer) : undefined
    return { part: new WeakRef(part), buffer, from, to, content: contentOf(part) }
  })
}

/** Whether a part of the value is in this memory. */
export function isIn(value: unknown, memory: readonly Memory[], thorough: boolean): boolean {
  if (memory.length === 0) return false
  if (isTypedArray(value)) return isPartIn(value, memory, thorough)
  return partsOf(value).some((part) => isPartIn(part, memory, thorough))
}

function isPartIn(part: object, memory: readonly Memory[], thorough: boolean): boolean {
  if (!isTypedArray(part) || (!thorough && part.byteLength <= SMALL_BYTES))
    return memory.some((it) => it.part.deref() === part)
  const { byteOffset, byteLength } = part
  return memory.some(
    ({ buffer, from, to }) =>
      byteOffset < to && from < byteOffset + byteLength && part.buffer === buffer?.deref(),
  )
}

/** Whether something was written to the memory since. */
export function wasWritten({ part, buffer, from, to, content }: Memory): boolean {
  if (buffer === undefined) {
    const object = part.deref()
    return object !== undefined && contentOf(object) !== content
  }
  const bytes = buffer.deref()
  if (bytes === undefined) return false
  try {
    return contentOf(new Uint8Array(bytes, from, to - from)) !== content
  } catch {
    return true // the memory is gone: handed to another thread
  }
}

/** What is in an array, or directly in an object. */
function contentOf(part: object): number {
  if (isTypedArray(part)) {
    const { buffer, byteOffset, byteLength } = part
    return hashPart(new Uint8Array(buffer, byteOffset, byteLength), byteLength)
  }
  const items: unknown[] = Array.isArray(part) ? part.slice(0, ITEMS) : Object.values(part)
  return hashText(
    items
      .filter((item) => !isObject(item))
      .map(textOf)
      .join(' '),
  )
}

function textOf(item: unknown): string {
  return Object.is(item, -0) ? '-0' : String(item)
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}

/** What is of a class is its codec's business. */
function mayLookInto(object: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(object)
  return prototype === Object.prototype || prototype === null
}
