/**
 * The discrete tangent of one wave step: directions du, du⁻ (the field before), dJ, and the parameter's dm.
 *
 * ```
 * du⁺ = ρ (2 du - ρ du⁻ + m L du + (L u) dm)               L u from the tape
 * dJ⁺ = dJ + Δt Σ residual · du⁺ at receiver
 * ```
 *
 * The halo is not part of the state: the values of a direction there count as zero.
 */
import { clearHalo, HALO } from './grid.js'
import { laplacianAt } from './laplacian.js'
import type { Simulation } from './simulation.js'
import type { Wave2dAdjoint, Wave2dTape } from './types.js'

/** Overwrites the tangent at the start of the step with the one at its end. */
export function stepTangent(tangent: Wave2dAdjoint, tape: Wave2dTape, simulation: Simulation): Wave2dAdjoint {
  const { grid, receivers, shots, timeStep } = simulation
  const { current, previous: next } = tangent
  let sum = 0
  for (let shot = 0; shot < shots; shot++) {
    const offset = shot * grid.cells
    clearHalo(grid, current, offset)
    clearHalo(grid, next, offset)
    propagateTangent(tangent, tape.laplacian, simulation, shot)
    const places = receivers[shot]!
    const record = shot * places.length
    for (let r = 0; r < places.length; r++) sum += tape.residuals[record + r]! * next[offset + places[r]!]!
  }
  tangent.misfit += timeStep * sum
  tangent.current = next
  tangent.previous = current
  return tangent
}

function propagateTangent(
  tangent: Wave2dAdjoint,
  laplacian: Float64Array,
  simulation: Simulation,
  shot: number,
): void {
  const { decay, squaredCourant, grid } = simulation
  const { current: u, previous, squaredCourant: direction } = tangent
  const { rows, columns, cells, interior } = grid
  const offset = shot * cells
  let taped = shot * interior
  for (let row = HALO; row < rows - HALO; row++) {
    const end = (row + 1) * columns - HALO
    for (let cell = row * columns + HALO; cell < end; cell++) {
      const i = offset + cell
      const left = decay[cell]!
      const bend = squaredCourant[cell]! * laplacianAt(u, i, columns) + laplacian[taped++]! * direction[cell]!
      previous[i] = left * (2 * u[i]! - left * previous[i]! + bend)
    }
  }
}
