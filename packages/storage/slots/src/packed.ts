/**
 * The written form of a value: a head, and parts that are whole buffers.
 *
 * A tree's large arrays are separate parts, and the head records where they belong. So a state need not be encoded into one block
 * of bytes: its buffers are transferred, written, and read back into buffers that back the value's arrays.
 */
import { type Codec, treeCodec, type Tree, type TypedArray, withEncoded } from '@checkpoint-schedules/model'
import type { BufferPool } from './buffer-pool.js'
import { type Path, replaceArrays, replaceAt } from './tree-arrays.js'

/** Smaller arrays go into the head. */
export const LARGE_BYTES = 2 ** 16

interface TypedArrayType {
  new (buffer: ArrayBuffer, at: number, length: number): TypedArray
  readonly prototype: object
}

export interface Packed {
  readonly format: 0 | 1
  readonly head: Uint8Array
  readonly parts: ArrayBuffer[]
}

/**
 * The value, ready to be transferred.
 *
 * @param alone - Nothing else uses the value's buffers, so they need not be copied.
 */
export async function pack(
  value: unknown,
  codec: Codec<unknown>,
  pool: BufferPool,
  alone: boolean,
): Promise<Packed> {
  if (codec === treeCodec) return packTree(value as Tree, pool, alone)
  return withEncoded(codec, value, (bytes) => {
    const buffer = copied(bytes, pool)
    if (bytes.byteLength < LARGE_BYTES) return { format: 0, head: new Uint8Array(buffer), parts: [] }
    return { format: 0, head: new Uint8Array(0), parts: [buffer] }
  })
}

/** The value from its packed form. */
export async function unpack({ format, head, parts }: Packed, codec: Codec<unknown>): Promise<unknown> {
  if (format === 1) return unpackTree(head, parts)
  return codec.decode(parts.length > 0 ? new Uint8Array(parts[0]!) : head)
}

// All in one go: the owner of the arrays may write to them later.
function packTree(tree: Tree, pool: BufferPool, alone: boolean): Packed {
  treeCodec.byteLength(tree) // throws, naming the part that is not a tree, before any buffer is transferred
  const large: { path: Path; array: TypedArray }[] = []
  const small = replaceArrays(tree, (array, path) => {
    if (array.byteLength < LARGE_BYTES) return array
    large.push({ path, array })
    return array.subarray(0, 0)
  })
  if (large.length === 0) return { format: 0, head: encodeNow(tree), parts: [] }
  const head = encodeNow([small, large.map(({ path, array }) => [array.length, ...path])])
  const given = new Set<ArrayBufferLike>()
  const parts = large.map(({ array }) => {
    const { buffer, byteLength } = array
    if (!alone || given.has(buffer) || byteLength !== buffer.byteLength)
      return copied(new Uint8Array(buffer, array.byteOffset, byteLength), pool)
    given.add(buffer)
    return buffer as ArrayBuffer
  })
  return { format: 1, head, parts }
}

async function unpackTree(head: Uint8Array, parts: readonly ArrayBuffer[]): Promise<Tree> {
  let [tree, large] = (await treeCodec.decode(head)) as [Tree, [number, ...Path][]]
  for (const [i, [length, ...path]] of large.entries()) {
    tree = replaceAt(tree, path, (array) => {
      const Type = globalThis[array[Symbol.toStringTag]] as unknown as TypedArrayType
      const restored = new Type(parts[i]!, 0, length)
      // A Buffer of Node is a Uint8Array with its own prototype.
      const prototype: object = Object.getPrototypeOf(array)
      return prototype === Type.prototype ? restored : Object.setPrototypeOf(restored, prototype)
    })
  }
  return tree
}

function encodeNow(tree: unknown): Uint8Array {
  return treeCodec.encode(tree) as Uint8Array
}

function copied(bytes: Uint8Array, pool: BufferPool): ArrayBuffer {
  const buffer = pool.take(bytes.byteLength) ?? new ArrayBuffer(bytes.byteLength)
  new Uint8Array(buffer).set(bytes)
  return buffer
}
