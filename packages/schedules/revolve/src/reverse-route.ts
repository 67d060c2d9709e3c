/**
 * Reverses the steps stretch after stretch, each in memory alone by binomial checkpointing (Griewank & Walther 2000,
 * doi:10.1145/347837.347846). What happens on disk between two stretches is up to the route. Revolve itself is the case of one stretch.
 *
 * ```
 * 0           4           8
 * D---------->D---------->             the route: to the start of the last stretch, with checkpoints on disk on the way
 *                         R->R->|      the last stretch first, with checkpoints in memory
 *             R->R->|                  the route reads the disk, then the stretch before
 * ```
 */
import { optimalSplit } from '@checkpoint-schedules/binomial'
import {
  type Action,
  advance,
  copy,
  endForward,
  endReverse,
  move,
  reverse,
  store,
  tape,
} from '@checkpoint-schedules/core'

/**
 * Actions on disk, and numbers: n asks for the steps from n on to be reversed, up to those that are reversed already. The forward stands
 * at n then. The last number is 0.
 */
export type Route = Iterable<Action | number>

/** Without a disk: all steps in one stretch. */
export const oneStretch: Route = [0]

/**
 * The actions of a whole run. O(slots) memory besides the route, O(log t) time for each action.
 *
 * @param slots - Checkpoints in memory, at least 1.
 * @param storage - The name of the memory.
 */
export function* reverseRoute(
  steps: number,
  slots: number,
  route: Route,
  storage = 'RAM',
): Generator<Action> {
  const stack: number[] = [] // the step whose restart data is in each slot in memory
  let end = steps
  for (const part of route) {
    if (typeof part === 'object') {
      yield part
      continue
    }
    for (let n = part; end > part; end--) {
      // Sweep to the last step not reversed yet, with a checkpoint in each free slot on the way.
      while (n < end - 1) {
        const m = optimalSplit(end - n, slots - stack.length, 'largest')
        yield store(n, n + m, storage)
        stack.push(n)
        n += m
      }
      yield tape(end - 1)
      if (end === steps) yield endForward()
      yield reverse(end - 1)
      // Go back to the last checkpoint: for the last time if it is at the next step to reverse.
      const last = stack.pop()
      if (last === undefined) continue // that was the stretch's first step
      n = last
      if (n === end - 2) {
        yield move(n, storage)
      } else {
        yield copy(n, storage)
        const m = optimalSplit(end - 1 - n, slots - stack.length, 'largest')
        stack.push(n)
        yield advance(n, n + m)
        n += m
      }
    }
  }
  yield endReverse()
}
