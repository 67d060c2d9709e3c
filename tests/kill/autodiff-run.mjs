// A journaled gradient by a library, as a process of its own: `node autodiff-run.mjs DIRECTORY LIBRARY`, where LIBRARY is `tfjs cpu`,
// `tfjs wasm` or `jax-js wasm`. Prints `begins`, then what the journal says, then the bits of value and gradient, as JSON lines.
import { createHash } from 'node:crypto'
import { differentiable } from '@checkpoint-schedules/autodiff'
import { multistage } from '@checkpoint-schedules/multistage'
import { fileJournal } from '@checkpoint-schedules/storage-fs'

globalThis.Float16Array ??= function () {} // jax-js asks for it when it is given doubles; Node 20 has none

const [directory, library] = process.argv.slice(2)
const steps = 150
const say = (line) => console.log(JSON.stringify(line))
const { objective, initialState, params } = await (library === 'jax-js wasm' ? inJax() : inTensorFlow())

say('begins')
try {
  const { value, gradient } = await objective.valueAndGradient({
    initialState,
    params,
    schedule: multistage({ steps, snapshotsInRam: 3, snapshotsOnDisk: 4 }),
    journal: fileJournal(directory, { everySeconds: 0.05 }),
    onEvent: ({ type, message }) => say({ type, message }),
  })
  const hash = createHash('sha256').update(Float64Array.of(value))
  for (const x of [gradient.initialState, gradient.params]) hash.update(await x.data())
  say({ digest: hash.digest('hex'), value })
} catch (error) {
  say({ code: error.code, message: error.message })
}

/** Each step turns the state a little and forgets some of it; a loss at each step. */
async function inTensorFlow() {
  const tf = await import('@tensorflow/tfjs')
  await import('@tensorflow/tfjs-backend-wasm')
  const { tfjs } = await import('@checkpoint-schedules/autodiff-tfjs')
  await tf.setBackend(library.slice('tfjs '.length))
  return {
    objective: differentiable({
      ad: tfjs(tf),
      step: (u, rate, x) => tf.sub(tf.add(u, tf.mul(rate, tf.sin(tf.mul(u, x)))), tf.mul(u, tf.scalar(0.01))),
      stepLoss: (u) => tf.mean(tf.square(u)),
      inputs: (n) => tf.scalar(Math.cos(n)),
    }),
    initialState: tf.linspace(0.1, 1, 500),
    params: tf.scalar(0.02),
  }
}

async function inJax() {
  const jax = await import('@jax-js/jax')
  const { jaxjs } = await import('@checkpoint-schedules/autodiff-jax')
  const np = jax.numpy
  const doubles = (numbers) => np.array(Float64Array.from(numbers), { dtype: np.float64 })
  const forgotten = doubles([0.01])
  return {
    objective: differentiable({
      ad: jaxjs(jax),
      step: (u, rate, x) => u.ref.add(rate.mul(np.sin(u.ref.mul(x)))).sub(u.mul(forgotten.ref)),
      stepLoss: (u) => np.square(u).mean(),
      inputs: (n) => doubles([Math.cos(n)]),
    }),
    initialState: doubles(Array.from({ length: 500 }, (_, i) => 0.1 + i / 500)),
    params: doubles([0.02]),
  }
}
