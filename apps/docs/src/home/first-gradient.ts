/** The code on the first page, with all that it needs; the page shows the region. */
import { runAdjoint } from '@checkpoint-schedules/driver'
import { revolve } from '@checkpoint-schedules/revolve'

// x' = x + x²/10: a step, the same step with a tape, and its adjoint.
const step = (x: number) => x + (x * x) / 10
const tape = (x: number) => ({ state: step(x), tape: x })
const adjoint = (a: number, x: number) => a * (1 + x / 5)
const initialState = 0.005
const terminalAdjoint = 1

// #region call
const { adjoints, statistics } = await runAdjoint({
  schedule: revolve({ steps: 1000, snapshotsInRam: 10 }),
  model: { step, tape, adjoint },
  initialState,
  terminalAdjoint,
})
// #endregion call

export { adjoints, initialState, statistics, step }
