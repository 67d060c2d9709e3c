// The gradient of a network of unequal layers within 200 kB for checkpoints: pnpm build && node examples/layers/run.mjs
import { runAdjoint } from '../../packages/runtime/driver/dist/index.js'
import { heterogeneous } from '../../packages/schedules/heterogeneous/dist/index.js'
import { network } from './network.mjs'

const { model, initialState, terminalAdjoint, steps, chain } = network()
const all = Array.from({ length: steps }, (_, n) => chain.tapeBytes(n)).reduce((sum, bytes) => sum + bytes, 0)
for (const ramBytes of [150_000, 200_000, 400_000]) {
  const schedule = heterogeneous({ steps, ...chain, ramBytes })
  const { adjoints, statistics } = await runAdjoint({ schedule, model, initialState, terminalAdjoint })
  const norm = Math.sqrt(adjoints[0].weights.reduce((sum, x) => sum + x * x, 0)).toPrecision(6)
  const { forwardSteps, storages } = statistics
  console.log(
    `${storages.RAM.peakBytes} of ${ramBytes} bytes, all tapes would take ${all}: ${forwardSteps} layers for ${steps}, gradient norm ${norm}`,
  )
}
