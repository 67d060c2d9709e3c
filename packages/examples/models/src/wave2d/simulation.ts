/**
 * Everything that stays the same from step to step, laid out for the inner loops.
 *
 * Absorption is a damping that grows with the square of the depth into the layer. It depends on the peak frequency
 * and not on the velocity, so that the velocity acts in one place only.
 */
import type { NumericArray } from '@checkpoint-schedules/core'
import { cellAt, cellsOutside, forEachCell, type Grid, makeGrid } from './grid.js'
import { receiverColumns, receiverRow, type ShotRange, sourceColumns, sourceRow } from './places.js'
import { makeSource, type Source } from './source.js'
import { wavelet } from './wavelet.js'

/** The damping σ at the outer edge of the absorbing layer, over the peak frequency. */
const EDGE_DAMPING = 2.5

/** The sources' strength, m²/s²: fields are then of the order of one. */
const SOURCE_STRENGTH = 1e8

/** The numbers of the problem, checked. */
export interface Wave2dNumbers {
  readonly spacing: number
  readonly timeStep: number
  readonly peakFrequency: number
  readonly absorbingWidth: number
  /** By default at 7/8 of the model's depth. */
  readonly sourceDepth?: number | undefined
  readonly receiverDepth: number
  /** By default all shots share receivers that are spread over the whole distance. */
  readonly aperture?: number | undefined
}

/** What the step, its tangent and its adjoint read. */
export interface Simulation {
  readonly grid: Grid
  readonly shots: number
  readonly timeStep: number
  /** ρ, what damping leaves of a field in one step: `1 / (1 + σ Δt)`; for each padded cell. */
  readonly decay: Float64Array
  /** `m = (c Δt / Δx)²`, for each padded cell, zero in the halo. */
  readonly squaredCourant: Float64Array
  /** What a source adds to its cells, all together, in step n. */
  readonly injection: Float64Array
  /** Each shot's source. */
  readonly sources: readonly Source[]
  /** The cells of each shot's receivers, as many for all shots. */
  readonly receivers: readonly Int32Array[]
  /** shots × records × receivers. */
  readonly observed: NumericArray
  /** Room for one shot's field, used within one adjoint step only. */
  readonly scratch: Float64Array
}

/**
 * Lays out a simulation. `velocity` has the shape [nz, nx], `observed` the records of the shots in the range. Time and memory:
 * O(cells + steps).
 */
export function makeSimulation(
  velocity: Float64Array,
  shape: readonly number[],
  observed: NumericArray,
  steps: number,
  numbers: Wave2dNumbers,
  range: ShotRange,
): Simulation {
  const { spacing, timeStep, peakFrequency, absorbingWidth } = numbers
  const [nz, nx] = shape as [number, number]
  const [shots, , receivers] = observed.shape as [number, number, number]
  const columns = sourceColumns(range, nx)
  const grid = makeGrid(nz, nx, absorbingWidth)
  const decay = new Float64Array(grid.cells)
  const squaredCourant = new Float64Array(grid.cells)
  const courantOfUnitSpeed = timeStep / spacing
  const edgeDamping = EDGE_DAMPING * peakFrequency
  forEachCell(grid, (cell, model) => {
    const column = cell % grid.columns
    const below = cellsOutside((cell - column) / grid.columns, absorbingWidth, nz)
    const beside = cellsOutside(column, absorbingWidth, nx)
    const depth =
      below === 0 && beside === 0 ? 0 : (below * below + beside * beside) / (absorbingWidth * absorbingWidth)
    decay[cell] = 1 / (1 + timeStep * (edgeDamping * depth))
    const courant = courantOfUnitSpeed * velocity[model]!
    squaredCourant[cell] = courant * courant
  })
  const perCell = (timeStep * timeStep * SOURCE_STRENGTH) / (spacing * spacing)
  return {
    grid,
    shots,
    timeStep,
    decay,
    squaredCourant,
    injection: Float64Array.from({ length: steps }, (_, n) => perCell * wavelet(n * timeStep, peakFrequency)),
    sources: columns.map((ix) => makeSource(grid, sourceRow(nz, numbers), ix)),
    receivers: columns.map((ix) =>
      Int32Array.from(receiverColumns(receivers, ix, nx, numbers), (column) =>
        cellAt(grid, receiverRow(numbers), column),
      ),
    ),
    observed,
    scratch: new Float64Array(grid.cells),
  }
}
