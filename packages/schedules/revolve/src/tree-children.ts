/**
 * The children of a node, each with its share: what hangs below a child is a tree of the same kind, so it is described by the same
 * numbers. Shares are dealt first come first served, from the left.
 */
import { beta } from '@checkpoint-schedules/binomial'
import { sumOverNodes, type Tree } from './disk-tree.js'

/** A node, with all that hangs on it. */
export interface Node {
  /** The first step. */
  readonly start: number
  readonly tree: Tree
  /** The tree's top level less the depth of the node. */
  readonly level: number
  /** Steps at the top level, here and below. */
  readonly spare: number
}

/** Children from left to right. The node's own stretch starts where child number `count` would. */
export interface Children {
  readonly count: number
  at(i: number): Node
}

/** How many children the root has: as many checkpoints are on disk once the forward has passed it. */
export function childCount({ slots, depth, width, last, rest }: Tree): number {
  if (depth > 0) return slots
  return last > 0 ? width : rest
}

/** The children of a node, each dealt its share when it is asked for. At most O(slots) memory where depth > 0, O(1) elsewhere. */
export function childrenOf(node: Node, ram: number): Children {
  const count = childCount(node.tree)
  if (node.tree.depth === 0) return chains(node, count, ram)
  const { slots, last } = node.tree
  const depth = node.tree.depth - 1
  const level = node.level - 1
  const nodes: Node[] = []
  let { start, spare } = node
  let { rest } = node.tree
  let more = last > depth + 1 ? node.tree.width - beta(slots - 1, depth + 1) : 0
  // The first child starts where its parent does and may use as many slots, each further one may use one less.
  const deal = (slots: number): Node => {
    const full = beta(slots - 1, depth)
    const wider = Math.min(more, beta(slots - 1, depth + 1) - full)
    const tree = {
      slots,
      depth,
      width: full + wider,
      last: last - 1,
      rest: Math.min(rest, full + wider),
    }
    const child = { start, tree, level, spare: Math.min(spare, sumOverNodes(tree, ram - 1, level)) }
    more -= wider
    rest -= tree.rest
    spare -= child.spare
    start += sumOverNodes(tree, ram, level - 1) + child.spare
    return child
  }
  return {
    count,
    at(i) {
      while (nodes.length <= i && nodes.length < count) nodes.push(deal(slots - nodes.length))
      return nodes[i] ?? { ...node, start, spare }
    },
  }
}

// Equal chains, the first `rest` of them one node longer: nothing needs to be kept for each.
function chains(
  { start, tree: { last, rest }, level: above, spare }: Node,
  count: number,
  ram: number,
): Children {
  const level = above - 1
  const kind = (rest: number) => {
    const tree = { slots: 1, depth: 0, width: 1, last: Math.max(0, last - 1), rest }
    return { tree, steps: sumOverNodes(tree, ram, level - 1), spare: sumOverNodes(tree, ram - 1, level) }
  }
  const short = kind(0)
  const longer = last > 0 ? rest : 0
  const long = longer > 0 ? kind(1) : short
  return {
    count,
    at(i) {
      const before = Math.min(i, longer)
      const dealt = Math.min(spare, before * long.spare + (i - before) * short.spare)
      const { tree, spare: most } = i < longer ? long : short
      return {
        start: start + before * long.steps + (i - before) * short.steps + dealt,
        tree,
        level,
        spare: Math.min(spare - dealt, most),
      }
    },
  }
}
