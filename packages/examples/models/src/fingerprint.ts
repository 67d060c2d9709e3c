/** Identifies a model's numbers, so that checkpoints made with other numbers are not used with them. */
import type { NumericArray } from '@checkpoint-schedules/core'

/**
 * A short text for `Model.fingerprint`: the name, the plain options, and FNV-1a over the bits of each array.
 * It detects accidents, not attacks. Time: one pass over the arrays.
 */
export function fingerprint(name: string, options: object, arrays: readonly NumericArray['data'][]): string {
  return [name, JSON.stringify(options), ...arrays.map(hashed)].join(' ')
}

function hashed({ buffer, byteOffset, byteLength }: NumericArray['data']): string {
  // Both array types have lengths and offsets that are multiples of four bytes.
  const words = new Uint32Array(buffer, byteOffset, byteLength / 4)
  let forward = 0x811c9dc5
  let mixed = 0x9e3779b9
  for (let i = 0; i < words.length; i++) {
    forward = Math.imul(forward ^ words[i]!, 0x01000193)
    mixed = Math.imul(mixed ^ (words[i]! >>> 15) ^ forward, 0x85ebca6b)
  }
  return `${words.length}:${(forward >>> 0).toString(16)}${(mixed >>> 0).toString(16)}`
}
