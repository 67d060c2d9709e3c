/**
 * A source: a small round blob of cells, so that the field, and with it the gradient, has no spike there.
 *
 * ```
 * weight ~ (1 - r² / 16)²   for r < 4 cells, all weights together 1
 * ```
 */
import { cellAt, type Grid } from './grid.js'

const RADIUS = 4

/** Cells of the padded grid and the part of the source that each one gets. */
export interface Source {
  readonly cells: Int32Array
  readonly weights: Float64Array
}

/** The source around row `iz` and column `ix` of the model; may reach into the absorbing layer, not into the halo. */
export function makeSource(grid: Grid, iz: number, ix: number): Source {
  const { nz, nx, absorbingWidth } = grid
  const isWithin = (index: number, count: number) =>
    index >= -absorbingWidth && index < count + absorbingWidth
  const cells: number[] = []
  const weights: number[] = []
  let total = 0
  for (let z = 1 - RADIUS; z < RADIUS; z++) {
    for (let x = 1 - RADIUS; x < RADIUS; x++) {
      const rest = 1 - (z * z + x * x) / (RADIUS * RADIUS)
      if (rest > 0 && isWithin(iz + z, nz) && isWithin(ix + x, nx)) {
        cells.push(cellAt(grid, iz + z, ix + x))
        weights.push(rest * rest)
        total += rest * rest
      }
    }
  }
  return { cells: Int32Array.from(cells), weights: Float64Array.from(weights, (weight) => weight / total) }
}
