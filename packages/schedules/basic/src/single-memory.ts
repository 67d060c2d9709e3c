/** SingleMemory: everything stays in working memory; nothing is ever recomputed. */
import {
  defaultCosts,
  defineSchedule,
  endForward,
  endReverse,
  keepAll,
  reverseAll,
  stepsTime,
  UNBOUNDED,
} from '@checkpoint-schedules/core'

/**
 * Keeps the tape of every step in working memory. Online; any number of adjoints.
 *
 * Memory: N tapes. Cost: N forward steps, the fewest possible. Use it whenever it fits.
 *
 * @example
 * ```ts
 * import { formatAction } from '@checkpoint-schedules/core'
 * import { singleMemory } from '@checkpoint-schedules/basic'
 *
 * Array.from(singleMemory().start({ steps: 3 }), (action) => formatAction(action)).at(-2) // 'Reverse(3, 0, true)'
 * ```
 */
export const singleMemory = defineSchedule({
  name: 'SingleMemory',
  summary: 'Keeps every step in working memory; recomputes nothing.',
  whenToUse:
    'Whenever the tapes of all steps fit in memory. The number of steps may be unknown, and one forward serves any number of adjoints.',
  references: [],
  options: {},
  // One tape is in working storage anyway.
  optionsWithin: ({ steps, ram, tapesInRam = ram }) =>
    tapesInRam + 1 >= steps ? [{}] : 'needs memory for the tapes of all steps',
  online: true,
  adjoints: 'unlimited',
  limits: () => ({}),
  *actions({ run }) {
    while (run.steps === undefined) yield keepAll(0, UNBOUNDED)
    yield endForward()
    while (true) {
      yield reverseAll(run.steps, 0)
      yield endReverse()
    }
  },
  optimum: ({ steps, costs = defaultCosts }) => ({
    forwardSteps: steps,
    makespan: stepsTime(costs, steps, steps),
  }),
})
