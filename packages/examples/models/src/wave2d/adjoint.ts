/**
 * The discrete adjoint of one wave step: from λ (by u[n+1]), λ⁻ (by u[n]), j (by the misfit) and μ (by m) at its end
 * to those at its start, by transposing the tangent line by line.
 *
 * ```
 * λ  += Δt j residual at each receiver
 * μ  += ρ λ (L u)                     L u from the tape
 * by u[n]   = λ⁻ + 2 ρ λ + L (m ρ λ)   L is its own adjoint
 * by u[n-1] = -ρ² λ
 * ```
 *
 * In place: λ turns into the adjoint of u[n-1], λ⁻ into that of u[n]; then the arrays swap names. L needs `m ρ λ` of
 * all neighbours before it can start, which is what the scratch field is for.
 */
import { clearHalo, type Grid, HALO } from './grid.js'
import { laplacianAt } from './laplacian.js'
import type { Simulation } from './simulation.js'
import type { Wave2dAdjoint, Wave2dTape } from './types.js'

/** Overwrites the adjoint at the end of the step with the one at its start. Time: about two steps; memory: none. */
export function stepAdjoint(adjoint: Wave2dAdjoint, tape: Wave2dTape, simulation: Simulation): Wave2dAdjoint {
  const { grid, receivers, scratch, shots, timeStep } = simulation
  const { current, previous } = adjoint
  const weight = timeStep * adjoint.misfit
  for (let shot = 0; shot < shots; shot++) {
    const offset = shot * grid.cells
    clearHalo(grid, current, offset)
    clearHalo(grid, previous, offset)
    const places = receivers[shot]!
    const record = shot * places.length
    for (let r = 0; r < places.length; r++) {
      current[offset + places[r]!]! += weight * tape.residuals[record + r]!
    }
    applyPointwise(adjoint, tape.laplacian, simulation, shot)
    addLaplacian(previous, scratch, grid, offset)
  }
  adjoint.current = previous
  adjoint.previous = current
  return adjoint
}

/** All but the Laplacian, which finds its argument `m ρ λ` in the scratch field. */
function applyPointwise(
  adjoint: Wave2dAdjoint,
  laplacian: Float64Array,
  simulation: Simulation,
  shot: number,
): void {
  const { decay, squaredCourant, grid, scratch } = simulation
  const { current, previous, squaredCourant: gathered } = adjoint
  const { rows, columns, cells, interior } = grid
  const offset = shot * cells
  let taped = shot * interior
  for (let row = HALO; row < rows - HALO; row++) {
    const end = (row + 1) * columns - HALO
    for (let cell = row * columns + HALO; cell < end; cell++) {
      const i = offset + cell
      const left = decay[cell]!
      const decayed = left * current[i]!
      scratch[cell] = squaredCourant[cell]! * decayed
      gathered[cell]! += decayed * laplacian[taped++]!
      previous[i]! += 2 * decayed
      current[i] = -left * decayed
    }
  }
}

function addLaplacian(
  target: Float64Array,
  field: Float64Array,
  { rows, columns }: Grid,
  offset: number,
): void {
  for (let row = HALO; row < rows - HALO; row++) {
    const end = (row + 1) * columns - HALO
    for (let cell = row * columns + HALO; cell < end; cell++) {
      target[offset + cell]! += laplacianAt(field, cell, columns)
    }
  }
}
