/**
 * Bytes that come back from Redis or a store are foreign. They begin with what they are and a checksum of all of it:
 *
 * ```
 * | "cs-part" version | run: 16 bytes | part: u32 | length: f64 | SHA-256 of all the rest: 32 bytes | body |
 *  0               7   8               24          28            36                                68
 * ```
 */
import { Buffer } from 'node:buffer'
import { createHash } from 'node:crypto'
import { CheckpointScheduleError } from '@checkpoint-schedules/core'

const MAGIC = 'cs-part'
const VERSION = 1
const SUM = 36
const HEADER = SUM + 32
/** In place of a part's number. */
export const CONTROL = 0xffff_ffff

/** What some bytes are. */
export interface Label {
  /** 32 hexadecimal digits. */
  readonly run: string
  readonly part: number
}

/** The bytes with their header. */
export function sealed({ run, part }: Label, body: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(HEADER + body.byteLength)
  const view = new DataView(bytes.buffer)
  bytes.set(Buffer.from(MAGIC, 'latin1'))
  bytes[7] = VERSION
  bytes.set(Buffer.from(run, 'hex'), 8)
  view.setUint32(24, part, true)
  view.setFloat64(28, body.byteLength, true)
  bytes.set(body, HEADER)
  bytes.set(checksumOf(bytes), SUM)
  return bytes
}

/** The body. @throws `INVALID_FILE`: the bytes are not what they should be. */
export function opened({ run, part }: Label, bytes: Uint8Array): Uint8Array {
  const what = part === CONTROL ? `the control of run ${run}` : `part ${part} of run ${run}`
  const refuse = (why: string) => {
    throw new CheckpointScheduleError('INVALID_FILE', `${what} is damaged: ${why}.`, {
      details: { run, part },
    })
  }
  if (bytes.byteLength < HEADER) refuse(`it has ${bytes.byteLength} bytes, less than its header of ${HEADER}`)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (Buffer.from(bytes.subarray(0, 7)).toString('latin1') !== MAGIC) refuse('it begins with something else')
  if (bytes[7] !== VERSION) refuse(`it has format ${bytes[7]}, and this version reads ${VERSION}`)
  const length = view.getFloat64(28, true)
  if (length !== bytes.byteLength - HEADER)
    refuse(`its header claims ${length} bytes, and ${bytes.byteLength - HEADER} are there`)
  if (!checksumOf(bytes).equals(bytes.subarray(SUM, HEADER))) refuse('its checksum is another one')
  if (Buffer.from(bytes.subarray(8, 24)).toString('hex') !== run || view.getUint32(24, true) !== part)
    refuse('it belongs to another run or part')
  return bytes.subarray(HEADER)
}

function checksumOf(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes.subarray(0, SUM)).update(bytes.subarray(HEADER)).digest()
}
