// The derivative of x(16) with respect to the initial state and to mu: pnpm build && node examples/adaptive/run.mjs
import { runAdjoint } from '../../packages/runtime/driver/dist/index.js'
import { online } from '../../packages/schedules/online/dist/index.js'
import { vanDerPol } from './van-der-pol.mjs'

const { model, initialState, terminalAdjoint } = vanDerPol()
const { finalState, adjoints, statistics } = await runAdjoint({
  schedule: online({ snapshots: 20 }),
  model,
  initialState,
  terminalAdjoint,
})
const { steps, forwardSteps, storages } = statistics
const { peakCheckpoints, discards } = storages.RAM
console.log(`x(16) = ${finalState.u[0].toFixed(6)} after ${steps} steps, whose number nobody knew`)
console.log(`dx(16)/dmu = ${adjoints[0].params.toFixed(6)}`)
console.log(
  `${forwardSteps} forward steps, at most ${peakCheckpoints} checkpoints in memory, ${discards} discarded`,
)
