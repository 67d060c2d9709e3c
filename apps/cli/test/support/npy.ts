/** .npy files, good and bad, byte by byte. */
export interface NpyParts {
  readonly descr?: string
  readonly order?: string
  readonly shape?: string
  readonly version?: number
  /** The whole dictionary, in place of the three above. */
  readonly header?: string
  /** What the length field claims, in place of the truth. */
  readonly claims?: number
}

export function npy(data: Uint8Array, parts: NpyParts = {}): Buffer {
  const { descr = '<f8', order = 'False', shape = '()', version = 1 } = parts
  const header = Buffer.from(
    parts.header ?? `{'descr': '${descr}', 'fortran_order': ${order}, 'shape': ${shape}, }\n`,
  )
  const prefix = Buffer.from([0x93, ...Buffer.from('NUMPY'), version, 0])
  const length = Buffer.alloc(version === 1 ? 2 : 4)
  if (version === 1) length.writeUInt16LE(parts.claims ?? header.length)
  else length.writeUInt32LE(parts.claims ?? header.length)
  return Buffer.concat([prefix, length, header, data])
}

export function doubles(...values: number[]): Uint8Array {
  return new Uint8Array(Float64Array.from(values).buffer)
}
