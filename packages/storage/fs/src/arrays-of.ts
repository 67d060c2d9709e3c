/** The arrays of a tree, for other programs. */
import type { Tree, TypedArray } from '@checkpoint-schedules/model'
import type { Path } from '@checkpoint-schedules/storage-slots'

/** The typed arrays of a tree and, as zero-dimensional arrays, its numbers; with their shapes as NumPy writes them. */
export function* arraysOf(
  tree: Tree,
  path: Path = [],
): Generator<{ readonly path: Path; readonly array: TypedArray; readonly shape: string }> {
  if (typeof tree === 'number') yield { path, array: Float64Array.of(tree), shape: '' }
  if (typeof tree !== 'object' || tree === null) return
  if (ArrayBuffer.isView(tree)) yield { path, array: tree, shape: `${tree.length},` }
  else if (Array.isArray(tree)) {
    for (const [i, item] of (tree as Tree[]).entries()) yield* arraysOf(item, [...path, i])
  } else for (const [key, item] of Object.entries(tree)) yield* arraysOf(item, [...path, key])
}
