/**
 * The best trees with a given number of checkpoints on disk, and a bound for what they cost.
 *
 * The insight: from the root down, a node pays for itself as long as it takes `gain` steps away from `cheap` levels further down, where
 * the last of them saves no more than a read costs. So for each number of checkpoints the number of nodes has a closed form, up to
 * rounding. The bound, b, is the cost without the rounding. It is convex in the number of checkpoints.
 */
import { beta } from '@checkpoint-schedules/binomial'
import {
  chainCount,
  extraStepsIn,
  nodeCount,
  sumOfBeta,
  sumOverNodes,
  topLevel,
  type Tree,
} from './disk-tree.js'
import { least } from './least.js'

const MOST = Number.MAX_SAFE_INTEGER

/** Steps to reverse, and slots in memory and on disk: at least 1 and less than the steps. */
export interface TwoTiers {
  readonly steps: number
  readonly ram: number
  readonly disk: number
  /** The costs of a forward step, of writing to disk and of reading from it. */
  readonly uf: number
  readonly w: number
  readonly r: number
}

/** The same, with what follows from it for each node. */
export interface TreeProblem extends TwoTiers {
  /** The least t for which a step saved t levels saves more than a read does: uf·beta(ram+1, t-1) > r. */
  readonly cheap: number
  /** The steps that a node must take: beta(ram, cheap-1). */
  readonly gain: number
}

/** A tree and what it costs, in whole numbers, so that differences are exact: uf·levels + r·nodes + w·writes, and `slack`. */
export interface PricedTree {
  readonly tree: Tree
  /** Extra forward steps. */
  readonly levels: number
  readonly nodes: number
  /** Checkpoints on disk, the root's own not counted. */
  readonly writes: number
  /** What b adds between two whole numbers of nodes. */
  readonly slack: number
}

/** b for a number of checkpoints. */
export interface Bound extends PricedTree {
  /** The level on which the tree is cut off. */
  readonly level: number
  /** Whether the number of nodes is whole: then b is a true cost. */
  readonly whole: boolean
}

/** The cost of `a`, less that of `b`. */
export function costDifference({ uf, w, r }: TreeProblem, a: PricedTree, b: PricedTree): number {
  return (
    uf * (a.levels - b.levels) + r * (a.nodes - b.nodes) + w * (a.writes - b.writes) + (a.slack - b.slack)
  )
}

/**
 * b with `writes` checkpoints; `undefined` where it could not be computed exactly.
 *
 * @param near - The tree for a number close to it, where one is known: saves time.
 */
export function boundFor(problem: TreeProblem, writes: number, near?: Tree): Bound | undefined {
  const { steps, ram, disk: slots, uf, r, cheap, gain } = problem
  const width = writes + 1
  const depth =
    slots === 1
      ? Infinity
      : least((d) => beta(slots - 1, d) > Math.min(width, MOST - 1), 1, Math.max(1, (near?.depth ?? 0) + 1)) -
        1
  const reaches = (last: number) =>
    sumOverNodes({ slots, depth, width, last: last + 1, rest: 0 }, ram, last + cheap) >= steps
  // A single chain of depth d has places for more than d²/2 steps. Stretches may go `cheap` levels beyond the one to cut off at.
  const deepest = Math.min(Math.ceil(Math.sqrt(2 * steps)), Math.floor(MOST / steps) - 2 * cheap)
  if (deepest < 0 || !reaches(deepest)) return undefined
  const last = least(reaches, 0, Math.min(near?.last ?? 0, deepest))
  const level = last + cheap
  const need = steps - sumOverNodes({ slots, depth, width, last, rest: 0 }, ram, level)
  const share = Math.max(0, need / gain) // how many nodes are wanted at depth last+1
  const tree = { slots, depth, width, last, rest: Math.floor(share) }
  return {
    tree,
    levels: extraStepsIn(tree, steps, ram, level),
    nodes: nodeCount(tree),
    writes,
    slack: (share - tree.rest) * (r - uf * beta(ram + 1, cheap - 2)),
    level,
    whole: share === tree.rest,
  }
}

/** The true costs of the tree with the next whole numbers of nodes below and above the bound's. */
export function roundedTrees(
  { steps, ram }: TreeProblem,
  { tree, level, whole }: Bound,
): readonly PricedTree[] {
  const price = (rest: number): PricedTree => {
    const rounded = { ...tree, rest }
    return {
      tree: rounded,
      levels: extraStepsIn(rounded, steps, ram, topLevel(rounded, steps, ram, level)),
      nodes: nodeCount(rounded),
      writes: chainCount(rounded) - 1,
      slack: 0,
    }
  }
  return whole ? [price(tree.rest)] : [price(tree.rest), price(tree.rest + 1)]
}

/** After how many further checkpoints the rounding repeats itself, while `depth` and `last` are the same and last > depth. */
export function roundingPeriod({ ram, gain }: TreeProblem, { tree: { depth, last }, level }: Bound): number {
  let [a, b] = [gain, sumOfBeta(ram, level - last, level - depth - 1) % gain]
  while (b > 0) [a, b] = [b, a % b]
  return gain / a
}

/** The last number of checkpoints, upward or downward, that has the same `depth` and `last`, where last > depth. */
export function endOfRun(
  { steps, ram }: TreeProblem,
  { tree: { slots, depth, last }, writes, level }: Bound,
  direction: 1 | -1,
): number {
  const reaches = (width: number, last: number, level: number) =>
    sumOverNodes({ slots, depth, width, last, rest: 0 }, ram, level) >= steps
  if (direction > 0) {
    // Until the tree is one node wider at `depth`, or one depth less will do.
    const left = (more: number) => {
      const width = writes + 2 + more
      return width >= beta(slots - 1, depth + 1) || reaches(width, last, level - 1)
    }
    return writes + least(left, 0)
  }
  const left = (less: number) => {
    const width = writes - less
    return width < beta(slots - 1, depth) || !reaches(width, last + 1, level)
  }
  return writes - least(left, 0)
}
