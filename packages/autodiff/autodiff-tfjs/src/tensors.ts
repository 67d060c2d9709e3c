/** Walks over trees of tensors, in the alphabetical order of names. */
import type { Tensor } from '@tensorflow/tfjs-core'

type Library = { readonly Tensor: typeof Tensor }
type Named = { readonly [name: string]: unknown }

/** The tensors of a tree. */
export function leavesOf(tf: Library, tree: unknown, into: Tensor[] = []): Tensor[] {
  if (tree instanceof tf.Tensor) into.push(tree)
  else if (typeof tree === 'object' && tree !== null)
    for (const name of Object.keys(tree).sort()) leavesOf(tf, (tree as Named)[name], into)
  return into
}

/** A tree of what `f` makes of them. */
export function mapTree<T>(tf: Library, tree: T, f: (tensor: Tensor) => Tensor): T {
  if (tree instanceof tf.Tensor) return f(tree) as T
  if (Array.isArray(tree)) return tree.map((part: unknown) => mapTree(tf, part, f)) as T
  if (typeof tree !== 'object' || tree === null) return tree
  const names = Object.keys(tree).sort()
  return Object.fromEntries(names.map((name) => [name, mapTree(tf, (tree as Named)[name], f)])) as T
}
