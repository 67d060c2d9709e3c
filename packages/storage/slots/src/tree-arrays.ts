/** Finds, replaces and restores the typed arrays of a tree. */
import type { Tree, TypedArray } from '@checkpoint-schedules/model'

/** A position in a tree: keys and indices from the root. */
export type Path = readonly (string | number)[]

/**
 * A copy of the tree's objects and arrays with each typed array replaced by the result of `replace`. The value must be a tree: call
 * `treeCodec.byteLength` first, which throws if it is not.
 *
 * @example
 * ```ts
 * import { replaceArrays } from '@checkpoint-schedules/storage-slots'
 *
 * replaceArrays({ u: Float64Array.of(1, 2), n: 3 }, (array) => Float32Array.from(array as Float64Array)) // { u: Float32Array(2) [ 1, 2 ], n: 3 }
 * ```
 */
export function replaceArrays(tree: Tree, replace: (array: TypedArray, path: Path) => TypedArray): Tree {
  const visit = (value: Tree, path: Path): Tree => {
    if (typeof value !== 'object' || value === null) return value
    if (ArrayBuffer.isView(value)) return replace(value, path)
    if (Array.isArray(value)) return value.map((item: Tree, i) => visit(item, [...path, i]))
    const copy: Record<string, Tree> = Object.create(Object.getPrototypeOf(value))
    for (const [key, item] of Object.entries(value)) copy[key] = visit(item, [...path, key])
    return copy
  }
  return visit(tree, [])
}

/**
 * The tree with `make(array)` in place of the typed array at `path`; changes `tree` unless `path` is its root.
 *
 * @example
 * ```ts
 * import { replaceAt } from '@checkpoint-schedules/storage-slots'
 *
 * replaceAt({ u: [Float64Array.of(1)] }, ['u', 0], (array) => array.slice().fill(7 as never)) // { u: [ Float64Array(1) [ 7 ] ] }
 * ```
 */
export function replaceAt(tree: Tree, path: Path, make: (array: TypedArray) => TypedArray): Tree {
  const replaced = (value: Tree | undefined): TypedArray => {
    if (!ArrayBuffer.isView(value)) throw new Error(`there is no typed array at ${JSON.stringify(path)}`)
    return make(value)
  }
  if (path.length === 0) return replaced(tree)
  let parent = tree as Record<string | number, Tree>
  for (const key of path.slice(0, -1)) parent = ownPart(parent, key) as Record<string | number, Tree>
  const key = path.at(-1)!
  parent[key] = replaced(ownPart(parent, key))
  return tree
}

function ownPart(parent: unknown, key: string | number): Tree | undefined {
  if (typeof parent !== 'object' || parent === null || !Object.hasOwn(parent, key)) return undefined
  return (parent as Record<string | number, Tree>)[key]
}
