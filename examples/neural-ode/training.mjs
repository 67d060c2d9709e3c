/** Training by L-BFGS, which knows numbers only: the weights go to one row of numbers and back. */
import { minimize } from '../l-bfgs.mjs'

/**
 * @param valueAndGradient - Of an objective, given the weights.
 * @param options.onIteration - Given the weights too, which it borrows; if it returns true, the training ends.
 */
export async function train(tf, weights, valueAndGradient, { iterations, onIteration }) {
  const names = Object.keys(weights)
  const toNumbers = (tensors) =>
    Float64Array.from(names.flatMap((name) => Array.from(tensors[name].dataSync())))
  const toTensors = (numbers) => {
    let at = 0
    const tensors = names.map((name) => {
      const { shape, size } = weights[name]
      at += size
      return [name, tf.tensor(Float32Array.from(numbers.subarray(at - size, at)), shape)]
    })
    return Object.fromEntries(tensors)
  }
  const f = async (x) => {
    const params = toTensors(x)
    try {
      const { value, gradient } = await valueAndGradient(params)
      const numbers = toNumbers(gradient.params)
      tf.dispose(gradient)
      return { value, gradient: numbers }
    } finally {
      tf.dispose(params)
    }
  }
  const { x, value, evaluations } = await minimize(f, toNumbers(weights), {
    iterations,
    onIteration({ x, value, ...more }) {
      const current = toTensors(x)
      const isEnd = onIteration({ ...more, loss: value, weights: current })
      tf.dispose(current)
      return isEnd
    },
  })
  return { weights: toTensors(x), loss: value, evaluations }
}
