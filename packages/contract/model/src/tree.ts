/** Trees of plain data: what states, tapes and adjoints are made of unless a model brings its own codecs. */

/** A typed array. */
export type TypedArray =
  | Int8Array
  | Uint8Array
  | Uint8ClampedArray
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | BigInt64Array
  | BigUint64Array
  | Float32Array
  | Float64Array

/** What the default codec holds. */
export type Tree =
  | TypedArray
  | number
  | string
  | boolean
  | null
  | readonly Tree[]
  | { readonly [key: string]: Tree }

/**
 * Whether `value` is a typed array (DataViews are not).
 *
 * @example
 * ```ts
 * import { isTypedArray } from '@checkpoint-schedules/model'
 *
 * isTypedArray(new Float64Array(3)) // true
 * ```
 */
export function isTypedArray(value: unknown): value is TypedArray {
  return ArrayBuffer.isView(value) && !(value instanceof DataView)
}
