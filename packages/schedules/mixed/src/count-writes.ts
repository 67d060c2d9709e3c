/**
 * How many checkpoints a Mixed schedule writes, without running it.
 *
 * Only the multiset of subproblems matters, and few distinct ones occur: each is taken once, with its count, from many free
 * checkpoints to few and from many steps to few.
 */
import type { Pieces } from '@checkpoint-schedules/core'
import { advanceFrom, storesDependencies } from './least-steps.js'

/** Beyond this many subproblems, on top of one for each checkpoint, counting would take minutes. */
const MOST_SUBPROBLEMS = 2 ** 17

/** Beyond this many checkpoints as well. */
const MOST_CHECKPOINTS = 2 ** 26

/** Subproblems between two yields: a millisecond or so. */
const PIECE = 512

/** Checkpoints written, by what they hold. */
export interface Writes {
  readonly states: number
  readonly tapes: number
}

/**
 * The checkpoints written to reverse n steps with s checkpoints, s <= n-1. Exact below 2^53; `undefined` if counting would take
 * minutes. In pieces.
 */
export function* countWrites(n: number, s: number): Pieces<Writes | undefined> {
  if (n === s + 1) return { states: 0, tapes: s }
  if (s > MOST_CHECKPOINTS) return undefined
  let [states, tapes, done] = [0, 0, 0]
  let left = MOST_SUBPROBLEMS + s
  let fresh = new Map([[n, 1]]) // steps with nothing stored at the first one
  for (let free = s; free >= 1; free--) {
    const rest = new Map<number, number>() // what follows, with one free checkpoint less
    const again = new Map<number, number>() // steps with restart data at the first one, in one of the free checkpoints
    left -= fresh.size
    done += 1 + fresh.size
    if (done >= PIECE) {
      yield
      done = 0
    }
    for (const [n, count] of fresh) {
      if (n <= free + 1) tapes += count * (n - 1)
      else if (storesDependencies(n, free)) {
        tapes += count
        add(rest, n - 1, count)
      } else {
        states += count
        const i = advanceFrom(n, free)
        add(rest, n - i, count)
        add(again, i, count)
      }
    }
    for (let n = largest(again); n > 0; n = largest(again)) {
      const count = again.get(n)!
      again.delete(n)
      left -= 1
      done += 1
      if (left < 0) return undefined
      if (done % PIECE === 0) yield
      if (n <= free + 1) tapes += count * (n - 1)
      else if (free === 1) tapes += count // read again for each step; the tape of the last but one takes its place
      else {
        const i = advanceFrom(n, free)
        add(rest, n - i, count)
        add(again, i, count)
      }
    }
    fresh = rest
  }
  return { states, tapes }
}

function add(counts: Map<number, number>, n: number, count: number): void {
  counts.set(n, (counts.get(n) ?? 0) + count)
}

function largest(counts: Map<number, number>): number {
  let most = 0
  for (const n of counts.keys()) if (n > most) most = n
  return most
}
