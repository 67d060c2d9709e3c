/**
 * Van der Pol's oscillator, x'' = mu (1 - x²) x' - x, by the embedded Runge-Kutta pair of Bogacki and Shampine (orders 3 and 2) with
 * step-size control. How many steps it takes to reach `until` shows on the way.
 *
 *     pnpm build && node examples/adaptive/run.mjs
 *
 * What makes the step reproducible: the time, and the size to try next, are part of the state. What makes the adjoint right: the size
 * that was accepted is on the tape. Sizes are powers of 2, so that a small change of the input changes none of them, and the gradient
 * is that of what was computed.
 */
export function vanDerPol({ mu = 5, until = 16, tolerance = 1e-6 } = {}) {
  const slope = ([x, v]) => [v, mu * (1 - x * x) * v - x]
  /** The transposed Jacobian of the slope times `w`, and the derivative with respect to mu. */
  const pulled = ([x, v], [wx, wv]) => ({
    u: [-wv * (2 * mu * x * v + 1), wx + wv * mu * (1 - x * x)],
    mu: wv * (1 - x * x) * v,
  })
  const plus = (u, h, ...terms) => u.map((it, i) => it + h * terms.reduce((sum, [c, k]) => sum + c * k[i], 0))

  /** The stages of a step of size h. */
  function stages(u, h) {
    const k1 = slope(u)
    const u2 = plus(u, h, [1 / 2, k1])
    const k2 = slope(u2)
    const u3 = plus(u, h, [3 / 4, k2])
    const k3 = slope(u3)
    const next = plus(u, h, [2 / 9, k1], [1 / 3, k2], [4 / 9, k3])
    const error = plus([0, 0], h, [-5 / 72, k1], [1 / 12, k2], [1 / 9, k3], [-1 / 8, slope(next)])
    return { u2, u3, next, error: Math.hypot(...error) }
  }

  /** The largest size, from the one to try downwards, whose error is small enough. */
  function accepted({ u, time, size }) {
    for (let h = Math.min(size, until - time); ; h /= 2) {
      const { next, error } = stages(u, h)
      if (error > tolerance) continue
      const grows = error < tolerance / 16 && h === size
      return { h, state: { u: Float64Array.from(next), time: time + h, size: grows ? 2 * h : h } }
    }
  }

  return {
    initialState: { u: Float64Array.of(2, 0), time: 0, size: 2 ** -10 },
    model: {
      fingerprint: `van der Pol, mu ${mu}, until ${until}, tolerance ${tolerance}`,
      isDone: ({ time }) => time >= until,
      step: (state) => accepted(state).state,
      tape(state) {
        const { h, state: next } = accepted(state)
        return { state: next, tape: { u: state.u, h } }
      },
      adjoint({ u: a, mu: muBefore }, { u, h }) {
        const { u2, u3 } = stages(u, h)
        const third = pulled(u3, plus([0, 0], h, [4 / 9, a]))
        const second = pulled(u2, plus([0, 0], h, [1 / 3, a], [3 / 4, third.u]))
        const first = pulled(u, plus([0, 0], h, [2 / 9, a], [1 / 2, second.u]))
        return {
          u: Float64Array.from(plus(a, 1, [1, first.u], [1, second.u], [1, third.u])),
          mu: muBefore + first.mu + second.mu + third.mu,
        }
      },
    },
    /** The objective is x at the end. */
    terminalAdjoint: { u: Float64Array.of(1, 0), mu: 0 },
  }
}
