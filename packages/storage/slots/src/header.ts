/**
 * The header of each checkpoint in a file, so that one is never mistaken for another. 64 bytes, little-endian:
 *
 * ```
 * 0      4         6      7        8      16               24            32      56            60           64
 * | CSCK | version | kind | format | step | payload length | head length | zeros | payload sum | header crc | payload …
 * ```
 *
 * Both checksums are filled in when the bytes are written: that of the payload is the medium's; the header's, a crc32, covers everything before it.
 */
import type { CheckpointKind } from '@checkpoint-schedules/core'
import { crc32 } from './crc32.js'

/**
 * The bytes of the header of a checkpoint. What follows them is covered by the medium's checksum.
 *
 * @example
 * ```ts
 * import { HEADER_BYTES } from '@checkpoint-schedules/storage-slots'
 *
 * HEADER_BYTES // 64
 * ```
 */
export const HEADER_BYTES = 64
const SUMS_AT = HEADER_BYTES - 8
const MAGIC = 0x4b435343 // "CSCK", little-endian
const VERSION = 1
const kinds: readonly CheckpointKind[] = ['restart', 'dependency']

/** What a header records about its checkpoint. */
export interface Header {
  readonly kind: CheckpointKind
  /** The payload is the codec's bytes (0), or a tree's head followed by its large arrays (1). */
  readonly format: 0 | 1
  readonly step: number
  readonly payloadBytes: number
  /** The bytes of the payload before the first large array. */
  readonly headBytes: number
}

/** Writes `header` to the front of `bytes`, without the checksums. */
export function writeHeader(bytes: Uint8Array, header: Header): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, HEADER_BYTES)
  view.setUint32(0, MAGIC, true)
  view.setUint16(4, VERSION, true)
  view.setUint8(6, kinds.indexOf(header.kind))
  view.setUint8(7, header.format)
  view.setFloat64(8, header.step, true)
  view.setFloat64(16, header.payloadBytes, true)
  view.setFloat64(24, header.headBytes, true)
}

/**
 * Fills in the checksums of a checkpoint that begins with `front`, for threads that write it.
 *
 * @param payloadSum - The medium's checksum of all that follows the header.
 * @example
 * ```ts
 * import { type Checksum, HEADER_BYTES, seal } from '@checkpoint-schedules/storage-slots'
 *
 * const sealed = (front: Uint8Array, parts: readonly ArrayBuffer[], checksum: Checksum) => {
 *   let sum = checksum(front.subarray(HEADER_BYTES))
 *   for (const part of parts) sum = checksum(new Uint8Array(part), sum)
 *   seal(front, sum)
 * }
 * ```
 */
export function seal(front: Uint8Array, payloadSum: number): void {
  const view = new DataView(front.buffer, front.byteOffset, HEADER_BYTES)
  view.setUint32(SUMS_AT, payloadSum, true)
  view.setUint32(SUMS_AT + 4, crc32(front.subarray(0, SUMS_AT + 4)), true)
}

/**
 * The checksum of the payload that was filled in, for threads that read again what may have changed on its way.
 *
 * @example
 * ```ts
 * import { HEADER_BYTES, seal, sealedSum } from '@checkpoint-schedules/storage-slots'
 *
 * const front = new Uint8Array(HEADER_BYTES)
 * seal(front, 7)
 * sealedSum(front) // 7
 * ```
 */
export function sealedSum(front: Uint8Array): number {
  return new DataView(front.buffer, front.byteOffset, HEADER_BYTES).getUint32(SUMS_AT, true)
}

/** Why the checkpoint that begins with `bytes` is not the expected one; `undefined` if it is. */
export function faultOf(bytes: Uint8Array, expected: Header, payloadSum: number): string | undefined {
  if (bytes.length < HEADER_BYTES) return `its header has ${bytes.length} of ${HEADER_BYTES} bytes`
  const view = new DataView(bytes.buffer, bytes.byteOffset, HEADER_BYTES)
  if (view.getUint32(0, true) !== MAGIC) return 'it does not begin with CSCK'
  if (view.getUint32(SUMS_AT + 4, true) !== crc32(bytes.subarray(0, SUMS_AT + 4)))
    return 'its header does not match its checksum'
  const version = view.getUint16(4, true)
  if (version !== VERSION) return `its version is ${version}, not ${VERSION}`
  const step = view.getFloat64(8, true)
  if (step !== expected.step) return `it is of step ${step}`
  const kind = kinds[view.getUint8(6)]
  if (kind !== expected.kind) return `it is ${kind ?? 'unknown'} data, not ${expected.kind} data`
  if (view.getUint8(7) !== expected.format || view.getFloat64(24, true) !== expected.headBytes)
    return 'it has another format'
  const length = view.getFloat64(16, true)
  if (length !== expected.payloadBytes) return `it has ${length} bytes, not ${expected.payloadBytes}`
  if (view.getUint32(SUMS_AT, true) !== payloadSum) return 'its bytes do not match their checksum'
  return undefined
}
