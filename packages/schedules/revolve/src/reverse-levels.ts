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

/** The actions of a whole run. O(slots) memory, O(log t) time for each action. */
export function* reverseLevels(steps: number, levels: readonly Level[]): Generator<Action> {
  // A stack of checkpoints: the step, its level, and the slots of that level that were free, its own included.
  const stack: { n: number; k: number; m: number }[] = []
  let n = 0
  let k = levels.length - 1
  let m = levels[k]!.slots
  for (let end = steps; end > 0; end--) {
    // On to the last step not reversed yet, with a checkpoint wherever it pays, at the level where it pays.
    while (n < end - 1) {
      const j = levels[k]!.split(end - 1 - n, m)
      if (j <= 0) {
        m = levels[--k]!.slots
        continue
      }
      yield store(n, n + j, levels[k]!.storage)
      stack.push({ n, k, m })
      n += j
      m -= 1
    }
    yield tape(end - 1)
    if (end === steps) yield endForward()
    yield reverse(end - 1)
    if (end === 1) break
    // Back to the last checkpoint: for the last time if its step is next, or if the levels below do the rest.
    const top = stack[stack.length - 1]!
    ;({ n, k, m } = top)
    const j = n === end - 2 ? 0 : Math.abs(levels[k]!.split(end - 2 - n, m))
    if (j === 0) {
      stack.pop()
      yield move(n, levels[k]!.storage)
      if (k > 0) m = levels[--k]!.slots
    } else {
      yield copy(n, levels[k]!.storage)
      yield advance(n, n + j)
      n += j
      m -= 1
    }
  }
  yield endReverse()
}
