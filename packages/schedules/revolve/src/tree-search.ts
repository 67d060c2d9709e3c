/**
 * The optimal tree for two levels, without tables. Two integers say all of it: how many checkpoints go to disk, and how many nodes
 * there are. The search is exact, and takes microseconds.
 *
 * The insight: the cost h as a function of the number of checkpoints is rough, because nodes are whole, but the bound b below it is
 * convex. So find the bottom of b, and go outward from there until b alone is no less than the best h that was found: a proof that
 * nothing further out is better.
 *
 * ```
 *  h   .   .              .
 *        . \ . .   .  . /
 *           \_ .  . _ /      b
 *      stop <--- bottom ---> stop
 * ```
 */
import { beta, extraSteps } from '@checkpoint-schedules/binomial'
import type { Tree } from './disk-tree.js'
import { least } from './least.js'
import {
  type Bound,
  boundFor,
  costDifference,
  endOfRun,
  type PricedTree,
  roundedTrees,
  roundingPeriod,
  type TreeProblem,
  type TwoTiers,
} from './tree-bound.js'

const MOST = Number.MAX_SAFE_INTEGER

/**
 * The optimal tree, or `undefined` if no checkpoint on disk pays: then Revolve in memory alone is optimal.
 *
 * @returns `'inexact'` if the forward steps of the optimum cannot be counted below 2^53.
 */
export function searchTree(tiers: TwoTiers): Tree | 'inexact' | undefined {
  const { steps, ram, uf, w, r } = tiers
  const problem = problemOf(tiers)
  if (problem === undefined) return undefined
  const best = searchBest(problem)
  if (best === undefined) return 'inexact'
  // With a tree the root's own checkpoint is written too.
  const saved = uf * (extraSteps(steps, ram) - best.levels)
  const pays = best.nodes > 1 && w * (best.writes + 1) + r * (best.nodes - 1) < saved
  return pays ? plain(best.tree) : undefined
}

/** What follows for each node; `undefined` if no node can pay for being read. */
export function problemOf(tiers: TwoTiers): TreeProblem | undefined {
  const { steps, ram, disk, uf, r } = tiers
  if (steps === 1 || disk === 0 || uf === 0) return undefined
  const saves = (t: number) => beta(ram + 1, t - 1)
  const cheap = least((t) => uf * saves(t) > r || saves(t) === MOST, 1)
  const gain = beta(ram, cheap - 1)
  return gain < steps ? { ...tiers, cheap, gain } : undefined
}

// The same nodes, without a range that is empty; a single slot on disk makes a single chain.
function plain({ slots, depth, width, last, rest }: Tree): Tree {
  if (slots === 1) return { slots, depth: 0, width: 1, last, rest }
  if (last > depth) return { slots, depth, width, last, rest }
  const full = beta(slots - 1, last)
  return rest > full
    ? { slots, depth: last, width: rest, last: last + 1, rest: 0 }
    : { slots, depth: last, width: full, last, rest }
}

/** The best tree, whether or not it is better than none; `undefined` if that cannot be determined exactly. */
export function searchBest(problem: TreeProblem): PricedTree | undefined {
  let near: Tree | undefined
  const bound = (writes: number) => {
    const found = boundFor(problem, writes, near)
    near = found?.tree ?? near
    return found
  }
  const rises = (writes: number) => {
    if (writes >= problem.steps - 1) return true
    const here = bound(writes)
    return here !== undefined && costDifference(problem, bound(writes + 1)!, here) >= 0
  }
  const bottom = bound(least(rises, 0))
  if (bottom === undefined) return undefined
  const [best, ...others] = roundedTrees(problem, bottom)
  const search = { problem, bound, best: best! }
  for (const other of others) improve(search, other)
  return walk(search, bottom.writes, 1) && walk(search, bottom.writes, -1) ? search.best : undefined
}

interface Search {
  readonly problem: TreeProblem
  bound(writes: number): Bound | undefined
  best: PricedTree
}

function improve(search: Search, other: PricedTree): void {
  if (costDifference(search.problem, other, search.best) < 0) search.best = other
}

// Outward from the bottom. False if the search comes to a cost that cannot be computed exactly.
function walk(search: Search, bottom: number, direction: 1 | -1): boolean {
  const { problem } = search
  let run: Run | undefined
  for (let writes = bottom + direction; writes >= 0 && writes < problem.steps; writes += direction) {
    const here = search.bound(writes)
    if (here === undefined) return false
    if (costDifference(problem, here, search.best) > -tolerance(problem, search.best)) return true
    const trees = roundedTrees(problem, here)
    for (const tree of trees) improve(search, tree)
    const { depth, last } = here.tree
    if (last <= depth) {
      // The tree is the same for every number of checkpoints that has this `last`.
      if (direction > 0) return true
      writes = Math.min(writes, beta(problem.disk - 1, last) - 1)
      continue
    }
    if (run?.depth !== depth || run.last !== last) {
      run = { depth, last, period: roundingPeriod(problem, here), trees: [], calm: 0 }
    }
    if (isOver(problem, run, trees)) writes = endOfRun(problem, here, direction)
  }
  return true
}

/** Numbers of checkpoints with the same `depth` and `last`. */
interface Run {
  readonly depth: number
  readonly last: number
  readonly period: number
  readonly trees: (readonly PricedTree[])[]
  calm: number
}

// With a step of one period the rounding stays as it is, so the costs are convex, and once they do not fall they never will again:
// the run is over when that is so for a whole period.
function isOver(problem: TreeProblem, run: Run, trees: readonly PricedTree[]): boolean {
  const before = run.trees[run.trees.length - run.period]
  run.trees.push(trees)
  if (before === undefined) return false
  const falls = trees.some((tree, i) => costDifference(problem, tree, before[i] ?? before[0]!) < 0)
  run.calm = falls ? 0 : run.calm + 1
  return run.calm === run.period
}

// Whole costs differ by whole numbers; others are known as well as their sum is.
function tolerance({ uf, w, r }: TreeProblem, { levels, nodes, writes }: PricedTree): number {
  const isWhole = [uf, w, r].every(Number.isSafeInteger)
  return isWhole ? 0.5 : 1e-15 * (uf * levels + r * nodes + w * writes)
}
