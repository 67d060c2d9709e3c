/**
 * The least cost of reversing a run of unknown length, by exhaustive search. There is nothing of the rule that places the checkpoints in
 * it, and no formula: only that the forward may store where it stands and that at most `slots` checkpoints are held.
 *
 * A set of held steps is a number whose bit n says that step n is held.
 */

/** The steps of a set. */
export function stepsOf(set: number): number[] {
  return Array.from({ length: 32 - Math.clz32(set) }, (_, n) => n).filter((n) => (set >> n) & 1)
}

export const setOf = (steps: readonly number[]) => steps.reduce((set, step) => set | (1 << step), 0)

/** Sets that may be held when the forward of one is to go on from the other: all of at most `slots` out of `set`, 0 always. */
function* subsets(set: number, slots: number): Generator<number> {
  const steps = stepsOf(set).slice(1)
  const choose = function* (from: number, chosen: number, left: number): Generator<number> {
    yield chosen
    if (left === 0) return
    for (let i = from; i < steps.length; i++) yield* choose(i + 1, chosen | (1 << steps[i]!), left - 1)
  }
  yield* choose(0, 1, slots - 1)
}

/** What reversing costs, with any reverse at all: it may go back to any checkpoint, and store and discard on the way. */
export class Reverses {
  readonly #slots: number
  readonly #known = new Map<string, number>()

  constructor(slots: number) {
    this.#slots = slots
  }

  /** The fewest forward steps, taped ones included, that reverse the steps below `end` with the checkpoints of `held`. */
  least(held: number, end: number): number {
    if (end === 0) return 0
    const within = held & ((1 << end) - 1)
    const key = `${within} ${end}`
    const known = this.#known.get(key)
    if (known !== undefined) return known
    let least = Infinity
    for (const from of stepsOf(within)) {
      // On the way from there to the last step all places are passed. Those on a way from an earlier one, too, for more steps.
      let onTheWay = 0
      for (let n = from + 1; n < end - 1; n++) onTheWay |= 1 << n
      for (const next of subsets(within | onTheWay, this.#slots)) {
        const cost = end - from + this.least(next, end - 1)
        if (cost < least) least = cost
      }
    }
    this.#known.set(key, least)
    return least
  }
}

/** The same for two slots and long runs: `[end][p]`, with step p held besides step 0; nothing else for p = 0. */
export function leastWithTwo(most: number): number[][] {
  const least = [[0]]
  for (let end = 1; end <= most; end++) {
    const before = (p: number) => least[end - 1]![p < end - 1 ? p : 0]!
    least.push(
      Array.from({ length: end }, (_, p) => {
        let cost = Infinity
        for (const from of [0, p]) {
          const rest = Math.min(before(0), before(p))
          cost = Math.min(cost, end - from + rest)
          for (let n = from + 1; n < end - 1; n++) cost = Math.min(cost, end - from + before(n))
        }
        return cost
      }),
    )
  }
  return least
}

/** All sets that an online placement may hold at step n + 1 if it may hold one of `before` at step n. */
export function onwards(before: Iterable<number>, n: number, slots: number): Set<number> {
  const sets = new Set<number>()
  for (const set of before) for (const next of subsets(set | (1 << n), slots)) sets.add(next)
  return sets
}

/** Whether `steps` steps can be reversed, their end learnt after the last one, with no step advanced more than `most` times before it is taped. */
export function canRepeatAtMost(most: number, steps: number, slots: number): boolean {
  const known = new Map<string, boolean>()
  const can = (held: number, left: readonly number[]): boolean => {
    const end = left.length
    if (end === 0) return true
    const within = held & ((1 << end) - 1)
    const key = `${within} ${left.join()}`
    const before = known.get(key)
    if (before !== undefined) return before
    known.set(key, false)
    const possible = stepsOf(within).some((from) => {
      const after = left.slice(0, end - 1)
      for (let n = from; n < end - 1; n++) after[n]! -= 1
      if (after.some((it) => it < 0)) return false
      let onTheWay = 0
      for (let n = from + 1; n < end - 1; n++) onTheWay |= 1 << n
      for (const next of subsets(within | onTheWay, slots)) if (can(next, after)) return true
      return false
    })
    known.set(key, possible)
    return possible
  }
  if (most < 1) return false
  const all = (1 << steps) - 1
  const left = Array.from({ length: steps }, () => most - 1) // the forward takes each once
  return [...subsets(all, slots)].some((held) => can(held, left))
}
