/** None: the forward alone, without any adjoint. */
import { advanceOnly, defineSchedule, defaultCosts, endForward, UNBOUNDED } from '@checkpoint-schedules/core'

/**
 * The forward alone: stores nothing, permits no adjoint. Online.
 *
 * Memory: none. Cost: N forward steps.
 *
 * @example
 * ```ts
 * import { formatAction } from '@checkpoint-schedules/core'
 * import { none } from '@checkpoint-schedules/basic'
 *
 * Array.from(none().start({ steps: 3 }), (action) => formatAction(action))
 * // [ 'Forward(0, 9007199254740991, false, false, NONE)', 'EndForward()' ]
 * ```
 */
export const none = defineSchedule({
  name: 'None',
  summary: 'Runs the forward alone; stores nothing and permits no adjoint.',
  whenToUse: 'For a run without an adjoint, under the same driver as the others.',
  references: [],
  options: {},
  online: true,
  adjoints: 0,
  limits: () => ({}),
  *actions() {
    yield advanceOnly(0, UNBOUNDED)
    yield endForward()
  },
  optimum: ({ steps, costs = defaultCosts }) => ({
    forwardSteps: steps,
    makespan: steps * costs.forwardStep,
  }),
})
