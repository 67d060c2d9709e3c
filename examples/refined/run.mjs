// A mesh that is refined in the middle third, within 200 kB: pnpm build && node examples/refined/run.mjs
import { runAdjoint } from '../../packages/runtime/driver/dist/index.js'
import { heterogeneous } from '../../packages/schedules/heterogeneous/dist/index.js'
import { mixed } from '../../packages/schedules/mixed/dist/index.js'
import { allenCahn } from './allen-cahn.mjs'

const { model, initialState, terminalAdjoint, steps, chain } = allenCahn()
const ramBytes = 200_000
const schedule = heterogeneous({ steps, ...chain, ramBytes })
const { adjoints, statistics } = await runAdjoint({ schedule, model, initialState, terminalAdjoint })
const { forwardSteps, storages } = statistics
console.log(`gradient: norm ${Math.hypot(...adjoints[0]).toFixed(6)}`)
console.log(`checkpoints: ${storages.RAM.peakBytes} of ${ramBytes} bytes`)

// Slots must be as large as the largest state.
const slots = Math.floor(ramBytes / Math.max(...Array.from({ length: steps }, (_, n) => chain.stateBytes(n))))
const bySlots = mixed({ steps, snapshots: slots, storage: 'RAM' })
let cells = 0
for (const action of bySlots)
  if (action.type === 'Forward') for (let n = action.n0; n < action.n1; n++) cells += chain.forwardCost(n)
const own = schedule.optimum().makespan - 4 * (steps / 3)
console.log(`forward work, in steps on the coarse mesh: ${own}, and ${cells} with ${slots} equal slots`)
console.log(`forward steps: ${forwardSteps}, and ${bySlots.optimum().forwardSteps} with equal slots`)
