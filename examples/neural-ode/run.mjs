// Trains a neural differential equation over 3,000 steps: pnpm build && node examples/neural-ode/run.mjs
import { parseArgs } from 'node:util'
import { differentiable } from '@checkpoint-schedules/autodiff'
import { tfjs } from '@checkpoint-schedules/autodiff-tfjs'
import { multistage } from '@checkpoint-schedules/multistage'
import { online } from '@checkpoint-schedules/online'
import { fileStore } from '@checkpoint-schedules/storage-fs'
import * as tf from '@tensorflow/tfjs'
import '@tensorflow/tfjs-backend-wasm'
import { chosenSteps, equalSteps } from '../time-steps.mjs'
import { atRest, learnedLaw, neuralEquation, newWeights } from './network.mjs'
import { ownGradient } from './own-gradient.mjs'
import { watchTensors } from './peak.mjs'
import { interval, measurePendulums, motion, noise, rootMeanSquare } from './pendulum.mjs'
import { train } from './training.mjs'

const { values: given } = parseArgs({
  options: {
    steps: { type: 'string', default: '3000' },
    loss: { type: 'string', default: '0.0006' },
    iterations: { type: 'string', default: '60' },
    backend: { type: 'string', default: 'wasm' },
    online: { type: 'boolean', default: false }, // the sizes of steps are chosen on the way
    disk: { type: 'string' }, // checkpoints go to files in this folder
  },
})
const [steps, goal, iterations] = [given.steps, given.loss, given.iterations].map(Number)
await tf.setBackend(given.backend)
await tf.ready()

const perInterval = 5
const data = measurePendulums({ count: 16, intervals: Math.ceil(steps / perInterval) })
const timeSteps = given.online ? chosenSteps({ interval, ...data }) : equalSteps({ interval, perInterval })
const initialState = atRest(tf, data)
const weights = newWeights(tf)
const { equation, takePeak } = watchTensors(tf, neuralEquation(tf, data, timeSteps))

const objective = differentiable({ ad: tfjs(tf), ...equation })
const plan = given.online
  ? { schedule: online({ snapshots: 300 }) }
  : { budget: '64kB', families: [multistage], steps: perInterval * data.intervals }
const stores = given.disk === undefined ? {} : { RAM: fileStore({ directory: given.disk }) }
const gradientAt = (params) => objective.valueAndGradient({ initialState, params, ...plan, stores })

/** Prints what a gradient takes. */
async function shown(title, compute) {
  takePeak()
  const started = performance.now()
  const result = await compute()
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  const megabytes = (takePeak() / 1e6).toFixed(2)
  console.log(`${title.padEnd(22)}${megabytes.padStart(8)} MB of tensors ${seconds.padStart(7)} s`)
  return result
}

console.log('One gradient of 64 weights, over the motion of 16 pendulums:')
const own = await shown('TensorFlow.js alone', () =>
  ownGradient(tf, equation, initialState, weights, plan.steps),
)
const ours = await shown('with checkpoints', () => gradientAt(weights))
const where = given.disk === undefined ? 'in memory' : 'in files'
const { peakCheckpoints } = ours.statistics.storages.RAM
console.log(`${ours.statistics.steps} steps, at most ${peakCheckpoints} checkpoints ${where}`)
console.log(`The gradients differ by ${difference(ours.gradient.params, own)} of their largest number.\n`)
tf.dispose([own, ours.gradient])

const started = performance.now()
const trained = await train(tf, weights, gradientAt, {
  iterations,
  onIteration({ iteration, evaluations, loss }) {
    const seconds = ((performance.now() - started) / 1000).toFixed(0)
    console.log(
      `iteration ${iteration}: loss ${loss.toExponential(2)} after ${evaluations} gradients, ${seconds} s`,
    )
    return loss <= goal
  },
})
if (!(trained.loss <= goal)) {
  console.error(`The loss is still above ${goal}; allow more than ${iterations} iterations.`)
  process.exitCode = 1
}

const unseen = measurePendulums({ count: 16, intervals: data.intervals, seed: 7 })
const error = rootMeanSquare(motion(learnedLaw(trained.weights), unseen.force, unseen), unseen.angles)
console.log(`\nUnder other forces, its pendulums are off by ${error.toFixed(3)} rad.`)
console.log(`The noise of the sensor is ${noise} rad.`)

/** The largest difference of two gradients, relative to the largest number. */
function difference(a, b) {
  return tf.tidy(() => {
    const most = (f) => Math.max(...Object.keys(a).map((name) => tf.max(tf.abs(f(name))).dataSync()[0]))
    return (most((name) => tf.sub(a[name], b[name])) / most((name) => b[name])).toPrecision(1)
  })
}
