/**
 * One explicit step of the viscous Burgers equation `u_t + (u²/2)_x = ν u_xx` on (0, 1) with u = 0 at both ends.
 *
 * ```
 * u'[i] = u[i] - a (u[i+1]² - u[i-1]²) + b (u[i+1] - 2 u[i] + u[i-1]),   a = Δt / 4Δx,  b = ν Δt / Δx²
 *
 * 0   u[0]  u[1]        …      u[points-1]   0
 * |----+-----+-----+-----+-----+-----+-------|
 * x=0  Δx                                    x=1
 * ```
 *
 * Only interior points are stored, so every value is free. In place: the old left neighbour stays in a scalar.
 */

/** The two numbers that a step needs. */
export interface BurgersCoefficients {
  /** Δt / 4Δx */
  readonly advection: number
  /** ν Δt / Δx² */
  readonly diffusion: number
}

/** Overwrites `u` with the state one step later. Time: O(points), memory: none. */
export function takeStep(u: Float64Array, { advection, diffusion }: BurgersCoefficients): Float64Array {
  const last = u.length - 1
  let left = 0
  let here = u[0]!
  for (let i = 0; i < last; i++) {
    const right = u[i + 1]!
    u[i] = here - advection * (right * right - left * left) + diffusion * (right - 2 * here + left)
    left = here
    here = right
  }
  u[last] = here + advection * (left * left) + diffusion * (left - 2 * here)
  return u
}
