/**
 * Online: a bounded number of checkpoints for a forward whose end nobody knows (Wang, Moin & Iaccarino 2009, Stumm & Walther 2010).
 *
 * The insight: thin the checkpoints out so that at any moment, if the end came now, no step would have to be taken more often than an
 * optimal schedule for that many steps takes its busiest one.
 *
 * ```
 * 0   1   2   3   4   5   6   7         3 slots
 * R---R---R------>                      the first steps are stored one by one
 * R---R---x-------R------>              step 2 is discarded, unread, so that step 4 can be stored
 * R---x-----------R-------R--->         …
 * ```
 */
import { optimalSplit } from '@checkpoint-schedules/binomial'
import {
  advance,
  choice,
  copy,
  defaultCosts,
  defineSchedule,
  discard,
  endForward,
  endReverse,
  integer,
  move,
  reverse,
  stepsTime,
  store,
  tape,
} from '@checkpoint-schedules/core'
import { forwardStepsOf } from './forward-steps.js'
import { Placement } from './placement.js'
import { griewankWalther2000, stummWalther2010, wang2009 } from './references.js'

/**
 * Reverses a forward of unknown length with at most `snapshots` checkpoints in memory. Online; one adjoint.
 *
 * Whatever N turns out to be, no step is advanced more often than the best schedule for N+1 steps must advance its busiest one, and up
 * to N = (snapshots+1)(snapshots+2)/2 no schedule takes fewer forward steps that stores restart data only and learns of the end after
 * the last step. Beyond, the excess is at most 9.7 % for 2 checkpoints, 1.6 % for 10 and 0.07 % for 30 (measured up to N = 10^6).
 *
 * Memory: O(snapshots). Time: O(log t) for each action, where t is the most times that any step is recomputed; a Discard takes O(snapshots)
 * at worst. `optimum(steps)` takes O(steps/t) time, and is `undefined` if that would be long: for more than 10^6 checkpoints in the last phase.
 *
 * @throws `INVALID_OPTION`
 * @example
 * ```ts
 * import { online } from '@checkpoint-schedules/online'
 *
 * online({ snapshots: 10 }).optimum(1000) // { forwardSteps: 4640, makespan: 5640 }
 * ```
 */
export const online = defineSchedule({
  name: 'Online',
  summary:
    'A bounded number of checkpoints in memory for an unknown number of steps, with minimal repetition.',
  whenToUse:
    'When the number of steps is not known in advance (adaptive steps, events, convergence) and checkpoints must fit in memory. If it is known, Multistage takes fewer steps; TwoLevel permits several adjoints, with a disk that grows with the run.',
  references: [wang2009, stummWalther2010, griewankWalther2000],
  options: {
    snapshots: integer({ min: 1, unit: 'checkpoints', short: 'ram', help: 'checkpoints in memory' }),
    trajectory: choice({
      choices: ['maximum', 'revolve'],
      default: 'maximum',
      help: 'which of the equally good placements the reverse takes',
    }),
  },
  contents: ['restart'],
  optionsWithin: ({ steps, ram }) =>
    ram > 0 ? [{ snapshots: Math.min(ram, steps) }] : 'needs a checkpoint in memory',
  online: true,
  adjoints: 1,
  limits: ({ options: { snapshots }, steps }) => ({ RAM: Math.min(snapshots, steps ?? snapshots) }),

  *actions({ options: { snapshots, trajectory }, run }) {
    const placement = new Placement(snapshots)
    for (let n = 0; run.steps === undefined;) {
      const { discarded, next } = placement.keep(n)
      if (discarded !== undefined) yield discard(discarded, 'RAM')
      yield store(n, next, 'RAM')
      n = next
    }
    yield endForward()
    const stack = placement.held
    for (let end = run.steps; end > 0; end--) {
      // Go back to the last checkpoint: for the last time if it is at the next step to reverse.
      const slot = stack.length - 1
      let n = stack[slot]!
      if (n === end - 1) {
        stack.pop()
        yield move(n, 'RAM')
      } else {
        yield copy(n, 'RAM')
        const m = optimalSplit(end - n, snapshots - slot, trajectory)
        yield advance(n, n + m)
        n += m
      }
      // Sweep to that step, with a checkpoint in each free slot on the way.
      while (n < end - 1) {
        const m = optimalSplit(end - n, snapshots - stack.length, trajectory)
        yield store(n, n + m, 'RAM')
        stack.push(n)
        n += m
      }
      yield tape(end - 1)
      yield reverse(end - 1)
    }
    yield endReverse()
  },

  optimum({ options: { snapshots }, steps, costs = defaultCosts }) {
    const forwardSteps = forwardStepsOf(steps, snapshots)
    if (forwardSteps === undefined) return undefined
    return { forwardSteps, makespan: stepsTime(costs, steps, forwardSteps) }
  },
})
