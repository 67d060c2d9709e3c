/**
 * A state's arrays as .npy files, for numpy: `np.load('u.npy')`.
 *
 * ```
 * | \x93NUMPY 1 0 | header length: u16 | {'descr': '<f8', … } spaces \n | the array, little-endian, C order |
 * 0               8                    10                               a multiple of 64
 * ```
 */
import { open, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { type Tree, treeCodec, type TypedArray } from '@checkpoint-schedules/model'
import type { Path } from '@checkpoint-schedules/storage-slots'
import { makeDirectory } from './make-directory.js'
import { storeFailed } from './file-medium.js'
import { arraysOf } from './arrays-of.js'

const types: Readonly<Record<TypedArray[typeof Symbol.toStringTag], string>> = {
  Int8Array: '|i1',
  Uint8Array: '|u1',
  Uint8ClampedArray: '|u1',
  Int16Array: '<i2',
  Uint16Array: '<u2',
  Int32Array: '<i4',
  Uint32Array: '<u4',
  BigInt64Array: '<i8',
  BigUint64Array: '<u8',
  Float32Array: '<f4',
  Float64Array: '<f8',
}

/**
 * Writes the typed arrays of a value as .npy files to a directory, which is created if needed. A file is named after the position of
 * its array: `{ u, grid: [x, y] }` becomes `u.npy`, `grid.0.npy`, `grid.1.npy`; a value that is an array itself becomes `value.npy`.
 * Characters other than ASCII letters, digits, `_` and `-` become `_`. Numbers become zero-dimensional arrays; strings and booleans
 * are left out.
 *
 * Returns the names of the files. Cost: one write of the arrays' bytes.
 *
 * @throws `INVALID_VALUE`: the value is not a tree of plain data.
 * @throws `STORE_FAILED`: a file with that name exists (files are never overwritten), or cannot be written; no file is left then.
 * @example
 * ```ts
 * import { mkdtemp, rm } from 'node:fs/promises'
 * import { tmpdir } from 'node:os'
 * import { join } from 'node:path'
 * import { exportCheckpoint } from '@checkpoint-schedules/storage-fs'
 *
 * const directory = await mkdtemp(join(tmpdir(), 'export-'))
 * await exportCheckpoint({ u: new Float64Array(3), time: 0.5 }, directory) // [ 'u.npy', 'time.npy' ]
 * await rm(directory, { recursive: true })
 * ```
 */
export async function exportCheckpoint(value: unknown, directory: string): Promise<string[]> {
  treeCodec.byteLength(value) // throws, naming the part that is not a tree
  const names = new Set<string>()
  try {
    await makeDirectory(directory, 0o777)
    for (const { path, array, shape } of arraysOf(value as Tree)) {
      const name = nameFor(path, names)
      const file = await open(join(directory, name), 'wx')
      names.add(name)
      try {
        await file.writeFile(npyHeader(array, shape))
        await file.writeFile(new Uint8Array(array.buffer, array.byteOffset, array.byteLength))
      } finally {
        await file.close()
      }
    }
  } catch (error) {
    for (const name of names) await rm(join(directory, name), { force: true })
    throw storeFailed(`cannot export to ${directory}`, error, { directory })
  }
  return [...names]
}

function npyHeader(array: TypedArray, shape: string): Uint8Array {
  const text = `{'descr': '${types[array[Symbol.toStringTag]]}', 'fortran_order': False, 'shape': (${shape}), }`
  const length = Math.ceil((10 + text.length + 1) / 64) * 64
  const bytes = new TextEncoder().encode(`\0NUMPY\x01\0\0\0${text.padEnd(length - 11)}\n`)
  bytes[0] = 0x93
  new DataView(bytes.buffer).setUint16(8, length - 10, true)
  return bytes
}

function nameFor(path: Path, taken: ReadonlySet<string>): string {
  const plain = path.map((key) => String(key).replaceAll(/[^A-Za-z0-9_-]/g, '_')).join('.')
  const base = plain.replace(/^[.-]/, '_').slice(0, 100) || 'value'
  let name = `${base}.npy`
  // Some file systems treat u and U as the same name.
  const used = new Set(Array.from(taken, (it) => it.toLowerCase()))
  for (let i = 1; used.has(name.toLowerCase()); i++) name = `${base}-${i}.npy`
  return name
}
