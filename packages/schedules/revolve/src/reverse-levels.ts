/** The actions that H-Revolve's tables stand for. */
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
import type { Level } from './level-tables.js'

/** Restart data of step n, stored at level k when that level had this many slots left, its own included. */
interface Checkpoint {
  readonly n: number
  readonly k: number
  readonly free: number
}

/** The actions of a whole run. O(slots) memory, O(log t) time for each action. */
export function* reverseLevels(steps: number, levels: readonly Level[]): Generator<Action> {
  const stack: Checkpoint[] = []
  let n = 0
  let k = levels.length - 1 // the level at work
  let free = levels[k]!.slots // its slots without a checkpoint
  for (let end = steps; end > 0; end--) {
    // On to the last step not reversed yet, with a checkpoint wherever it pays, at the level where it pays.
    while (n < end - 1) {
      const level = levels[k]!
      const j = level.storeThenAdvance(end - 1 - n, free)
      if (j === 0) {
        free = levels[--k]!.slots
        continue
      }
      yield store(n, n + j, level.storage)
      stack.push({ n, k, free })
      n += j
      free -= 1
    }
    yield tape(end - 1)
    if (end === steps) yield endForward()
    yield reverse(end - 1)
    // Back to the last checkpoint: for the last time if its step is next, or if the levels below do the rest.
    const last = stack.pop()
    if (last === undefined) break
    n = last.n
    k = last.k
    free = last.free
    const level = levels[k]!
    const j = n === end - 2 ? 0 : level.advanceAgain(end - 2 - n, free)
    if (j === 0) {
      yield move(n, level.storage)
      if (k > 0) free = levels[--k]!.slots
    } else {
      stack.push(last)
      yield copy(n, level.storage)
      yield advance(n, n + j)
      n += j
      free -= 1
    }
  }
  yield endReverse()
}
