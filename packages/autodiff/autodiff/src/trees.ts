/** Walks over trees of arrays. Names are taken in alphabetical order, so that equal trees have equal lists of leaves. */
import type { Differentiator } from './differentiator.js'

type Record = { readonly [name: string]: unknown }

/** The names of an object's or list's parts, sorted; `undefined` for what has none. */
export function namesOf(node: unknown): string[] | undefined {
  if (typeof node !== 'object' || node === null || ArrayBuffer.isView(node)) return undefined
  const names = Object.keys(node)
  return Array.isArray(node) ? names : names.sort()
}

/** The arrays of a tree; anything else in it is left out. */
export function leavesOf<X>(ad: Differentiator<X>, tree: unknown, into: X[] = []): X[] {
  if (ad.isArray(tree)) into.push(tree)
  else for (const name of namesOf(tree) ?? []) leavesOf(ad, (tree as Record)[name], into)
  return into
}

/** A tree of what `f` makes of the arrays of `tree`, and of those in the same places of `others`. */
export function mapTree<X, T>(
  ad: Differentiator<X>,
  f: (array: X, ...others: X[]) => unknown,
  tree: T,
  ...others: readonly unknown[]
): T {
  if (ad.isArray(tree)) return f(tree, ...(others as X[])) as T
  const names = namesOf(tree)
  if (names === undefined) return tree
  const part = (name: string) =>
    mapTree(ad, f, (tree as Record)[name], ...others.map((other) => (other as Record)[name]))
  return (Array.isArray(tree) ? names.map(part) : Object.fromEntries(names.map((it) => [it, part(it)]))) as T
}

/** Releases every array of the trees. */
export function releaseAll<X>(ad: Differentiator<X>, ...trees: readonly unknown[]): void {
  for (const array of leavesOf(ad, trees)) ad.release(array)
}
