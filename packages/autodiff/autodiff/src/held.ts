/** States, tapes and adjoints as the driver holds them: trees of arrays, each with one owner, and a number. */
import { CheckpointScheduleError, messageOf } from '@checkpoint-schedules/core'
import { type Codec, isTypedArray, treeCodec } from '@checkpoint-schedules/model'
import type { Differentiator, HostArray } from './differentiator.js'
import { difference, type Layout, layoutOf } from './layout.js'
import { leavesOf, mapTree, releaseAll } from './trees.js'

/**
 * A tree of arrays that a run owns. The arrays may have other owners: as they never change, a copy takes no memory.
 *
 * It is a class so that the driver leaves its content alone: what looks like shared memory there is counted by the library.
 */
export class Held<T> {
  readonly tree: T
  /** The part of the objective that is known already; of adjoints and tangent runs only. */
  readonly value: number
  /** Its derivative along the direction; of tangent runs only. */
  readonly slope: number

  constructor(tree: T, value = 0, slope = 0) {
    this.tree = tree
    this.value = value
    this.slope = slope
  }
}

/**
 * How a run copies, measures, releases and writes such trees.
 *
 * @param check - What is wrong with a tree that was read from bytes, if anything.
 */
export function heldCodec<X, T>(
  ad: Differentiator<X>,
  check: (tree: unknown) => string | undefined,
): Codec<Held<T>> {
  return {
    clone: ({ tree, value, slope }) =>
      new Held(
        mapTree(ad, (array) => ad.retain(array), tree),
        value,
        slope,
      ),
    byteLength: ({ tree }) => leavesOf(ad, tree).reduce((sum, array) => sum + ad.describe(array).bytes, 0),
    dispose: ({ tree }) => releaseAll(ad, tree),
    async encode({ tree, value, slope }) {
      const arrays = await Promise.all(leavesOf(ad, tree).map(async (array) => ad.read(array)))
      let i = 0
      return treeCodec.encode({
        places: mapTree<X, unknown>(ad, () => i++, tree),
        arrays: arrays.map(({ data, shape, dtype }) => ({ data, shape: [...shape], dtype })),
        value,
        slope,
      })
    },
    async decode(bytes) {
      const { places, arrays, value, slope } = (await treeCodec.decode(bytes)) as Encoded
      const written: X[] = []
      try {
        for (const array of arrays) written.push(ad.write(checked(array)))
        const tree = atPlaces(places, written)
        const wrong = check(tree)
        if (wrong === undefined && typeof value === 'number' && typeof slope === 'number')
          return new Held(tree as T, value, slope)
        throw new Error(wrong ?? 'its value is no number')
      } catch (error) {
        releaseAll(ad, written)
        throw new CheckpointScheduleError(
          'INVALID_FILE',
          `these bytes are no checkpoint of this run: ${messageOf(error)}.`,
          { cause: error },
        )
      }
    },
  }
}

/** For `heldCodec`: a tree must have this layout. */
export function hasLayout<X>(ad: Differentiator<X>, expected: Layout, name: string) {
  return (tree: unknown): string | undefined => difference(expected, layoutOf(ad, tree, name))
}

interface Encoded {
  readonly places: unknown
  readonly arrays: readonly HostArray[]
  readonly value: unknown
  readonly slope: unknown
}

/** Bytes may come from anywhere. */
function checked(array: HostArray): HostArray {
  const { data, shape } = array
  const isWhole = isTypedArray(data) && Array.isArray(shape) && shape.every((size) => size >= 0)
  if (!isWhole || shape.reduce((a, b) => a * b, 1) !== data.length) throw new Error('an array is not whole')
  return array
}

/** Puts each array where its number is; each must be used once. */
function atPlaces(places: unknown, arrays: readonly unknown[]): unknown {
  const used = new Set<number>()
  const put = (node: unknown): unknown => {
    if (typeof node === 'number') {
      if (arrays[node] === undefined || used.has(node)) throw new Error(`array ${node} is not there`)
      used.add(node)
      return arrays[node]
    }
    if (Array.isArray(node)) return node.map(put)
    return Object.fromEntries(Object.entries(node as object).map(([name, part]) => [name, put(part)]))
  }
  const tree = put(places)
  if (used.size !== arrays.length) throw new Error('an array has no place')
  return tree
}
