/**
 * The way through a tree, top down: which step to read from disk, where to write on the way, and which stretch to reverse then.
 * Nothing is searched, and only the nodes still to be read are held.
 *
 * ```
 * a             b          c
 * D------------>D--------->|---->      the root: to the start of child b, then on to its own stretch at c
 *               D->|------>            child b: past its own child, which starts at b as well, to its stretch
 * ```
 */
import { type Action, advance, copy, move, store } from '@checkpoint-schedules/core'
import { sumOverNodes, topLevel, type Tree } from './disk-tree.js'
import { type Children, childrenOf, type Node } from './tree-children.js'

/**
 * Actions on disk, and numbers for `reverseRoute`. O(slots on disk) memory, and a few evaluations of beta for a transfer.
 *
 * @param ram - Slots in memory, at least 1.
 * @param storage - The name of the disk.
 */
export function* treeRoute(
  steps: number,
  ram: number,
  tree: Tree,
  storage = 'DISK',
): Generator<Action | number> {
  const level = topLevel(tree, steps, ram)
  const waiting: { readonly children: Children; left: number }[] = []
  let node: Node = { start: 0, tree, level, spare: steps - sumOverNodes(tree, ram, level - 1) }
  for (;;) {
    const children = childrenOf(node, ram)
    const { count } = children
    const isRoot = node.level === level
    if (!isRoot) yield count > 0 ? copy(node.start, storage) : move(node.start, storage)
    let { start } = node
    for (let i = 0; i < count; i++) {
      const next = children.at(i + 1).start
      yield isRoot || i > 0 ? store(start, next, storage) : advance(start, next)
      start = next
    }
    yield start
    if (count > 0) waiting.push({ children, left: count })
    const group = waiting[waiting.length - 1]
    if (group === undefined) return
    node = group.children.at(--group.left)
    if (group.left === 0) waiting.pop()
  }
}
