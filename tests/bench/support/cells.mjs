// A recurrent cell with a loss at each step, in each library: its gradient by the library alone, and by a schedule. Each function
// returns `{ gradient, peak }`: computes a gradient; the most megabytes of tensors so far, where the library counts them.
import { differentiable } from '@checkpoint-schedules/autodiff'

const [batch, hidden] = [8, 64]
export const size = `${batch} × ${hidden}`
const inputAt = (n) => new Float32Array(batch * hidden).fill(Math.sin(0.1 * n))
const weightsAtStart = Float32Array.from({ length: hidden * hidden }, (_, i) => 0.05 * Math.sin(i * i))

async function cellInTensorFlow(backend) {
  const tf = await import('@tensorflow/tfjs')
  await import('@tensorflow/tfjs-backend-wasm')
  await tf.setBackend(backend)
  await tf.ready()
  const [start, weights] = [tf.zeros([batch, hidden]), tf.tensor2d(weightsAtStart, [hidden, hidden])]
  const before = tf.memory().numBytes
  let most = 0
  return {
    tf,
    start,
    weights,
    peak: () => most / 1e6,
    inputs: (n) => tf.tensor2d(inputAt(n), [batch, hidden]),
    step(h, w, x) {
      most = Math.max(most, tf.memory().numBytes - before)
      return tf.tanh(tf.add(tf.matMul(h, w), x))
    },
    stepLoss: (h, _w, x) => tf.mean(tf.square(tf.sub(h, x))),
  }
}

export async function tensorFlowAlone(backend, steps) {
  const { tf, inputs, step, stepLoss, start, weights, peak } = await cellInTensorFlow(backend)
  const valueAndGradient = tf.valueAndGrads((h, w) => {
    let sum = tf.scalar(0)
    for (let n = 0; n < steps; n++) {
      const x = inputs(n)
      h = step(h, w, x)
      sum = tf.add(sum, stepLoss(h, w, x))
    }
    return sum
  })
  return {
    peak,
    gradient() {
      const { value, grads } = valueAndGradient([start, weights])
      value.dataSync()
      tf.dispose([value, grads])
    },
  }
}

export async function tensorFlowScheduled(backend, steps, schedule) {
  const { tfjs } = await import('@checkpoint-schedules/autodiff-tfjs')
  const { tf, start, weights, peak, ...cell } = await cellInTensorFlow(backend)
  const objective = differentiable({ ad: tfjs(tf), ...cell })
  const call = { initialState: start, params: weights, steps, schedule }
  return { peak, gradient: async () => tf.dispose((await objective.valueAndGradient(call)).gradient) }
}

async function cellInJax() {
  const jax = await import('@jax-js/jax')
  await jax.init('wasm')
  jax.defaultDevice('wasm')
  const np = jax.numpy
  return {
    jax,
    start: np.zeros([batch, hidden]),
    weights: np.array(weightsAtStart, { shape: [hidden, hidden] }),
    inputs: (n) => np.array(inputAt(n), { shape: [batch, hidden] }),
    step: (h, w, x) => np.tanh(np.matmul(h, w).add(x)),
    stepLoss: (h, _w, x) => np.square(h.sub(x)).mean(),
  }
}

/** The loop is unrolled, as jax-js has no other; compiled, since it takes ten times as long otherwise. */
export async function jaxAlone(steps) {
  const { jax, start, weights, inputs, step, stepLoss } = await cellInJax()
  const data = Array.from({ length: steps }, (_, n) => inputs(n))
  const loss = (h, w) => {
    let sum = jax.numpy.array(0)
    for (const x of data) {
      h = step(h, w.ref, x.ref)
      sum = sum.add(stepLoss(h.ref, w, x.ref))
    }
    h.dispose()
    w.dispose()
    return sum
  }
  const valueAndGradient = jax.jit(jax.valueAndGrad(loss, { argnums: [0, 1] }))
  return {
    async gradient() {
      const [value, gradients] = valueAndGradient(start.ref, weights.ref)
      for (const array of [value, ...gradients]) await array.data()
    },
  }
}

export async function jaxScheduled(steps, schedule) {
  const { jaxjs } = await import('@checkpoint-schedules/autodiff-jax')
  const { jax, start, weights, ...cell } = await cellInJax()
  const objective = differentiable({ ad: jaxjs(jax), ...cell })
  const call = { initialState: start, params: weights, steps, schedule }
  return {
    async gradient() {
      const { gradient } = await objective.valueAndGradient(call)
      for (const array of [gradient.initialState, gradient.params]) await array.data()
    },
  }
}
