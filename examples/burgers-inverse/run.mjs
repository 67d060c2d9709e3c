// Finds initial state and viscosity of Burgers' equation from noisy observations: pnpm build && node examples/burgers-inverse/run.mjs
import { parseArgs } from 'node:util'
import { differentiable } from '@checkpoint-schedules/autodiff'
import { jaxjs } from '@checkpoint-schedules/autodiff-jax'
import { multistage } from '@checkpoint-schedules/multistage'
import { online } from '@checkpoint-schedules/online'
import { fileStore } from '@checkpoint-schedules/storage-fs'
import { minimize } from '../l-bfgs.mjs'
import { chosenSteps, equalSteps } from '../time-steps.mjs'
import { burgers, doubles } from './burgers.mjs'
import { interval, observe, trueViscosity } from './observe.mjs'
import { wavesOn } from './waves.mjs'

globalThis.Float16Array ??= function () {} // jax-js asks for it when it is given doubles; Node 20 and 22 have none
const jax = await import('@jax-js/jax')

const { values: given } = parseArgs({
  options: {
    steps: { type: 'string', default: '2000' },
    points: { type: 'string', default: '255' },
    misfit: { type: 'string', default: '1' },
    iterations: { type: 'string', default: '60' },
    online: { type: 'boolean', default: false }, // the sizes of steps are chosen on the way
    disk: { type: 'string' }, // checkpoints go to files in this folder
  },
})
const [steps, points, goal, iterations] = [given.steps, given.points, given.misfit, given.iterations].map(
  Number,
)

const intervals = 20
const observed = observe({ points, intervals })
const count = intervals * observed.rows[1].length
const timeSteps = given.online
  ? chosenSteps({ interval, intervals })
  : equalSteps({ interval, perInterval: steps / intervals })
let viscosity = 2 * trueViscosity // a first guess
const objective = differentiable({ ad: jaxjs(jax), ...burgers(jax, observed, timeSteps, () => viscosity) })
const schedule = given.online ? online({ snapshots: 50 }) : multistage({ steps, snapshotsInRam: 50 })
const stores = given.disk === undefined ? {} : { RAM: fileStore({ directory: given.disk }) }

// The unknowns are the amplitudes of waves, and the logarithm of the viscosity.
const waves = wavesOn(points, 60)
let statistics
async function misfit(x) {
  viscosity = Math.exp(x.at(-1))
  const [initialState, params] = [doubles(jax, waves.toState(x)), doubles(jax, [viscosity])]
  try {
    const result = await objective.valueAndGradient({ initialState, params, schedule, stores })
    statistics = result.statistics
    const { gradient, value } = result
    const [byState, byViscosity] = [await gradient.initialState.data(), await gradient.params.data()]
    return { value, gradient: Float64Array.from([...waves.toGradient(byState), viscosity * byViscosity[0]]) }
  } catch (error) {
    // Where the viscosity is too large for its step size, the state grows without bound: the search goes back.
    if (error.code !== 'INVALID_VALUE') throw error
    return { value: Infinity, gradient: new Float64Array(x.length) }
  } finally {
    initialState.dispose()
    params.dispose()
  }
}

console.log(`${count} observations with noise; unknown are ${points} values at the start, and the viscosity.`)
console.log('The misfit is a mean square, in units of the noise.\n')
const started = performance.now()
const relative = (value) => (2 * value) / count
const start = new Float64Array(61)
start[60] = Math.log(viscosity)
const found = await minimize(misfit, start, {
  iterations,
  onIteration({ iteration, evaluations, x, value }) {
    const seconds = ((performance.now() - started) / 1000).toFixed(0)
    console.log(
      `iteration ${iteration}: misfit ${relative(value).toFixed(3)}, viscosity ${Math.exp(x[60]).toFixed(5)} after ${evaluations} gradients, ${seconds} s`,
    )
    return relative(value) <= goal
  },
})
if (!(relative(found.value) <= goal)) {
  console.error(`The misfit is still above ${goal}; allow more than ${iterations} iterations.`)
  process.exitCode = 1
}

const error = waves.toState(found.x).map((u, i) => u - observed.initial[i])
const rms = Math.sqrt(error.reduce((sum, it) => sum + it * it, 0) / points)
const { peakCheckpoints, peakBytes } = statistics.storages.RAM
console.log(
  `\nThe viscosity is ${Math.exp(found.x[60]).toFixed(5)}; the true one is ${trueViscosity}.\n` +
    `The initial state is right to ${rms.toFixed(3)}, in the root mean square.`,
)
console.log(
  `${statistics.steps} steps, at most ${peakCheckpoints} checkpoints ${given.disk === undefined ? 'in memory' : 'in files'}: ${peakBytes} bytes`,
)
