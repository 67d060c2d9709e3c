/** The optimal plan for two levels, free memory and a disk, as a tree: what it adds up to, and its actions. */
import { extraSteps } from '@checkpoint-schedules/binomial'
import type { Action } from '@checkpoint-schedules/core'
import { chainCount, extraStepsIn, nodeCount, topLevel, type Tree } from './disk-tree.js'
import { oneStretch, reverseRoute } from './reverse-route.js'
import type { TwoTiers } from './tree-bound.js'
import { childCount } from './tree-children.js'
import { treeRoute } from './tree-route.js'
import { searchTree } from './tree-search.js'

/** A plan. */
export interface TreePlan {
  /** `undefined`: everything stays in memory. */
  readonly tree: Tree | undefined
  readonly forwardSteps: number
  /** Checkpoints written to disk, and reads of them. */
  readonly writes: number
  readonly reads: number
  /** Most checkpoints held at once, in memory and on disk. */
  readonly peak: readonly [ram: number, disk: number]
  actions(ram?: string, disk?: string): Generator<Action>
}

/**
 * The optimal plan, in microseconds; `undefined` if its forward steps cannot be counted exactly, below 2^53.
 *
 * @param given - Slots beyond steps-1 are left out.
 */
export function planTree(given: TwoTiers): TreePlan | undefined {
  const most = given.steps - 1
  const tiers = { ...given, ram: Math.max(1, Math.min(given.ram, most)), disk: Math.min(given.disk, most) }
  const tree = searchTree(tiers)
  return tree === 'inexact' ? undefined : treePlan(tiers.steps, tiers.ram, tree)
}

/** The plan that a tree stands for. */
export function treePlan(steps: number, ram: number, tree: Tree | undefined): TreePlan {
  const actions: TreePlan['actions'] = (memory, disk) =>
    reverseRoute(steps, ram, tree ? treeRoute(steps, ram, tree, disk) : oneStretch, memory)
  if (tree === undefined) {
    const forwardSteps = steps + extraSteps(steps, ram)
    return { tree, forwardSteps, writes: 0, reads: 0, peak: [Math.min(ram, steps - 1), 0], actions }
  }
  const level = topLevel(tree, steps, ram)
  const nodes = nodeCount(tree)
  return {
    tree,
    forwardSteps: steps + extraStepsIn(tree, steps, ram, level),
    writes: chainCount(tree),
    reads: nodes - 1,
    // With more than one level to a stretch the root's is longer than there are slots; with one, every other node is a single step.
    peak: [level > 1 ? ram : Math.min(ram, steps - nodes), childCount(tree)],
    actions,
  }
}

/** What to say if there is no such plan. */
export function inexact({ steps, ram, disk }: TwoTiers): string {
  return (
    `the optimal plan for steps ${steps} with ${ram} checkpoints in memory and ${disk} on disk may take more than 2^53 forward steps, ` +
    'which cannot be counted exactly. Pass fewer steps or more checkpoints.'
  )
}
