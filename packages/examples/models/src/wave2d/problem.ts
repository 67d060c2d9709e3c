/**
 * Full-waveform inversion in two dimensions: how the misfit `J = ½ Δt Σ (u at receiver - observed)²` depends on the
 * velocity c, where `(∂_t + σ)² u = c² ∇²u + s` with the damping σ in the absorbing layer.
 *
 * The adjoint gathers the derivative by `m = (c Δt / Δx)²` in each padded cell; the chain rule `dm/dc = 2 c (Δt / Δx)²`
 * and folding the layer back onto the model's edge turn it into the gradient.
 */
import { type NumericArray, optionError } from '@checkpoint-schedules/core'
import { defineProblem, type PartRange } from '@checkpoint-schedules/model'
import { fingerprint } from '../fingerprint.js'
import { stepAdjoint } from './adjoint.js'
import { builtInExample, OWN_SHOTS } from './built-in-example.js'
import { choiceFault, observedFault, placesFault, velocityFault } from './faults.js'
import { foldOntoModel } from './grid.js'
import { type Wave2dOptions, wave2dOptions } from './options.js'
import { marksOf } from './places.js'
import { makeSimulation } from './simulation.js'
import { atRest, takeStep, takeTapedStep } from './step.js'
import { stepTangent } from './tangent.js'
import type { Wave2dAdjoint, Wave2dState, Wave2dTape } from './types.js'

/**
 * The 2-D acoustic wave equation with absorbing edges, several shots at once: the gradient of the misfit with respect
 * to the velocity, a `Float64Array` in the order [depth, distance], in units of the misfit per m/s.
 *
 * Without `velocity` and `observed` it makes its own small example. The shots are its parts: `wave2d(options, velocity, { first: 7, count: 1 })`
 * is the misfit of shot 7 alone.
 *
 * @throws `INVALID_OPTION`: among others, when the time step is unstable, with the largest one that is not.
 * @example
 * ```ts
 * import { wave2d } from '@checkpoint-schedules/models'
 *
 * const { model, initialState, steps, terminalAdjoint, gradient } = wave2d()
 * ```
 */
export const wave2d = defineProblem({
  name: 'wave2d',
  summary:
    'The 2-D acoustic wave equation: the gradient of the misfit of shot records with respect to the velocity.',
  options: wave2dOptions,
  check(options) {
    const { velocity, observed } = options
    const choice = choiceFault(options)
    if (choice !== undefined) return choice
    if (velocity !== undefined && observed !== undefined) {
      const [shots, , receivers] = observed.shape as [number, number, number]
      return (
        velocityFault(velocity, options) ??
        placesFault(velocity.shape, shots, receivers, options) ??
        observedFault(observed, options)
      )
    }
    const { truth, shots, receivers } = builtInExample(options)
    return velocityFault(truth, options) ?? placesFault(truth.shape, shots, receivers, options)
  },
  parts: shotsOf,
  create(options, control?: Float64Array, range?: PartRange) {
    const of = shotsOf(options)
    const { first, count } = range ?? { first: 0, count: of }
    const { velocity, observed, steps } = filesOrExample(options, { first, count })
    const { spacing, timeStep, peakFrequency, absorbingWidth, sourceDepth, receiverDepth, aperture } = options
    const numbers = { spacing, timeStep, peakFrequency, absorbingWidth, sourceDepth, receiverDepth, aperture }
    const { shape } = velocity
    const [nz, nx] = shape as [number, number]
    const speed = new Float64Array(control ?? velocity.data)
    const fault =
      speed.length === nz * nx
        ? velocityFault({ data: speed, shape }, numbers)
        : `the control must have ${nz * nx} values, one for each of ${nz} x ${nx} points; got ${speed.length}.`
    if (fault !== undefined) throw optionError('wave2d', fault)
    const simulation = makeSimulation(speed, shape, observed, steps, numbers, { first, count, of })
    return {
      model: {
        step: (state: Wave2dState, n: number) => takeStep(state, n, simulation),
        tape: (state: Wave2dState, n: number) => takeTapedStep(state, n, simulation),
        adjoint: (adjoint: Wave2dAdjoint, tape: Wave2dTape) => stepAdjoint(adjoint, tape, simulation),
        tangent: (tangent: Wave2dAdjoint, tape: Wave2dTape) => stepTangent(tangent, tape, simulation),
        fingerprint: fingerprint(
          'wave2d',
          { ...numbers, shape, steps, ...(count === of ? {} : { shots: { first, count, of } }) },
          [speed, observed.data],
        ),
      },
      initialState: atRest(simulation),
      steps,
      terminalAdjoint: ({ current, previous }: Wave2dState): Wave2dAdjoint => ({
        current: new Float64Array(current.length),
        previous: new Float64Array(previous.length),
        misfit: 1,
        squaredCourant: new Float64Array(simulation.grid.cells),
      }),
      objective: ({ misfit }: Wave2dState) => misfit,
      gradient: ({ squaredCourant }: Wave2dAdjoint) => {
        const gradient = foldOntoModel(simulation.grid, squaredCourant)
        const ratio = timeStep / spacing
        for (let i = 0; i < gradient.length; i++) gradient[i]! *= 2 * speed[i]! * (ratio * ratio)
        return gradient
      },
      control: speed,
      field: {
        label: 'velocity',
        unit: 'm/s',
        axes: [
          { label: 'depth', unit: 'm', start: 0, spacing, count: nz },
          { label: 'distance', unit: 'm', start: 0, spacing, count: nx },
        ],
        marks: marksOf(shape, { first, count, of }, observed.shape[2]!, numbers),
      },
    }
  },
})

/** The number of shots in all. */
function shotsOf({ observed, shots }: Wave2dOptions): number {
  return observed?.shape[0] ?? shots ?? OWN_SHOTS
}

/** The start and the records of some of the shots. */
function filesOrExample(options: Wave2dOptions, range: PartRange) {
  const { velocity, observed } = options
  if (velocity !== undefined && observed !== undefined) {
    return {
      velocity,
      observed: recordsOf(observed, range),
      steps: options.steps ?? observed.shape[1]!,
    }
  }
  const example = builtInExample(options)
  return { velocity: example.start, observed: example.record(range), steps: example.steps }
}

/** Shares memory with the records of all shots. */
function recordsOf({ data, shape }: NumericArray, { first, count }: PartRange): NumericArray {
  const [, steps, receivers] = shape as [number, number, number]
  const size = steps * receivers
  return { data: data.subarray(first * size, (first + count) * size), shape: [count, steps, receivers] }
}
