/**
 * The tree of a plan with two levels, free memory and a disk: every node is one stretch of steps reversed in memory alone.
 *
 * The insight: unroll the splits of H-Revolve (Herrmann & Pallez 2020, doi:10.1145/3378672). Each read from disk leads to one stretch, and
 * the stretches form a tree: the children of a node are what its checkpoint and the ones written on the way are read for next. A step in a
 * node of depth d is advanced d times before memory takes over, so with c slots in memory the node has C(c-1+j, j) places for steps that are
 * advanced d+j times in all. So the cost depends on how many nodes there are at each depth, and on nothing else. A tree as wide as its
 * labels (m slots on disk) and its number of chains permit has the lowest places. This is our own result; the site's page about it has the
 * proof.
 *
 * ```
 * depth 0   o                       1 = C(m-1, 0) node
 * depth 1   o o o                   m = C(m, 1) nodes                    full to `depth`
 * depth 2   o o o o o               `width` chains, one node of each     … to `last`
 * depth 3   o o                     `rest` nodes
 * ```
 */
import { beta } from '@checkpoint-schedules/binomial'
import { least } from './least.js'

const MOST = Number.MAX_SAFE_INTEGER

/** How many nodes there are at each depth. */
export interface Tree {
  /** Slots on disk that the root may use, its own included. */
  readonly slots: number
  /** Down to here there are as many nodes as the slots permit: beta(slots-1, d). */
  readonly depth: number
  /** Nodes at each further depth down to `last`: beta(slots-1, depth) or more. */
  readonly width: number
  readonly last: number
  /** Nodes at depth last+1. */
  readonly rest: number
}

/** The nodes of the tree, each of which is read from disk once, except the root. */
export function nodeCount({ slots, depth, width, last, rest }: Tree): number {
  return beta(slots, Math.min(depth, last)) + Math.max(0, last - depth) * width + rest
}

/** The chains of the tree, each of which has its own checkpoint on disk. */
export function chainCount({ slots, depth, width, last, rest }: Tree): number {
  return last > depth ? width : Math.max(beta(slots - 1, last), rest)
}

/**
 * The sum of beta(s, level-d) over all nodes, at most 2^53-1. With c slots in memory and s = c-1 that are the places at the level, with
 * s = c the places up to it, and with s = c+1 the sum of these over all levels up to it.
 */
export function sumOverNodes({ slots, depth, width, last, rest }: Tree, s: number, level: number): number {
  let sum = sumOverFull(slots, Math.min(depth, last), s, level)
  if (last > depth) sum += width * sumOfBeta(s, level - last, level - depth - 1)
  if (rest > 0) sum += rest * beta(s, level - last - 1)
  return Math.min(sum, MOST)
}

/** The least level up to which there are places for all steps. */
export function topLevel(tree: Tree, steps: number, ram: number, guess = 0): number {
  return least((level) => sumOverNodes(tree, ram, level) >= steps, 0, guess)
}

/** The extra forward steps: each step takes the lowest place. Exact if steps·level is below 2^53. */
export function extraStepsIn(tree: Tree, steps: number, ram: number, level: number): number {
  return steps * level - sumOverNodes(tree, ram + 1, level - 1)
}

// The sum of beta(slots-1, d)·beta(s, level-d) over d = 0 … depth. Over all d it is beta(s+slots, level); in a deep and narrow tree it is
// shorter to subtract what is below, regrouped by the node's ancestor at `depth`.
function sumOverFull(slots: number, depth: number, s: number, level: number): number {
  if (depth >= level) return beta(s + slots, level)
  if (depth > slots + 8) {
    let sum = beta(s + slots, level)
    if (sum < MOST) {
      for (let i = 0; i < slots; i++) sum -= beta(slots - 1 - i, depth) * beta(s + 1 + i, level - depth - 1)
      return sum
    }
  }
  let sum = 0
  for (let d = 0; d <= depth && sum < MOST; d++) sum += beta(slots - 1, d) * beta(s, level - d)
  return Math.min(sum, MOST)
}

/** The sum of beta(s, t) over t = from … to, at most 2^53-1. */
export function sumOfBeta(s: number, from: number, to: number): number {
  const sum = beta(s + 1, to)
  if (sum < MOST) return sum - beta(s + 1, from - 1)
  let slow = 0 // a capped value must not enter a difference
  for (let t = to; t >= Math.max(0, from) && slow < MOST; t--) slow += beta(s, t)
  return Math.min(slow, MOST)
}
