/** A checksum for large data where there is no fast CRC: in JavaScript that would be several times slower than this, and than the files. */

const FACTOR = 0x9e3779b1 // odd, so that each step is one to one

/**
 * 32 bits that change with any changed word, and with all but one in 2^32 of other changes. Pieces must be divided the same way each
 * time.
 *
 * @example
 * ```ts
 * import { fastChecksum } from '@checkpoint-schedules/storage-slots'
 *
 * fastChecksum(Uint8Array.of(1, 2, 3)) === fastChecksum(Uint8Array.of(1, 2, 4)) // false
 * ```
 */
export function fastChecksum(bytes: Uint8Array, before = 0): number {
  // Words are read at multiples of 4.
  const { buffer, byteOffset, length } = bytes.byteOffset % 4 === 0 ? bytes : bytes.slice()
  const words = new Int32Array(buffer, byteOffset, length >> 2)
  let [a, b, c, d, e, f, g, h] = [1, 2, 3, 4, 5, 6, 7, 8]
  const whole = words.length & ~7
  // Eight lanes, so that the processor works on eight multiplications at a time.
  for (let i = 0; i < whole; i += 8) {
    a = mixed(a, words[i]!)
    b = mixed(b, words[i + 1]!)
    c = mixed(c, words[i + 2]!)
    d = mixed(d, words[i + 3]!)
    e = mixed(e, words[i + 4]!)
    f = mixed(f, words[i + 5]!)
    g = mixed(g, words[i + 6]!)
    h = mixed(h, words[i + 7]!)
  }
  let sum = before ^ length
  for (const lane of [a, b, c, d, e, f, g, h]) sum = mixed(sum, lane)
  for (let i = whole; i < words.length; i++) sum = mixed(sum, words[i]!)
  for (let i = 4 * words.length; i < length; i++) sum = mixed(sum, bytes[i]!)
  return sum >>> 0
}

function mixed(sum: number, word: number): number {
  return Math.imul(((sum << 13) | (sum >>> 19)) ^ word, FACTOR)
}
