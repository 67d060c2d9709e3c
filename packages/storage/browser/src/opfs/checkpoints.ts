/** A checkpoint to a place in a file and back, with its checksum. */
import {
  type Done,
  fastChecksum,
  HEADER_BYTES,
  type Request,
  seal,
} from '@checkpoint-schedules/storage-slots'
import type { SyncHandle } from './handles.js'

type WriteRequest = Extract<Request, { do: 'write' }>
type ReadRequest = Extract<Request, { do: 'read' }>

/** A piece is summed while it is in the processor's cache. */
const PIECE_BYTES = 2 ** 18

/** Writes a checkpoint; its header last, so that an interrupted write does not look complete. */
export function writeCheckpoint(handle: SyncHandle, { at, front, parts }: WriteRequest): Done {
  let sum = fastChecksum(front.subarray(HEADER_BYTES))
  let position = at + front.length
  for (const part of parts) {
    for (const piece of piecesOf(part)) {
      sum = fastChecksum(piece, sum)
      writeAll(handle, piece, position)
      position += piece.length
    }
  }
  seal(front, sum)
  writeAll(handle, front, at)
  return { parts: [...parts] }
}

/** Reads a checkpoint, into buffers that are given, as far as there are any. */
export async function readCheckpoint(
  handle: SyncHandle,
  { at, frontBytes, partBytes, reuse }: ReadRequest,
): Promise<Done> {
  const end = partBytes.reduce((sum, bytes) => sum + bytes, at + frontBytes)
  const size = await handle.getSize()
  if (size < end) throw truncated(size, end) // before anything is allocated
  const front = new Uint8Array(frontBytes)
  readAll(handle, front, at)
  let sum = fastChecksum(front.subarray(HEADER_BYTES))
  let position = at + frontBytes
  const parts = partBytes.map((bytes, i) => reuse[i] ?? new ArrayBuffer(bytes))
  for (const part of parts) {
    for (const piece of piecesOf(part)) {
      readAll(handle, piece, position)
      sum = fastChecksum(piece, sum)
      position += piece.length
    }
  }
  return { front, parts, sum }
}

/** Writes all of `bytes`. */
export function writeAll(handle: SyncHandle, bytes: Uint8Array, at: number): void {
  for (let done = 0; done < bytes.length;) {
    const count = handle.write(bytes.subarray(done), { at: at + done })
    if (count === 0) throw coded('QuotaExceededError', 'the browser writes no more bytes')
    done += count
  }
}

/** Reads all of `bytes`. */
export function readAll(handle: SyncHandle, bytes: Uint8Array, at: number): void {
  for (let done = 0; done < bytes.length;) {
    const count = handle.read(bytes.subarray(done), { at: at + done })
    if (count === 0) throw truncated(at + done, at + bytes.length)
    done += count
  }
}

function* piecesOf(part: ArrayBuffer): Generator<Uint8Array> {
  for (let from = 0; from < part.byteLength; from += PIECE_BYTES)
    yield new Uint8Array(part, from, Math.min(PIECE_BYTES, part.byteLength - from))
}

function truncated(size: number, end: number): Error {
  return coded('TRUNCATED', `the file ends at byte ${size}; the checkpoint at byte ${end}`)
}

function coded(code: string, message: string): Error {
  return Object.assign(new Error(message), { code })
}
