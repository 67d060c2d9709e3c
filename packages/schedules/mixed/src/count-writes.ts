/**
 * How many checkpoints a Mixed schedule writes, without running it.
 *
 * Only the multiset of subproblems matters, and few distinct ones occur: each is taken once, with its count, from many free
 * checkpoints to few and from many steps to few.
 */
import type { Pieces } from '@checkpoint-schedules/core'
import { advanceFrom, storesDependencies } from './least-steps.js'

/** Beyond this many decisions, each of which takes some ten microseconds, counting would take many seconds. */
const MOST_DECISIONS = 2 ** 16

/** Beyond this many checkpoints as well. */
const MOST_CHECKPOINTS = 2 ** 20

/** Subproblems between two yields: a millisecond or two. */
const PIECE = 64

/** Checkpoints written, by what they hold. */
export interface Writes {
  readonly states: number
  readonly tapes: number
}

/**
 * The checkpoints written to reverse n steps with s checkpoints, s <= n-1. Exact below 2^53; `undefined` if counting would take
 * many seconds. In pieces.
 */
export function* countWrites(n: number, s: number): Pieces<Writes | undefined> {
  if (n === s + 1) return { states: 0, tapes: s }
  if (s > MOST_CHECKPOINTS) return undefined
  let [states, tapes, done] = [0, 0, 0]
  let left = MOST_DECISIONS
  let fresh = new Map([[n, 1]]) // steps with nothing stored at the first one
  for (let free = s; free >= 1; free--) {
    const rest = new Map<number, number>() // what follows, with one free checkpoint less
    const again = new Map<number, number>() // steps with restart data at the first one, in one of the free checkpoints
    for (const [n, count] of fresh) {
      if (++done % PIECE === 0) yield
      if (n <= free + 1) {
        tapes += count * (n - 1)
        continue
      }
      left -= 1
      if (left < 0) return undefined
      if (storesDependencies(n, free)) {
        tapes += count
        add(rest, n - 1, count)
      } else {
        states += count
        const i = advanceFrom(n, free)
        add(rest, n - i, count)
        add(again, i, count)
      }
    }
    const queue = new LargestFirst(again)
    for (let next = queue.take(); next !== undefined; next = queue.take()) {
      if (++done % PIECE === 0) yield
      const { n, count } = next
      if (n <= free + 1) tapes += count * (n - 1)
      else if (free === 1) tapes += count // read again for each step; the tape of the last but one takes its place
      else {
        left -= 1
        if (left < 0) return undefined
        const i = advanceFrom(n, free)
        add(rest, n - i, count)
        queue.add(i, count)
      }
    }
    fresh = rest
  }
  return { states, tapes }
}

function add(counts: Map<number, number>, n: number, count: number): void {
  counts.set(n, (counts.get(n) ?? 0) + count)
}

interface Counted {
  readonly n: number
  count: number
}

/** Counts, taken from the largest n down. What is added in between is less than what was taken last, and as a rule than all added before. */
class LargestFirst {
  readonly #given: Counted[]
  readonly #added: Counted[] = []
  #i = 0
  #j = 0

  constructor(counts: ReadonlyMap<number, number>) {
    this.#given = Array.from(counts, ([n, count]) => ({ n, count })).toSorted((a, b) => b.n - a.n)
  }

  add(n: number, count: number): void {
    let place = this.#added.length
    while (place > this.#j && this.#added[place - 1]!.n < n) place--
    const same = this.#added[place - 1]
    if (place > this.#j && same?.n === n) same.count += count
    else this.#added.splice(place, 0, { n, count })
  }

  take(): Counted | undefined {
    const [one, other] = [this.#given[this.#i], this.#added[this.#j]]
    if (one === undefined && other === undefined) return undefined
    const n = Math.max(one?.n ?? 0, other?.n ?? 0)
    let count = 0
    if (one?.n === n) {
      count += one.count
      this.#i += 1
    }
    if (other?.n === n) {
      count += other.count
      this.#j += 1
    }
    return { n, count }
  }
}
