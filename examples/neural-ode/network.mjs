/** A neural differential equation for the pendulums: v' = network(x, v) - x - v + force. It begins as a spring with friction. */

/** The weights at the start of the training, tensors. */
export function newWeights(tf, { hidden = 16, seed = 1 } = {}) {
  return {
    inner: tf.randomNormal([2, hidden], 0, 0.7, 'float32', seed),
    bias: tf.randomNormal([hidden], 0, 0.3, 'float32', seed + 1),
    outer: tf.randomNormal([hidden, 1], 0, 0.1, 'float32', seed + 2),
  }
}

/** At rest: the state has a row [x, v] for each pendulum. */
export const atRest = (tf, { count }) => tf.zeros([count, 2])

/**
 * The step and the loss, for `differentiable`.
 *
 * @param tf - TensorFlow.js.
 * @param data - From `measurePendulums`.
 * @param steps - When each step begins and how long it is: see ../time-steps.mjs.
 */
export function neuralEquation(tf, { count, intervals, force, measured }, steps) {
  const column = (numbers) => tf.tensor2d(numbers, [numbers.length, 1])
  const spring = column([-1, -1])
  const none = new Float32Array(count)
  return {
    /** Half a step of x, a whole one of v, half a step of x. */
    step(state, { inner, bias, outer }, { drift, kick, force }) {
      const middle = tf.matMul(state, drift)
      const learned = tf.matMul(tf.tanh(tf.add(tf.matMul(middle, inner), bias)), outer)
      const acceleration = tf.add(tf.add(tf.matMul(middle, spring), learned), force)
      return tf.add(tf.matMul(middle, drift), tf.matMul(acceleration, kick))
    },
    /** A part of the mean squared error of the angles; 0 where nothing was measured. */
    stepLoss: (state, _weights, { seen, angle }) =>
      tf.div(tf.mean(tf.squaredDifference(tf.matMul(state, seen), angle)), intervals),
    inputs(n) {
      const { time, size, measurement } = steps.at(n)
      const isMeasured = measurement !== undefined
      return {
        drift: tf.tensor2d([1, 0, size / 2, 1], [2, 2]),
        kick: tf.tensor2d([size ** 2 / 2, size], [1, 2]),
        force: column(force(time + size / 2)),
        seen: column(isMeasured ? [1, 0] : [0, 0]),
        angle: column(isMeasured ? measured[measurement] : none),
      }
    },
    /** Where sizes are chosen: no pendulum turns by more than 0.06 rad in a step. */
    ...(steps.isAtEnd && {
      isDone(state, n) {
        const speeds = state.dataSync().filter((_, i) => i % 2 === 1)
        return steps.isAtEnd(n, 0.06 / (0.001 + Math.max(...speeds.map(Math.abs))))
      },
    }),
  }
}

/** The law that a network has learned, in numbers. */
export function learnedLaw(weights) {
  const [inner, bias, outer] = ['inner', 'bias', 'outer'].map((name) => weights[name].dataSync())
  return (x, v) =>
    outer.reduce(
      (sum, weight, j) => sum + weight * Math.tanh(x * inner[j] + v * inner[bias.length + j] + bias[j]),
      -x - v,
    )
}
