/** Copies of trees into memory that is there: as fast as a move of the bytes, where a new array must be allocated and cleared first. */
import type { Codec } from './codec.js'
import { isTypedArray, type TypedArray } from './tree.js'
import { treeCodec } from './tree-codec.js'

/**
 * `treeCodec` with `copyInto`: for states that nobody keeps. The driver then copies checkpoints into memory that it has given up before.
 *
 * With it you promise that neither the model nor `observe` keeps a state, or a part of one, that it was given or has returned before.
 * Cost of a copy: O(bytes), without an allocation where names, types and lengths are the same as before.
 *
 * @example
 * ```ts
 * import { reusingTreeCodec } from '@checkpoint-schedules/model'
 *
 * const target = new Float64Array(3)
 * reusingTreeCodec.copyInto?.(target, Float64Array.of(1, 2, 3)) // true
 * reusingTreeCodec.copyInto?.(target, Float64Array.of(1, 2)) // false
 * ```
 */
export const reusingTreeCodec: Codec<unknown> = { ...treeCodec, copyInto: copyTreeInto }

function copyTreeInto(target: unknown, source: unknown): boolean {
  if (!isObject(target) || !isObject(source)) return false
  if (Object.getPrototypeOf(target) !== Object.getPrototypeOf(source)) return false
  if (isTypedArray(source)) return copyArrayInto(target as TypedArray, source)
  const [to, from] = [target as Record<string, unknown>, source as Record<string, unknown>]
  const keys = Object.keys(from)
  const had = Object.keys(to)
  if (keys.length !== had.length || (Array.isArray(from) && from.length !== to['length'])) return false
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i]!
    if (had[i] !== key) return false
    if (!isObject(from[key])) to[key] = from[key]
    else if (!copyTreeInto(to[key], from[key])) return false
  }
  return true
}

function copyArrayInto(target: TypedArray, source: TypedArray): boolean {
  if (target.length !== source.length || source.length === 0) return false
  ;(target as Float64Array).set(source as Float64Array)
  return true
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}
