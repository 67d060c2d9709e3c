/** Equality to the last bit: -0 is not 0, NaN is NaN, and a Float32Array is no Float64Array. */

export function sameBits(a: unknown, b: unknown): boolean {
  if (typeof a !== 'object' || a === null || typeof b !== 'object' || b === null) return Object.is(a, b)
  if (ArrayBuffer.isView(a))
    return ArrayBuffer.isView(b) && a.constructor === b.constructor && sameBytes(a, b)
  if (Array.isArray(a) !== Array.isArray(b) || ArrayBuffer.isView(b)) return false
  const names = Object.keys(a)
  return (
    names.length === Object.keys(b).length &&
    names.every((name) => Object.hasOwn(b, name) && sameBits(field(a, name), field(b, name)))
  )
}

function sameBytes(a: ArrayBufferView, b: ArrayBufferView): boolean {
  const [left, right] = [bytesOf(a), bytesOf(b)]
  return left.length === right.length && left.every((byte, i) => byte === right[i])
}

const bytesOf = (view: ArrayBufferView) => new Uint8Array(view.buffer, view.byteOffset, view.byteLength)

const field = (value: object, name: string): unknown => (value as Record<string, unknown>)[name]
