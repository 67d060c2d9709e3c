// What a gradient by a library costs: a recurrent cell in TensorFlow.js against the library's own back-propagation, and Burgers' equation in
// jax-js against the adjoint written by hand.
import { singleMemory } from '@checkpoint-schedules/basic'
import { differentiable } from '@checkpoint-schedules/autodiff'
import { runAdjoint } from '@checkpoint-schedules/driver'
import { burgers1d } from '@checkpoint-schedules/models'
import { revolve } from '@checkpoint-schedules/revolve'
import { timed } from '../harness/timing.mjs'

const steps = 500
const [batch, hidden] = [8, 64]

/** The cell as functions of tensors: its step, and its loss at each step. */
async function cell() {
  const tf = await import('@tensorflow/tfjs')
  await import('@tensorflow/tfjs-backend-wasm')
  await tf.setBackend('wasm')
  await tf.ready()
  const before = tf.memory().numBytes
  let peak = 0
  const look = () => (peak = Math.max(peak, tf.memory().numBytes - before))
  const input = (n) => tf.tidy(() => tf.mul(tf.ones([batch, hidden]), Math.sin(0.1 * n)))
  return {
    tf,
    input,
    step(h, w, x) {
      look()
      return tf.tanh(tf.add(tf.matMul(h, w), x))
    },
    stepLoss: (h, _w, x) => tf.mean(tf.square(tf.sub(h, x))),
    start: tf.zeros([batch, hidden]),
    weights: tf.randomNormal([hidden, hidden], 0, 0.05, 'float32', 1),
    peak: () => look() / 1e6,
  }
}

async function own() {
  const { tf, input, step, stepLoss, start, weights, peak } = await cell()
  const gradient = tf.valueAndGrads((h, w) => {
    let sum = tf.scalar(0)
    for (let n = 0; n < steps; n++) {
      const x = input(n)
      h = step(h, w, x)
      sum = tf.add(sum, stepLoss(h, w, x))
    }
    return sum
  })
  const time = await timed(
    () => {
      const { value, grads } = gradient([start, weights])
      value.dataSync()
      tf.dispose([value, grads])
    },
    { most: 3000 },
  )
  return { ...time, megabytes: peak() }
}

async function scheduled(schedule) {
  const { tfjs } = await import('@checkpoint-schedules/autodiff-tfjs')
  const { tf, input, step, stepLoss, start, weights, peak } = await cell()
  const objective = differentiable({ ad: tfjs(tf), step, stepLoss, inputs: input })
  const call = { initialState: start, params: weights, steps, schedule }
  const time = await timed(async () => tf.dispose((await objective.valueAndGradient(call)).gradient), {
    most: 3000,
  })
  return { ...time, megabytes: peak() }
}

const points = 1023

async function byHand() {
  const given = burgers1d({ points, steps })
  const schedule = revolve({ steps, snapshotsInRam: 20 })
  return timed(() => runAdjoint({ ...given, schedule }), { most: 1500 })
}

async function inJax() {
  globalThis.Float16Array ??= function () {} // jax-js asks for it when it is given doubles; Node 20 has none
  const jax = await import('@jax-js/jax')
  const { jaxjs } = await import('@checkpoint-schedules/autodiff-jax')
  const np = jax.numpy
  const doubles = (...numbers) => np.array(Float64Array.from(numbers), { dtype: np.float64 })
  const spacing = 1 / (points + 1)
  const time = 40 * spacing * spacing // as burgers1d has it by default
  const [advection, diffusion, two] = [doubles(time / (4 * spacing)), doubles(0.4), doubles(2)]
  const objective = differentiable({
    ad: jaxjs(jax),
    step(u) {
      const wide = np.pad(u.ref, [[1, 1]])
      const [left, right] = [wide.ref.slice([0, points]), wide.slice([2, points + 2])]
      const slope = np.square(right.ref).sub(np.square(left.ref)).mul(advection.ref)
      return u.ref.sub(slope).add(right.sub(u.mul(two.ref)).add(left).mul(diffusion.ref))
    },
    loss: (u) => np.square(u).mean(),
  })
  const initialState = doubles(...burgers1d({ points, steps }).initialState)
  const schedule = revolve({ steps, snapshotsInRam: 20 })
  return timed(
    async () => {
      const { gradient } = await objective.valueAndGradient({ initialState, schedule })
      gradient.initialState.dispose()
    },
    { most: 3000 },
  )
}

const name = `tfjs wasm, a cell of ${batch} × ${hidden}, ${steps} steps`
const ofOwn = (variant) => [
  {
    name,
    figure: `${variant}: wall time / the library's own`,
    unit: '×',
    measure: (samples) => samples[variant].wall / samples.own.wall,
  },
  {
    name,
    figure: `${variant}: most tensors / the library's own`,
    unit: '%',
    ...(variant === '20 slots' && { goal: { atMost: 10 } }),
    measure: (samples) => (100 * samples[variant].megabytes) / samples.own.megabytes,
  },
]

export const bench = {
  title: 'gradients by a library',
  experiments: [
    {
      rounds: 3,
      variants: {
        own,
        '20 slots': () => scheduled(revolve({ steps, snapshotsInRam: 20 })),
        'all states': () => scheduled(singleMemory()),
      },
      goals: [
        { name, figure: 'most tensors, the library’s own', unit: 'MB', measure: ({ own }) => own.megabytes },
        ...ofOwn('20 slots'),
        ...ofOwn('all states'),
      ],
    },
    {
      rounds: 3,
      variants: { byHand, inJax },
      goals: [
        {
          name: `burgers1d, ${points} points, 20 slots`,
          figure: 'jax-js wasm float64, wall time / an adjoint by hand',
          unit: '×',
          measure: ({ byHand, inJax }) => inJax.wall / byHand.wall,
        },
      ],
    },
  ],
}
