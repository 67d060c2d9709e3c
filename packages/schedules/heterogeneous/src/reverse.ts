/**
 * From decisions to actions. Checkpoints form a stack: what was stored last is needed first.
 *
 * ```
 * 0   1   2   3
 * +------->                restart data of step 0, advance to 2
 *         |--->  <---|     tape and reverse step 2
 * |--->+                   from the restart data of 0: now the tape of 0 is kept …
 *     |--->  <---|         … and 1 reversed, then 0 from its tape
 * ```
 */
import {
  type Action,
  advance,
  copy,
  endForward,
  endReverse,
  move,
  moveTape,
  reverse,
  store,
  storeTape,
  tape,
} from '@checkpoint-schedules/core'
import type { Arrival, Decisions, Place } from './decisions.js'

interface Checkpoint {
  readonly n: number
  readonly storage: Place
  /** Restart data: the steps n … end-1 are reversed from it, with this level free once it is read. */
  readonly restart?: { readonly end: number; readonly level: number }
}

/** The actions that reverse `steps` steps. Memory O(checkpoints); one decision for each Forward. */
export function* reverseChain(steps: number, decisions: Decisions): Generator<Action, void> {
  const stack: Checkpoint[] = []
  let i = 0
  let j = steps
  let level = decisions.top
  let arrival: Arrival = 'new'
  for (;;) {
    const decision = decisions.decide(i, j, level, arrival)
    const again = decision.choice === 'store' && decision.storage === arrival
    if (arrival !== 'new') yield again ? copy(i, arrival) : move(i, arrival)

    if (decision.choice === 'store') {
      const { storage, k } = decision
      yield again ? advance(i, k) : store(i, k, storage)
      stack.push({ n: i, storage, restart: { end: k, level } })
      i = k
      ;({ level } = decision)
      arrival = 'new'
      continue
    }
    if (decision.choice === 'keep') {
      yield storeTape(i, decision.storage)
      stack.push({ n: i, storage: decision.storage })
      i += 1
      ;({ level } = decision)
      arrival = 'new'
      continue
    }

    yield tape(i)
    if (i + 1 === steps) yield endForward()
    yield reverse(i)
    let top = stack.pop()
    for (; top !== undefined && top.restart === undefined; top = stack.pop()) {
      yield moveTape(top.n, top.storage)
      yield reverse(top.n)
    }
    if (top?.restart === undefined) break
    i = top.n
    j = top.restart.end
    level = top.restart.level
    arrival = top.storage
  }
  yield endReverse()
}
