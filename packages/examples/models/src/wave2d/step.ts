/**
 * One step of the acoustic wave equation `(∂_t + σ)² u = c² ∇²u + s`, second order in time, fourth in space.
 * With `m = (c Δt / Δx)²` and `ρ = 1 / (1 + σ Δt)`, the part of a field that damping leaves in one step:
 *
 * ```
 * u[n+1] = ρ (2 u[n] - ρ u[n-1] + m L u[n]) + Δt² s[n]
 * J[n+1] = J[n] + ½ Δt Σ (u[n+1] at receiver - observed[n])²
 * ```
 *
 * Each new value needs only its own predecessor in `u[n-1]`, so it takes its place; then the two arrays swap names.
 */
import { HALO } from './grid.js'
import { laplacianAt } from './laplacian.js'
import type { Simulation } from './simulation.js'
import type { Wave2dState, Wave2dTape } from './types.js'

/** The state at the start: nothing moves yet. */
export function atRest({ grid, shots }: Simulation): Wave2dState {
  return {
    current: new Float64Array(shots * grid.cells),
    previous: new Float64Array(shots * grid.cells),
    misfit: 0,
  }
}

/** Overwrites `state` with the one after step n. Time: O(shots × cells), memory: none. */
export function takeStep(state: Wave2dState, n: number, simulation: Simulation): Wave2dState {
  for (let shot = 0; shot < simulation.shots; shot++)
    propagate(state.current, state.previous, simulation, shot)
  return finish(state, n, simulation, undefined)
}

/** Step n, bit-for-bit identical, and its tape. Allocates the tape only. */
export function takeTapedStep(
  state: Wave2dState,
  n: number,
  simulation: Simulation,
): { state: Wave2dState; tape: Wave2dTape } {
  const { grid, shots, receivers } = simulation
  const tape = {
    laplacian: new Float64Array(shots * grid.interior),
    residuals: new Float64Array(shots * receivers[0]!.length),
  }
  for (let shot = 0; shot < shots; shot++)
    propagateTaped(state.current, state.previous, tape.laplacian, simulation, shot)
  return { state: finish(state, n, simulation, tape.residuals), tape }
}

function propagate(u: Float64Array, previous: Float64Array, simulation: Simulation, shot: number): void {
  const { decay, squaredCourant, grid } = simulation
  const { rows, columns, cells } = grid
  const offset = shot * cells
  for (let row = HALO; row < rows - HALO; row++) {
    const end = (row + 1) * columns - HALO
    for (let cell = row * columns + HALO; cell < end; cell++) {
      const i = offset + cell
      const left = decay[cell]!
      previous[i] =
        left * (2 * u[i]! - left * previous[i]! + squaredCourant[cell]! * laplacianAt(u, i, columns))
    }
  }
}

function propagateTaped(
  u: Float64Array,
  previous: Float64Array,
  laplacian: Float64Array,
  simulation: Simulation,
  shot: number,
): void {
  const { decay, squaredCourant, grid } = simulation
  const { rows, columns, cells, interior } = grid
  const offset = shot * cells
  let taped = shot * interior
  for (let row = HALO; row < rows - HALO; row++) {
    const end = (row + 1) * columns - HALO
    for (let cell = row * columns + HALO; cell < end; cell++) {
      const i = offset + cell
      const left = decay[cell]!
      const bend = laplacianAt(u, i, columns)
      previous[i] = left * (2 * u[i]! - left * previous[i]! + squaredCourant[cell]! * bend)
      laplacian[taped++] = bend
    }
  }
}

/** Fires the sources, adds to the misfit, swaps the fields. */
function finish(
  state: Wave2dState,
  n: number,
  simulation: Simulation,
  residuals: Float64Array | undefined,
): Wave2dState {
  const { grid, injection, sources, receivers, observed, shots, timeStep } = simulation
  const { current, previous: next } = state
  const { data } = observed
  const records = observed.shape[1]!
  let sum = 0
  for (let shot = 0; shot < shots; shot++) {
    const offset = shot * grid.cells
    const { cells, weights } = sources[shot]!
    for (let k = 0; k < cells.length; k++) next[offset + cells[k]!]! += injection[n]! * weights[k]!
    const places = receivers[shot]!
    const record = (shot * records + n) * places.length
    for (let r = 0; r < places.length; r++) {
      const residual = next[offset + places[r]!]! - data[record + r]!
      sum += residual * residual
      if (residuals !== undefined) residuals[shot * places.length + r] = residual
    }
  }
  state.misfit += 0.5 * timeStep * sum
  state.current = next
  state.previous = current
  return state
}
