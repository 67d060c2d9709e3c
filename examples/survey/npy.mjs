// NumPy files of float64 numbers, as the commands read and write them.
import { readFileSync, writeFileSync } from 'node:fs'

/** Writes a one-dimensional array. */
export function writeNpy(file, numbers) {
  const text = `{'descr': '<f8', 'fortran_order': False, 'shape': (${numbers.length},), }`
  const header = Buffer.from(`\x93NUMPY\x01\x00\x76\x00${text.padEnd(117)}\n`, 'latin1')
  writeFileSync(
    file,
    Buffer.concat([header, Buffer.from(numbers.buffer, numbers.byteOffset, numbers.byteLength)]),
  )
}

/** The numbers of an array. */
export function readNpy(file) {
  const bytes = readFileSync(file)
  if (!bytes.toString('latin1', 0, 128).includes("'<f8'")) throw new Error(`${file} has no float64 numbers`)
  return new Float64Array(Uint8Array.from(bytes.subarray(10 + bytes.readUInt16LE(8))).buffer)
}
