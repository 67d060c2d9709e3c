/**
 * The discrete tangent and adjoint of one Burgers step, linearised at the state `u` before it, `left` and `right`
 * being the neighbours of the point `i`:
 *
 * ```
 * tangent   d'[i] = (1 - 2b) d[i]  + (b - 2a u[right]) d[right] + (b + 2a u[left]) d[left]
 * adjoint   λ[i]  = (1 - 2b) λ'[i] + (b - 2a u[i]) λ'[left]     + (b + 2a u[i]) λ'[right]
 * curvature μ[i]  = the same of μ' + 2a d[i] (λ'[right] - λ'[left])
 * ```
 *
 * All run in place, as the step does.
 */
import type { BurgersCoefficients } from './step.js'

/** Overwrites the tangent `d` at the start of the step with the one at its end. */
export function stepTangent(
  d: Float64Array,
  u: Float64Array,
  { advection, diffusion }: BurgersCoefficients,
): Float64Array {
  const last = d.length - 1
  const double = 2 * advection
  const centre = 1 - 2 * diffusion
  let left = 0
  let here = d[0]!
  for (let i = 0; i < last; i++) {
    const right = d[i + 1]!
    const fromLeft = i === 0 ? 0 : (diffusion + double * u[i - 1]!) * left
    d[i] = centre * here + (diffusion - double * u[i + 1]!) * right + fromLeft
    left = here
    here = right
  }
  d[last] = centre * here + (last === 0 ? 0 : (diffusion + double * u[last - 1]!) * left)
  return d
}

/** Overwrites the adjoint at the end of the step with the one at its start. */
export function stepAdjoint(
  adjoint: Float64Array,
  u: Float64Array,
  { advection, diffusion }: BurgersCoefficients,
): Float64Array {
  const last = adjoint.length - 1
  const double = 2 * advection
  const centre = 1 - 2 * diffusion
  let left = 0
  let here = adjoint[0]!
  for (let i = 0; i < last; i++) {
    const right = adjoint[i + 1]!
    const slope = double * u[i]!
    adjoint[i] = centre * here + (diffusion - slope) * left + (diffusion + slope) * right
    left = here
    here = right
  }
  adjoint[last] = centre * here + (diffusion - double * u[last]!) * left
  return adjoint
}

/** Overwrites the derivative `second` of the adjoint at the end of the step with the one at its start, as u moves along `d`. */
export function stepCurvature(
  second: Float64Array,
  adjoint: Float64Array,
  d: Float64Array,
  u: Float64Array,
  coefficients: BurgersCoefficients,
): Float64Array {
  const last = adjoint.length - 1
  const double = 2 * coefficients.advection
  stepAdjoint(second, u, coefficients)
  for (let i = 0; i <= last; i++) {
    const left = i === 0 ? 0 : adjoint[i - 1]!
    const right = i === last ? 0 : adjoint[i + 1]!
    second[i] = second[i]! + double * d[i]! * (right - left)
  }
  return second
}
