/** What a tree of arrays looks like: the place, type and shape of each array. A step must not change it. */
import { CheckpointScheduleError, messageOf, show } from '@checkpoint-schedules/core'
import { isPromise } from '@checkpoint-schedules/model'
import type { Differentiator } from './differentiator.js'
import { namesOf } from './trees.js'

/** One array. */
interface Leaf {
  /** Such as `state.u` or `params[2]`. */
  readonly path: string
  readonly dtype: string
  readonly shape: readonly number[]
}

/** All arrays of a tree. */
export interface Layout {
  readonly leaves: readonly Leaf[]
  readonly bytes: number
}

/**
 * The layout of a tree.
 *
 * @param name - What the tree is, for messages, such as `state`.
 * @throws `INVALID_VALUE`: something in it is no array of the library, or was released.
 */
export function layoutOf<X>(ad: Differentiator<X>, tree: unknown, name: string): Layout {
  const leaves: Leaf[] = []
  let bytes = 0
  const visit = (node: unknown, path: string): void => {
    if (ad.isArray(node)) {
      const { dtype, shape, bytes: size } = described(ad, node, path)
      leaves.push({ path, dtype, shape })
      bytes += size
      return
    }
    const names = namesOf(node)
    if (names === undefined || isPromise(node))
      throw invalid(
        `${path} must be an array of ${ad.name}, or a list or plain object of them; got ${kindOf(node)}.`,
      )
    for (const part of names)
      visit(
        (node as { readonly [part: string]: unknown })[part],
        Array.isArray(node) ? `${path}[${part}]` : `${path}.${part}`,
      )
  }
  visit(tree, name)
  return { leaves, bytes }
}

function described<X>(ad: Differentiator<X>, array: X, path: string) {
  try {
    return ad.describe(array)
  } catch (error) {
    throw invalid(`${path} cannot be used: ${messageOf(error)}.`)
  }
}

function kindOf(node: unknown): string {
  if (isPromise(node)) return 'a Promise'
  if (typeof node !== 'object' || node === null || ArrayBuffer.isView(node)) return show(node)
  const isForeign = 'dtype' in node && 'shape' in node
  return (
    `an object of class ${node.constructor?.name || '(without a name)'}` +
    (isForeign ? ', which is an array of another library, or of another copy of this one' : '')
  )
}

/** What can be differentiated is float32 or float64. @throws `INVALID_VALUE` */
export function checkFloats({ leaves }: Layout, wayOut: string): void {
  const other = leaves.find(({ dtype }) => dtype !== 'float32' && dtype !== 'float64')
  if (other !== undefined)
    throw invalid(
      `${other.path} is ${other.dtype}, but it is differentiated: use float32 or float64. ${wayOut}`,
    )
}

/** How a difference is told. */
export interface DifferenceWords {
  /** Of an array without a counterpart. */
  readonly extra: string
  /** Of an array that is another one. */
  readonly instead: (expected: string, got: string) => string
}

const ofChange: DifferenceWords = {
  extra: 'which was not there',
  instead: (before, after) => `was ${before} and is ${after}`,
}

/** The first place in which two layouts differ, in words: by default, of something that changed. */
export function difference(expected: Layout, got: Layout, words = ofChange): string | undefined {
  if (expected === got) return undefined
  const count = Math.max(expected.leaves.length, got.leaves.length)
  for (let i = 0; i < count; i++) {
    const [before, after] = [expected.leaves[i], got.leaves[i]]
    if (before === undefined || (after !== undefined && after.path < before.path))
      return `it has ${after!.path}, ${words.extra}`
    if (after === undefined || after.path !== before.path) return `${before.path} is missing`
    if (after.dtype !== before.dtype || !isSameShape(after.shape, before.shape))
      return `${after.path} ${words.instead(shown(before), shown(after))}`
  }
  return undefined
}

function isSameShape(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((size, i) => size === b[i])
}

/** Such as `float32 [3, 4]`. */
export function shown({
  dtype,
  shape,
}: {
  readonly dtype: string
  readonly shape: readonly number[]
}): string {
  return `${dtype} [${shape.join(', ')}]`
}

/** An error about a value of the user's functions. */
export function invalid(sentence: string, details: Record<string, unknown> = {}): CheckpointScheduleError {
  return new CheckpointScheduleError('INVALID_VALUE', sentence, { details })
}
