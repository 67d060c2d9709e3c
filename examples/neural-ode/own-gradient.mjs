/** The gradient by TensorFlow.js alone, which keeps what all steps have computed until it goes back. */
export function ownGradient(tf, { step, stepLoss, inputs, isDone }, initialState, weights, steps) {
  const isEnd = isDone ?? ((_state, n) => n === steps)
  const names = Object.keys(weights)
  const loss = (...tensors) => {
    const params = Object.fromEntries(names.map((name, i) => [name, tensors[i]]))
    let [state, sum] = [initialState, tf.scalar(0)]
    for (let n = 0; !isEnd(state, n); n++) {
      const input = inputs(n)
      state = step(state, params, input)
      sum = tf.add(sum, stepLoss(state, params, input))
    }
    return sum
  }
  const { value, grads } = tf.valueAndGrads(loss)(names.map((name) => weights[name]))
  value.dispose()
  return Object.fromEntries(names.map((name, i) => [name, grads[i]]))
}
