/**
 * A state on the grid as a sum of standing waves, `Σ a_k sin(kπx) / k`. The unknowns are the `a_k`: smooth states have small ones, so that
 * the search begins with long waves, and noise on the grid is out of its reach.
 */
export function wavesOn(points, count) {
  const waves = Array.from({ length: count }, (_, k) =>
    Float64Array.from(
      { length: points },
      (_, i) => Math.sin(((k + 1) * Math.PI * (i + 1)) / (points + 1)) / (k + 1),
    ),
  )
  return {
    /** From amplitudes to a state. */
    toState(amplitudes) {
      const u = new Float64Array(points)
      for (const [k, wave] of waves.entries()) for (const [i, x] of wave.entries()) u[i] += amplitudes[k] * x
      return u
    },
    /** From the gradient by a state to that by the amplitudes: the transpose. */
    toGradient: (byState) => waves.map((wave) => wave.reduce((sum, x, i) => sum + x * byState[i], 0)),
  }
}
