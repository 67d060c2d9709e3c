/** The schedule of a tangent run. It is `none` of `basic`, which this layer does not depend on. */
import { advanceOnly, defineSchedule, endForward, UNBOUNDED } from '@checkpoint-schedules/core'

export const forwardAlone = defineSchedule({
  name: 'ForwardAlone',
  summary: 'Runs the forward alone; stores nothing and permits no adjoint.',
  whenToUse: 'For tangent runs.',
  references: [],
  options: {},
  online: true,
  adjoints: 0,
  limits: () => ({}),
  *actions() {
    yield advanceOnly(0, UNBOUNDED)
    yield endForward()
  },
})
