/**
 * ExampleSchedule: a checkpoint every `period` steps; within a period, each step is reached again from its checkpoint.
 *
 * ```
 * 0       P       2P      N
 * +------->+------->+-----|>     forward: a checkpoint at the start of each period, the tape of the last step
 *                   +--|>        reverse: from the checkpoint to each step, the last one first
 * ```
 */
import {
  advance,
  copy,
  defaultCosts,
  defineSchedule,
  endForward,
  endReverse,
  integer,
  move,
  reverse,
  store,
  tape,
} from '@checkpoint-schedules/core'

/**
 * Keeps a checkpoint in memory every `period` steps and recomputes within the period. One adjoint.
 *
 * Memory: ceil((steps - 1) / period) checkpoints. Cost: about steps × (period + 3) / 2 forward steps. Time: O(1) for each action.
 *
 * @throws `INVALID_OPTION`
 * @example
 * ```ts
 * import { exampleSchedule } from '@checkpoint-schedules/example-schedule'
 *
 * exampleSchedule({ steps: 10, period: 3 }).manifest.limits // { RAM: 3 }
 * ```
 */
export const exampleSchedule = defineSchedule({
  name: 'ExampleSchedule',
  summary: 'A checkpoint every few steps, recomputation between them.',
  whenToUse:
    'When a fixed distance between checkpoints is wanted. Multistage takes the fewest forward steps for as many checkpoints.',
  references: [],
  options: {
    steps: integer({ min: 1, help: 'time steps of the forward' }),
    period: integer({ min: 1, help: 'steps between checkpoints' }),
  },
  online: false,
  adjoints: 1,
  limits: ({ options: { steps, period } }) => ({ RAM: Math.ceil((steps - 1) / period) }),
  *actions({ options: { steps, period } }) {
    const last = steps - 1
    for (let n = 0; n < last; n += period) yield store(n, Math.min(n + period, last), 'RAM')
    yield tape(last)
    yield endForward()
    yield reverse(last)
    for (let n = last - 1; n >= 0; n--) {
      const checkpoint = n - (n % period)
      yield n === checkpoint ? move(n, 'RAM') : copy(checkpoint, 'RAM')
      if (checkpoint < n) yield advance(checkpoint, n)
      yield tape(n)
      yield reverse(n)
    }
    yield endReverse()
  },
  optimum({ options: { steps, period } }) {
    const [periods, rest] = [Math.floor((steps - 1) / period), (steps - 1) % period]
    const again = (periods * period * (period + 1) + rest * (rest + 1)) / 2
    const forwardSteps = steps + again
    const { forwardStep, adjointStep } = defaultCosts
    return { forwardSteps, makespan: forwardSteps * forwardStep + steps * adjointStep }
  },
})
