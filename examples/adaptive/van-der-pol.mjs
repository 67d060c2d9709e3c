/**
 * Van der Pol's oscillator, x'' = mu (1 - x²) x' - x, by the embedded Runge-Kutta pair of Bogacki and Shampine with step-size control. How
 * many steps it takes to reach `until` shows on the way.
 *
 *     pnpm build && node examples/adaptive/run.mjs
 */
import { bogackiShampine } from '../../packages/autodiff/steps/dist/index.js'

export function vanDerPol({ mu = 5, until = 16, tolerance = 1e-6 } = {}) {
  const model = bogackiShampine({
    rhs: ([x, v], mu) => Float64Array.of(v, mu * (1 - x * x) * v - x),
    vjp: ([wx, wv], [x, v], mu) => ({
      state: Float64Array.of(-wv * (2 * mu * x * v + 1), wx + wv * mu * (1 - x * x)),
      params: wv * (1 - x * x) * v,
    }),
    params: mu,
    until,
    absoluteTolerance: tolerance,
    relativeTolerance: tolerance,
  })
  return {
    model: { ...model, fingerprint: `van der Pol, mu ${mu}, until ${until}, tolerance ${tolerance}` },
    initialState: { u: Float64Array.of(2, 0), time: 0, size: 2 ** -10 },
    /** The objective is x at the end. */
    terminalAdjoint: { state: Float64Array.of(1, 0), params: 0 },
  }
}
