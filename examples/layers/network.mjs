/**
 * A chain of dense layers of unequal width, x -> tanh(W x) for a batch of inputs, and the gradient of half the sum of squares of its
 * output with respect to all weights.
 *
 *     pnpm build && node examples/layers/run.mjs
 *
 * A layer is a step. The state is what goes into a layer; its tape is that and what comes out. Parameter gradients ride in the adjoint.
 */
const widths = [64, 256, 256, 192, 128, 128, 96, 64, 64, 32, 64, 96, 128, 192, 256, 64, 32, 16, 8]

export function network({ batch = 32, seed = 1, weights: given } = {}) {
  const steps = widths.length - 1
  const offsets = [0]
  for (let n = 0; n < steps; n++) offsets.push(offsets[n] + widths[n] * widths[n + 1])
  const random = numbers(seed)
  // What comes out of a layer is about as large as what goes in.
  const drawn = Float64Array.from({ length: offsets[steps] }, random)
  for (let n = 0; n < steps; n++)
    for (let i = offsets[n]; i < offsets[n + 1]; i++) drawn[i] *= 2 / Math.sqrt(widths[n])
  const weights = given ?? drawn
  const input = Float64Array.from({ length: batch * widths[0] }, random)

  /** Layer n of each row of the batch. */
  function layer(x, n) {
    const [inside, outside, offset] = [widths[n], widths[n + 1], offsets[n]]
    const y = new Float64Array(batch * outside)
    for (let row = 0; row < batch; row++)
      for (let j = 0; j < outside; j++) {
        let sum = 0
        for (let i = 0; i < inside; i++) sum += weights[offset + j * inside + i] * x[row * inside + i]
        y[row * outside + j] = Math.tanh(sum)
      }
    return y
  }

  function adjoint({ x: a, weights: gradient }, { x, y }, n) {
    const [inside, outside, offset] = [widths[n], widths[n + 1], offsets[n]]
    const before = new Float64Array(batch * inside)
    for (let row = 0; row < batch; row++)
      for (let j = 0; j < outside; j++) {
        const out = row * outside + j
        const slope = a[out] * (1 - y[out] * y[out])
        for (let i = 0; i < inside; i++) {
          before[row * inside + i] += weights[offset + j * inside + i] * slope
          gradient[offset + j * inside + i] += slope * x[row * inside + i]
        }
      }
    return { x: before, weights: gradient }
  }

  const activation = (n) => 8 * batch * widths[n]
  const products = (n) => (widths[n] * widths[n + 1]) / 1024
  return {
    steps,
    weights,
    initialState: input,
    model: {
      step: layer,
      tape(x, n) {
        const y = layer(x, n)
        return { state: y.slice(), tape: { x, y } }
      },
      adjoint,
    },
    /** The objective is half the sum of squares of the output. */
    terminalAdjoint: (output) => ({ x: output.slice(), weights: new Float64Array(weights.length) }),
    /** What a layer costs and what it takes: the options of `heterogeneous`. */
    chain: {
      forwardCost: products,
      adjointCost: (n) => 2 * products(n),
      stateBytes: activation,
      tapeBytes: (n) => activation(n) + activation(n + 1),
    },
  }
}

/** Numbers from -1 to 1, the same in each run. */
function numbers(seed) {
  let state = seed
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 31 - 1
  }
}
