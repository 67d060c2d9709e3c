/** Walks over trees of arrays, here and in the adapters. Names are taken in alphabetical order, so that equal trees have equal lists of leaves. */
import type { Differentiator } from './differentiator.js'

/** Tells arrays from everything else in a tree. */
type Arrays<X> = Pick<Differentiator<X>, 'isArray'>

type Record = { readonly [name: string]: unknown }

/** The names of a plain object's or list's parts, sorted; `undefined` for everything else. */
export function namesOf(node: unknown): string[] | undefined {
  if (typeof node !== 'object' || node === null) return undefined
  if (Array.isArray(node)) return Object.keys(node)
  const prototype: unknown = Object.getPrototypeOf(node)
  const isPlain = prototype === null || Object.getPrototypeOf(prototype) === null
  return isPlain ? Object.keys(node).sort() : undefined
}

/**
 * The arrays of a tree; anything else in it is left out. For adapters.
 *
 * @example
 * ```ts
 * import { leavesOf } from '@checkpoint-schedules/autodiff'
 *
 * const isArray = (value: unknown): value is Float64Array => value instanceof Float64Array
 * leavesOf({ isArray }, { v: Float64Array.of(2), u: [Float64Array.of(1)] }) // [ Float64Array(1) [ 1 ], Float64Array(1) [ 2 ] ]
 * ```
 */
export function leavesOf<X>(arrays: Arrays<X>, tree: unknown, into: X[] = []): X[] {
  if (arrays.isArray(tree)) into.push(tree)
  else for (const name of namesOf(tree) ?? []) leavesOf(arrays, (tree as Record)[name], into)
  return into
}

/**
 * A tree of what `f` makes of the arrays of `tree`, and of those in the same places of `others`. For adapters.
 *
 * @example
 * ```ts
 * import { mapTree } from '@checkpoint-schedules/autodiff'
 *
 * const isArray = (value: unknown): value is Float64Array => value instanceof Float64Array
 * mapTree({ isArray }, (u) => u.map((it) => 2 * it), { u: Float64Array.of(1) }) // { u: Float64Array(1) [ 2 ] }
 * ```
 */
export function mapTree<X, T>(
  arrays: Arrays<X>,
  f: (array: X, ...others: X[]) => unknown,
  tree: T,
  ...others: readonly unknown[]
): T {
  if (arrays.isArray(tree)) return f(tree, ...(others as X[])) as T
  const names = namesOf(tree)
  if (names === undefined) return tree
  const part = (name: string) =>
    mapTree(arrays, f, (tree as Record)[name], ...others.map((other) => (other as Record)[name]))
  return (Array.isArray(tree) ? names.map(part) : Object.fromEntries(names.map((it) => [it, part(it)]))) as T
}

/** The same arrays in new lists and objects. */
export function copiedTree<X, T>(arrays: Arrays<X>, tree: T): T {
  return mapTree(arrays, (array) => array, tree)
}

/** Releases every array of the trees. */
export function releaseAll<X>(ad: Differentiator<X>, ...trees: readonly unknown[]): void {
  for (const array of leavesOf(ad, trees)) ad.release(array)
}
