/**
 * Viscous Burgers in one dimension: how the energy at the end, `J = ½ Δx Σ u(T)²`, depends on the initial condition.
 *
 * The scheme is monotone, and therefore stable and free of wiggles, while `Δt <= Δx² / 2ν` and `|u| Δx <= 2ν`
 * (all three weights of a step are then non-negative, and the largest |u| never grows).
 */
import { integer, number, optionError } from '@checkpoint-schedules/core'
import { defineProblem } from '@checkpoint-schedules/model'
import { fingerprint } from '../fingerprint.js'
import { stepAdjoint, stepCurvature, stepTangent } from './adjoint.js'
import { type BurgersCoefficients, takeStep } from './step.js'

/**
 * Viscous Burgers on [0, 1], explicit: the gradient of the final energy with respect to the initial condition.
 * State, tape, adjoint and control are each one `Float64Array` of `points` values.
 *
 * The gradient is the plain derivative by each value; divide by Δx for the density.
 *
 * @throws `INVALID_OPTION`
 * @example
 * ```ts
 * import { burgers1d } from '@checkpoint-schedules/models'
 *
 * const { model, initialState, steps } = burgers1d({ points: 255, steps: 1000 })
 * ```
 */
export const burgers1d = defineProblem({
  name: 'burgers1d',
  summary: 'Viscous Burgers in 1-D: the gradient of the final energy with respect to the initial condition.',
  options: {
    points: integer({
      min: 1,
      max: 1e8,
      default: 255,
      help: 'grid points between the two ends, where u = 0',
    }),
    viscosity: number({
      min: 0,
      aboveMin: true,
      default: 0.01,
      help: 'viscosity, for a domain and a speed of 1',
    }),
    steps: integer({ min: 1, default: 1000, help: 'time steps' }),
    timeStep: number({
      min: 0,
      aboveMin: true,
      optional: true,
      help: 'time step; by default 0.8 of the stable one',
    }),
  },
  check({ points, viscosity, timeStep }) {
    const spacing = 1 / (points + 1)
    if (spacing > 2 * viscosity) {
      const needed = Math.ceil(1 / (2 * viscosity)) - 1
      return `points = ${points} is too coarse for viscosity ${viscosity}: waves would wiggle. Take points >= ${needed} or viscosity >= ${spacing / 2}.`
    }
    const largest = (spacing * spacing) / (2 * viscosity)
    if (timeStep !== undefined && timeStep > largest) {
      return `timeStep = ${timeStep} is unstable: the largest stable one for these points and this viscosity is ${largest}. Leave timeStep out to use 0.8 of that.`
    }
    return undefined
  },
  create({ points, viscosity, steps, timeStep }, control: Float64Array = hump(points)) {
    if (control.length !== points || !control.every(Number.isFinite)) {
      throw optionError(
        'burgers1d',
        `the control must be ${points} finite numbers (points); got ${control.length} numbers.`,
      )
    }
    const spacing = 1 / (points + 1)
    const dt = timeStep ?? (0.4 * spacing * spacing) / viscosity
    const coefficients: BurgersCoefficients = {
      advection: dt / (4 * spacing),
      diffusion: (viscosity * dt) / (spacing * spacing),
    }
    return {
      model: {
        step: (u: Float64Array) => takeStep(u, coefficients),
        tape: (u: Float64Array) => {
          const tape = u.slice()
          return { state: takeStep(u, coefficients), tape }
        },
        adjoint: (adjoint: Float64Array, tape: Float64Array) => stepAdjoint(adjoint, tape, coefficients),
        tangent: (tangent: Float64Array, tape: Float64Array) => stepTangent(tangent, tape, coefficients),
        curvature: (second: Float64Array, adjoint: Float64Array, tangent: Float64Array, tape: Float64Array) =>
          stepCurvature(second, adjoint, tangent, tape, coefficients),
        fingerprint: fingerprint('burgers1d', { points, viscosity, timeStep: dt }, []),
      },
      initialState: control.slice(),
      steps,
      terminalAdjoint: (u: Float64Array) => u.map((value) => spacing * value),
      objective: (u: Float64Array) => {
        let sum = 0
        for (let i = 0; i < u.length; i++) sum += u[i]! * u[i]!
        return 0.5 * spacing * sum
      },
      gradient: (adjoint: Float64Array) => adjoint.slice(),
      control,
      field: {
        label: 'initial condition',
        unit: '1',
        axes: [{ label: 'x', unit: '1', start: spacing, spacing, count: points }],
      },
    }
  },
})

/** `27/4 x (1 - x)²`: rises to 1 at x = 1/3 and steepens into a front that travels to the right. */
function hump(points: number): Float64Array {
  return Float64Array.from({ length: points }, (_, i) => {
    const x = (i + 1) / (points + 1)
    return 6.75 * x * (1 - x) * (1 - x)
  })
}
