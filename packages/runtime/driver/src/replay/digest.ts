/**
 * Digests of a value: one 32-bit number for its shape and one for each of its fields. Any single changed word changes its field's
 * digest; two different fields agree by chance once in 2^32. For finding accidents, not attacks.
 */
import {
  type Codec,
  isTypedArray,
  type Tree,
  treeCodec,
  type TypedArray,
  withEncoded,
} from '@checkpoint-schedules/model'
import { hashArray, hashPart, hashText } from './hash.js'

/** The shape's digest, then those of the fields in order. */
export type Digest = readonly number[]

/** The digests of a value. A codec other than `treeCodec` is asked to encode it: its bytes are one field then. Cost: one pass. */
export async function digestOf<T>(value: T, codec: Codec<T>, part?: number): Promise<Digest> {
  if ((codec as unknown) === treeCodec) return digestTree(value as Tree, part)
  return withEncoded(codec, value, (bytes) => [bytes.length, hashArray(bytes)])
}

/**
 * The digests of a tree.
 *
 * @param part - Look at a small part of each large array only, chosen by this number: a constant cost for each array.
 */
export function digestTree(tree: Tree, part?: number): Digest {
  const digest = [0]
  const shape: string[] = []
  visit(tree, '', (path, leaf) => {
    shape.push(path, isTypedArray(leaf) ? `${leaf[Symbol.toStringTag]} ${leaf.length}` : typeof leaf)
    digest.push(hashLeaf(leaf, part))
  })
  digest[0] = hashText(shape.join(' '))
  return digest
}

/** The fields' names, in the order of their digests. */
export function fieldNames(tree: Tree): string[] {
  const names: string[] = []
  visit(tree, '', (path) => names.push(path === '' ? 'the value' : path))
  return names
}

type Leaf = TypedArray | number | string | boolean | null

function visit(tree: Tree, path: string, see: (path: string, leaf: Leaf) => void): void {
  if (typeof tree !== 'object' || tree === null || isTypedArray(tree)) see(path, tree)
  else if (Array.isArray(tree)) tree.forEach((item: Tree, i) => visit(item, `${path}[${i}]`, see))
  else
    // Sorted, as a step and its taped twin may make their objects in different orders.
    for (const key of Object.keys(tree).toSorted())
      visit((tree as Record<string, Tree>)[key]!, path === '' ? key : `${path}.${key}`, see)
}

function hashLeaf(leaf: Leaf, part: number | undefined): number {
  if (typeof leaf === 'number') return hashArray(Float64Array.of(leaf))
  if (typeof leaf === 'object' && leaf !== null)
    return part === undefined ? hashArray(leaf) : hashPart(leaf, part)
  return hashText(String(leaf))
}
