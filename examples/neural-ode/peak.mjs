/** How many bytes of tensors there are at most, in excess of those at the start. */
export function watchTensors(tf, equation) {
  const before = tf.memory().numBytes
  let most = 0
  return {
    /** The same equation, looked at whenever a step begins. */
    equation: {
      ...equation,
      step(...args) {
        most = Math.max(most, tf.memory().numBytes - before)
        return equation.step(...args)
      },
    },
    /** The most bytes since this was last asked. */
    takePeak() {
      const bytes = most
      most = 0
      return bytes
    },
  }
}
