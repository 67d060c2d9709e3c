/**
 * Online against what is true of any schedule that does not know its end: laws and repetitions on CASES / 10 random cases (1,000 by
 * default, 100,000 in `pnpm laws`; SEED repeats a run), and optimality by exhaustive search for small ones.
 */
import { beta, extraSteps, repetitions } from '@checkpoint-schedules/binomial'
import { online } from '@checkpoint-schedules/online'
import { simulate } from '@checkpoint-schedules/simulator'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { canRepeatAtMost, leastWithTwo, onwards, Reverses, setOf } from './support/online-search.js'

const cases = Number(process.env['CASES'] ?? 10_000)
const seed = Number(process.env['SEED'] ?? Math.floor(Math.random() * 2 ** 31))

/** N + E(N+1, s): the fewest forward steps if the last step was taken before anybody knows that it is the last. */
const fewest = (steps: number, slots: number) => steps + extraSteps(steps + 1, slots)

/** The most times that any step is advanced without being taped. */
function mostRepeated(snapshots: number, steps: number): number {
  const change = new Int32Array(steps + 1)
  for (const action of online({ snapshots }).start({ steps })) {
    if (action.type !== 'Forward' || action.writeAdjDeps) continue
    change[action.n0]! += 1
    change[Math.min(action.n1, steps)]! -= 1
  }
  let [most, advances] = [0, 0]
  for (const it of change) {
    advances += it
    most = Math.max(most, advances)
  }
  return most
}

/** What is held when the forward has ended. */
function heldAt(snapshots: number, steps: number): number[] {
  const held = new Set<number>()
  for (const action of online({ snapshots }).start({ steps })) {
    if (action.type === 'EndForward') break
    if (action.type === 'Discard') held.delete(action.n)
    if (action.type === 'Forward') held.add(action.n0)
  }
  return [...held]
}

test(`the laws hold, and no step is repeated more often than it must be (seed ${seed})`, () => {
  const some = fc.oneof(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 60 }))
  fc.assert(
    fc.property(some, fc.integer({ min: 1, max: 400 }), (snapshots, steps) => {
      const schedule = online({ snapshots })
      const { violations, peak, forwardSteps, discards, writes } = simulate(schedule, { steps })
      if (violations.length > 0) throw new Error(violations[0]!.message)
      if (peak['RAM'] !== Math.min(snapshots, steps)) throw new Error(`holds ${peak['RAM']}`)
      if (discards['RAM']! > writes['RAM']!) throw new Error('discards more than it stores')
      if (schedule.optimum(steps)!.forwardSteps !== forwardSteps) throw new Error(`takes ${forwardSteps}`)
      const [most, right] = [mostRepeated(snapshots, steps), repetitions(steps + 1, snapshots)]
      if (most !== right) throw new Error(`a step is advanced ${most} times, not ${right}`)
      if (forwardSteps > 1.1 * fewest(steps, snapshots)) throw new Error(`takes ${forwardSteps}`)
    }),
    { numRuns: Math.ceil(cases / 10), seed, includeErrorInReport: true },
  )
}, 3_600_000)

describe('exhaustive search', () => {
  test.each([
    [1, 9],
    [2, 9],
    [3, 9],
  ])('with %i checkpoints no schedule repeats its steps less often, up to %i steps', (slots, most) => {
    for (let steps = 1; steps <= most; steps++) {
      const t = mostRepeated(slots, steps)
      expect(canRepeatAtMost(t, steps, slots), `${steps} steps`).toBe(true)
      expect(canRepeatAtMost(t - 1, steps, slots), `${steps} steps`).toBe(false)
    }
  })

  const sizes = [
    [1, 24],
    [2, 24],
    [3, 18],
    [4, 16],
  ] as const

  test.each(sizes)(
    'with %i checkpoints the best that learns of its end afterwards takes N + E(N+1, s) steps, and the reverse is the best for what is held, up to %i steps',
    (slots, most) => {
      const reverses = new Reverses(slots)
      for (let steps = 1; steps <= most; steps++) {
        const anything = (2 ** steps - 1) | 0
        let least = Infinity
        for (const held of onwards([anything], steps - 1, slots))
          least = Math.min(least, steps + reverses.least(held, steps))
        expect(least, `${steps} steps`).toBe(fewest(steps, slots))
        const ours = online({ snapshots: slots }).optimum(steps)!.forwardSteps
        expect(ours, `${steps} steps`).toBe(steps + reverses.least(setOf(heldAt(slots, steps)), steps))
      }
    },
  )

  test.each([2, 3, 4])(
    'with %i checkpoints no placement stays without excess beyond beta(s, 2), whatever its reverse, and this one gets that far',
    (slots) => {
      const reverses = new Reverses(slots)
      const isBest = (held: number, steps: number) =>
        steps + reverses.least(held, steps) === fewest(steps, slots)
      // All sets that a placement may hold that had no excess so far.
      let sets = new Set([1])
      for (let steps = 1; sets.size > 0; steps++) {
        const isOurs = sets.has(setOf(heldAt(slots, steps)))
        if (steps <= beta(slots, 2)) expect(isOurs && isBest(setOf(heldAt(slots, steps)), steps)).toBe(true)
        sets = new Set([...sets].filter((held) => isBest(held, steps)))
        expect(sets.size > 0, `${steps} steps`).toBe(steps <= beta(slots, 2))
        sets = onwards(sets, steps, slots)
      }
    },
  )

  test('with 2 checkpoints the worst excess is 9.7 %; no placement has less unless its reverse moves a checkpoint on, then 9.1 %', () => {
    const most = 200
    const worst = (taken: (steps: number) => number) => {
      const excesses = Array.from({ length: most }, (_, i) => taken(i + 1) / fewest(i + 1, 2))
      const highest = Math.max(...excesses)
      return { excess: highest, steps: excesses.indexOf(highest) + 1 }
    }
    const ours = worst((steps) => online({ snapshots: 2 }).optimum(steps)!.forwardSteps)
    expect([ours.excess.toFixed(4), ours.steps]).toEqual(['1.0968', 29])

    // The least worst excess so far, if step p is held besides step 0 (0: nothing is).
    const bestPlacement = (reverse: (steps: number, p: number) => number) => {
      let held = new Map([[0, 1]])
      for (let steps = 1; steps <= most; steps++) {
        const next = new Map<number, number>()
        for (const [p, before] of held) {
          const excess = Math.max(before, (steps + reverse(steps, p)) / fewest(steps, 2))
          for (const q of [0, p, steps]) next.set(q, Math.min(excess, next.get(q) ?? Infinity))
        }
        held = next
      }
      return Math.min(...held.values())
    }
    const alone = (steps: number, slots: number) => steps + extraSteps(steps, slots)
    const byInterval = (steps: number, p: number) =>
      p === 0 ? alone(steps, 2) : Math.min(alone(steps, 2), alone(p, 2) + alone(steps - p, 1))
    expect(bestPlacement(byInterval)).toBe(ours.excess)
    const least = leastWithTwo(most)
    expect(bestPlacement((steps, p) => least[steps]![p]!)).toBeCloseTo(12 / 11, 12)
  })
})
