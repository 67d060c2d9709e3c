import { beta, extraSteps } from '@checkpoint-schedules/binomial'
import { formatAction, type Schedule } from '@checkpoint-schedules/core'
import { testSchedule } from '@checkpoint-schedules/testkit'
import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { online } from '../src/index.js'
import { Placement } from '../src/placement.js'

testSchedule(online, { describe, it })

const lines = (schedule: Schedule, steps: number) =>
  Array.from(schedule.start({ steps }), (action) => formatAction(action))

test('the actions of a small case', () => {
  expect(lines(online({ snapshots: 2 }), 4)).toEqual([
    'Forward(0, 1, true, false, RAM)',
    'Forward(1, 3, true, false, RAM)',
    'Discard(1, RAM)',
    'Forward(3, 6, true, false, RAM)',
    'EndForward()',
    'Move(3, RAM, FWD_RESTART)',
    'Forward(3, 4, false, true, ADJ_DEPS)',
    'Reverse(4, 3, true)',
    'Copy(0, RAM, FWD_RESTART)',
    'Forward(0, 1, false, false, FWD_RESTART)',
    'Forward(1, 2, true, false, RAM)',
    'Forward(2, 3, false, true, ADJ_DEPS)',
    'Reverse(3, 2, true)',
    'Move(1, RAM, FWD_RESTART)',
    'Forward(1, 2, false, true, ADJ_DEPS)',
    'Reverse(2, 1, true)',
    'Move(0, RAM, FWD_RESTART)',
    'Forward(0, 1, false, true, ADJ_DEPS)',
    'Reverse(1, 0, true)',
    'EndReverse()',
  ])
})

test('the forward with three checkpoints', () => {
  const forward = lines(online({ snapshots: 3 }), 12)
  expect(forward.slice(0, forward.indexOf('EndForward()'))).toEqual([
    'Forward(0, 1, true, false, RAM)',
    'Forward(1, 2, true, false, RAM)',
    'Forward(2, 4, true, false, RAM)',
    'Discard(2, RAM)',
    'Forward(4, 6, true, false, RAM)',
    'Discard(1, RAM)',
    'Forward(6, 7, true, false, RAM)',
    'Discard(6, RAM)',
    'Forward(7, 10, true, false, RAM)',
    'Discard(7, RAM)',
    'Forward(10, 13, true, false, RAM)',
  ])
})

test('one checkpoint, one step, fewer steps than checkpoints', () => {
  expect(lines(online({ snapshots: 1 }), 2).slice(0, 2)).toEqual([
    'Forward(0, 9007199254740991, true, false, RAM)',
    'EndForward()',
  ])
  expect(online({ snapshots: 1 }).optimum(100)).toEqual({ forwardSteps: 5150, makespan: 5250 })
  for (const snapshots of [1, 2, 50]) expect(online({ snapshots }).optimum(1)?.forwardSteps).toBe(2)
  const few = online({ snapshots: 50 })
  expect([few.limits(4), few.limits(), few.manifest.limits]).toEqual([{ RAM: 4 }, { RAM: 50 }, { RAM: 50 }])
  expect(few.optimum(4)?.forwardSteps).toBe(8)
})

test('the forward may end anywhere within a Forward, but not at a Discard', () => {
  const run = online({ snapshots: 2 }).start()
  const actions: string[] = []
  for (const action of run) {
    actions.push(formatAction(action))
    if (action.type === 'Discard' && run.steps === undefined)
      expect(() => run.finalize(3)).toThrow(/finalize\(3\) is legal only directly after a Forward/)
    if (action.type === 'Forward' && action.n1 === 6) run.finalize(4)
  }
  expect(actions).toEqual(lines(online({ snapshots: 2 }), 4))
})

describe('at any moment', () => {
  const sizes = [fc.integer({ min: 2, max: 40 }), fc.integer({ min: 1, max: 3000 })] as const

  test('every interval is within its cap, so that no step is repeated too often', () => {
    fc.assert(
      fc.property(...sizes, (slots, steps) => {
        const placement = new Placement(slots)
        let phase = 0
        for (let n = 0; n < steps;) {
          n = placement.keep(n).next
          const { held } = placement
          // The end may come at any step up to n.
          while (n > beta(slots, phase + 1) - 1) phase += 1
          const isTooLong = (step: number, i: number) => (held[i + 1] ?? n) - step > beta(slots - i, phase)
          if (held.length > slots || held.some(isTooLong)) throw new Error(`at ${n}: ${held.join()}`)
        }
      }),
      { numRuns: 100 },
    )
  })

  test('a phase ends with every interval at its cap, and the walk that starts there goes the same way', () => {
    for (const [slots, most] of [
      [2, 9],
      [3, 7],
      [5, 5],
      [12, 3],
    ] as const) {
      const whole = new Placement(slots)
      let n = 0
      for (let phase = 1; phase <= most; phase++) {
        while (n < beta(slots, phase)) n = whole.keep(n).next
        const fromStart = Placement.atStartOf(phase, slots)
        expect(n).toBe(beta(slots, phase))
        expect(fromStart.held).toEqual(whole.held)
        for (let at = n; at < beta(slots, phase + 1);) {
          const kept = whole.keep(at)
          expect(fromStart.keep(at)).toEqual(kept)
          at = n = kept.next
        }
      }
    }
  })
})

test('no more steps than the best that does not know the end takes, up to beta(s, 2), and where phases end', () => {
  for (let snapshots = 1; snapshots <= 12; snapshots++) {
    const schedule = online({ snapshots })
    const best = (steps: number) => steps + extraSteps(steps + 1, snapshots)
    for (let steps = 1; steps <= beta(snapshots, 2); steps++)
      expect(schedule.optimum(steps)?.forwardSteps).toBe(best(steps))
    for (let t = 1; t <= 5; t++) {
      for (const steps of [beta(snapshots, t) - 1, beta(snapshots, t)])
        expect(schedule.optimum(steps)?.forwardSteps).toBe(best(steps))
    }
  }
})

test('optimum is undefined where finding it would take long', () => {
  expect(online({ snapshots: 10 }).optimum(1e12)).toBeUndefined()
  expect(online({ snapshots: 3 }).optimum(Number.MAX_SAFE_INTEGER)).toBeUndefined()
  expect(online({ snapshots: 2 ** 53 - 1 }).optimum(10 ** 9)?.forwardSteps).toBe(2 * 10 ** 9)
})
