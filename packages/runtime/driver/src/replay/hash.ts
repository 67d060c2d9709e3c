/** 32-bit digests of texts and arrays. Any single changed word changes the digest; for finding accidents, not attacks. */
import type { TypedArray } from '@checkpoint-schedules/model'

const FACTOR = 0x9e3779b1 // odd, so that each step of the digest is one to one

/** What stands for a large array where only a part of it is looked at: this many bytes, somewhere else for each `part`. */
export const PART_BYTES = 4096

/** The digest of a text. */
export function hashText(text: string): number {
  let hash = text.length
  for (let i = 0; i < text.length; i++) hash = mixed(hash, text.charCodeAt(i))
  return hash
}

/** The digest of an array, of a large one that of the part of this number. */
export function hashPart(array: TypedArray, part: number): number {
  return hashArray(partOf(array, part))
}

function partOf(array: TypedArray, part: number): TypedArray {
  const length = PART_BYTES / array.BYTES_PER_ELEMENT
  const parts = Math.ceil(array.length / length)
  if (parts <= 1) return array
  // Multiples of the golden ratio are spread evenly.
  const at = length * Math.floor(((Math.imul(part, FACTOR) >>> 0) / 2 ** 32) * parts)
  return array.subarray(at, at + length)
}

/** The digest of an array. */
export function hashArray(array: TypedArray): number {
  const { buffer, byteOffset, byteLength } = array
  if (byteOffset % 4 !== 0 || byteLength % 4 !== 0)
    return hashUnits(new Uint8Array(buffer, byteOffset, byteLength))
  const words = new Uint32Array(buffer, byteOffset, byteLength / 4)
  return array instanceof Float64Array ? hashDoubles(words) : hashUnits(words)
}

// Four lanes, so that the processor works on four multiplications at a time.
function hashUnits(units: Uint32Array | Uint8Array): number {
  let [a, b, c, d] = [1, 2, 3, 4]
  const whole = units.length - (units.length % 4)
  for (let i = 0; i < whole; i += 4) {
    a = mixed(a, units[i]!)
    b = mixed(b, units[i + 1]!)
    c = mixed(c, units[i + 2]!)
    d = mixed(d, units[i + 3]!)
  }
  for (let i = whole; i < units.length; i++) a = mixed(a, units[i]!)
  return mixed(mixed(mixed(a, b), c), d)
}

// One NaN is as good as another: engines may change its bits from one compilation of a function to the next.
function hashDoubles(words: Uint32Array): number {
  let [a, b, c, d] = [1, 2, 3, 4]
  const whole = words.length - (words.length % 4)
  for (let i = 0; i < whole; i += 4) {
    let low = words[i]!
    let high = words[i + 1]!
    if ((high & EXPONENT) === EXPONENT && ((high & FRACTION) | low) !== 0) [low, high] = NAN
    a = mixed(a, low)
    b = mixed(b, high)
    low = words[i + 2]!
    high = words[i + 3]!
    if ((high & EXPONENT) === EXPONENT && ((high & FRACTION) | low) !== 0) [low, high] = NAN
    c = mixed(c, low)
    d = mixed(d, high)
  }
  if (whole < words.length) {
    const isNaN = Number.isNaN(new Float64Array(words.buffer, words.byteOffset)[whole / 2])
    a = mixed(a, isNaN ? NAN[0] : words[whole]!)
    b = mixed(b, isNaN ? NAN[1] : words[whole + 1]!)
  }
  return mixed(mixed(mixed(a, b), c), d)
}

// The upper word of a double.
const EXPONENT = 0x7ff00000
const FRACTION = 0xfffff
const NAN = [0, 0x7ff80000] as const

function mixed(hash: number, unit: number): number {
  return Math.imul(((hash << 13) | (hash >>> 19)) ^ unit, FACTOR)
}
