/**
 * Lorenz-96, the weather in miniature, with observations: which initial state explains them best? A worked example of a model of your own:
 *
 *   checkpoint-schedules run --model ./lorenz96.mjs --schedule revolve --ram 10 --taylor
 *
 * dx_i/dt = (x_{i+1} - x_{i-2}) x_{i-1} - x_i + F on a ring, by the explicit midpoint rule. The misfit to the observations is summed step by
 * step, so it is part of the state: J = Σ |x - observed|² / 2 over the observed steps.
 */
import { integer, number } from '@checkpoint-schedules/core'
import { defineProblem } from '@checkpoint-schedules/driver'

/** The right-hand side. */
function tendency(x, forcing) {
  const n = x.length
  return x.map((xi, i) => (x[(i + 1) % n] - x[(i + n - 2) % n]) * x[(i + n - 1) % n] - xi + forcing)
}

/** Its adjoint: the transpose of its Jacobian at x, times a. */
function tendencyAdjoint(a, x) {
  const n = x.length
  const result = a.map((ai) => -ai)
  for (let i = 0; i < n; i++) {
    const [right, left, farLeft] = [(i + 1) % n, (i + n - 1) % n, (i + n - 2) % n]
    result[right] += a[i] * x[left]
    result[farLeft] -= a[i] * x[left]
    result[left] += a[i] * (x[right] - x[farLeft])
  }
  return result
}

export const lorenz96 = defineProblem({
  name: 'lorenz96',
  summary: 'Lorenz-96 with observations: the misfit, differentiated with respect to the initial state.',
  options: {
    variables: integer({ min: 4, default: 40, help: 'variables on the ring' }),
    steps: integer({ min: 1, default: 100, help: 'time steps' }),
    timeStep: number({ min: 0, aboveMin: true, max: 0.05, default: 0.01, help: 'time of a step' }),
    forcing: number({ default: 8, help: 'the constant forcing F' }),
    every: integer({ min: 1, default: 10, help: 'steps between observations' }),
  },
  create({ variables, steps, timeStep: h, forcing, every }, control) {
    const middle = (x) => {
      const k = tendency(x, forcing)
      return x.map((xi, i) => xi + (h / 2) * k[i])
    }
    const advance = (x) => {
      const k = tendency(middle(x), forcing)
      return x.map((xi, i) => xi + h * k[i])
    }
    // The true trajectory, observed at some steps without error; the first guess is slightly off.
    const truth = new Float64Array(variables).map((_, i) => forcing + Math.sin(i))
    const observed = new Map()
    for (let n = 1, x = truth; n <= steps; n++) {
      x = advance(x)
      if (n % every === 0) observed.set(n, x)
    }
    const guess = control ?? truth.map((x, i) => x + 0.01 * Math.cos(3 * i))

    const step = ({ x, misfit }, n) => {
      const next = advance(x)
      const seen = observed.get(n + 1)
      const more = seen === undefined ? 0 : next.reduce((sum, xi, i) => sum + (xi - seen[i]) ** 2 / 2, 0)
      return { x: next, misfit: misfit + more }
    }
    return {
      model: {
        step,
        tape: (state, n) => ({ state: step(state, n), tape: state.x }),
        // The adjoint carries the weight of `misfit`, which is the same at every step.
        adjoint({ x: a, misfit: weight }, x, n) {
          const seen = observed.get(n + 1)
          if (seen !== undefined) {
            const next = advance(x)
            a = a.map((ai, i) => ai + weight * (next[i] - seen[i]))
          }
          const inner = tendencyAdjoint(a, middle(x))
          const outer = tendencyAdjoint(inner, x)
          return { x: a.map((ai, i) => ai + h * inner[i] + (h * h * outer[i]) / 2), misfit: weight }
        },
        fingerprint: `lorenz96 ${JSON.stringify({ variables, h, forcing, every })}`,
      },
      initialState: { x: guess, misfit: 0 },
      steps,
      terminalAdjoint: { x: new Float64Array(variables), misfit: 1 },
      objective: ({ misfit }) => misfit,
      gradient: ({ x }) => x,
      control: guess,
      field: {
        label: 'initial state',
        unit: '1',
        axes: [{ label: 'variable', unit: '1', start: 0, spacing: 1, count: variables }],
      },
    }
  },
})
