/**
 * Reads NumPy's .npy files: versions 1 to 3, float32 or float64, little-endian, C order. Nothing else.
 *
 * Files are untrusted, so the header's claims are checked against the file's size before anything is allocated. That requires
 * parsing the header. The usual reader, `npyjs`, trusts the header; all that would be left for it is copying bytes, so it is not used.
 *
 * ```
 * | \x93NUMPY | major minor | header length: u16, u32 from version 2 | {'descr': '<f8', …}\n | numbers |
 * ```
 */
import { type FileHandle, open, stat } from 'node:fs/promises'
import { endianness } from 'node:os'
import type { NumericArray } from '@checkpoint-schedules/core'
import { fileError, systemFileError } from './file-error.js'
import { type NpyHeader, parseNpyHeader } from './npy-header.js'

const MOST_HEADER = 1 << 16
/** A single read of more than 2 GiB fails. */
const PIECE = 1 << 30

/**
 * The array in the file.
 *
 * @param dimensions - The names of its dimensions; by default it may have any.
 * @throws `INVALID_FILE` with the file's name, what was expected and what was found.
 */
export async function readNpy(path: string, dimensions?: readonly string[]): Promise<NumericArray> {
  let file: FileHandle | undefined
  try {
    // Opening a pipe or a device could block forever.
    if (!(await stat(path)).isFile()) throw fileError(path, 'expected a .npy file; it is not a regular file')
    file = await open(path, 'r')
    const { size } = await file.stat()
    const { header, start } = await readHeader(file, path, size)
    const data = allocate(path, header, start, size, dimensions)
    await readInto(file, path, data, start)
    return { data, shape: header.shape }
  } catch (error) {
    throw systemFileError(path, 'a .npy file', error)
  } finally {
    await file?.close()
  }
}

async function readHeader(
  file: FileHandle,
  path: string,
  size: number,
): Promise<{ header: NpyHeader; start: number }> {
  const prefix = Buffer.alloc(12)
  const { bytesRead } = await file.read(prefix, 0, 12, 0)
  if (bytesRead < 10 || prefix.toString('latin1', 0, 6) !== '\x93NUMPY') {
    throw fileError(
      path,
      'expected a .npy file; it does not begin with \\x93NUMPY. numpy.save writes such files',
    )
  }
  const version = prefix[6]!
  if (version < 1 || version > 3) {
    throw fileError(path, `expected .npy version 1, 2 or 3; got ${version}.${prefix[7]}`)
  }
  const from = version === 1 ? 10 : 12
  const length = version === 1 ? prefix.readUInt16LE(8) : prefix.readUInt32LE(8)
  if (length > MOST_HEADER)
    throw fileError(path, `expected a header of at most ${MOST_HEADER} bytes; it claims ${length}`)
  if (from + length > size)
    throw fileError(path, `is truncated: its header claims ${length} bytes and the file ends after ${size}`)
  const text = Buffer.alloc(length)
  await file.read(text, 0, length, from)
  const header = parseNpyHeader(text.toString(version === 3 ? 'utf8' : 'latin1'))
  if (typeof header === 'string') throw fileError(path, header)
  return { header, start: from + length }
}

function allocate(
  path: string,
  { type, shape }: NpyHeader,
  start: number,
  size: number,
  dimensions: readonly string[] | undefined,
): Float64Array | Float32Array {
  const shown = `(${shape.join(', ')})`
  if (dimensions !== undefined && shape.length !== dimensions.length) {
    throw fileError(
      path,
      `expected ${dimensions.length} dimensions (${dimensions.join(', ')}); got shape ${shown}`,
    )
  }
  if (shape.includes(0)) throw fileError(path, `expected at least one value; got shape ${shown}`)
  const count = shape.reduce((product, length) => product * length, 1)
  const expected = count * (type === 'float64' ? 8 : 4)
  const got = size - start
  if (got < expected) {
    throw fileError(path, `is truncated: shape ${shown} of ${type} takes ${expected} bytes; got ${got}`)
  }
  if (got > expected) {
    throw fileError(
      path,
      `has ${got - expected} bytes too many: shape ${shown} of ${type} takes ${expected}; got ${got}`,
    )
  }
  return type === 'float64' ? new Float64Array(count) : new Float32Array(count)
}

async function readInto(
  file: FileHandle,
  path: string,
  data: Float64Array | Float32Array,
  start: number,
): Promise<void> {
  const bytes = Buffer.from(data.buffer)
  for (let at = 0; at < bytes.length;) {
    const { bytesRead } = await file.read(bytes, at, Math.min(PIECE, bytes.length - at), start + at)
    if (bytesRead === 0) throw fileError(path, 'became shorter while it was read')
    at += bytesRead
  }
  if (endianness() === 'BE') {
    if (data.BYTES_PER_ELEMENT === 8) bytes.swap64()
    else bytes.swap32()
  }
}
