/**
 * The padded grid: the user's cells, around them the absorbing layer, around that a halo of zeros, so that the stencil needs no test for the
 * edge.
 *
 * ```
 *            halo 2 | absorbing width |   nx   | absorbing width | halo 2
 * row    ->  0   0  | =   =   =   =   | c c c c | =   =   =   =  |  0   0
 *                     ^ the model's edge values, repeated outwards
 * ```
 *
 * Repeating an edge value is a linear map; its adjoint folds each layer cell's gradient back onto the edge cell.
 */

/** Zero cells on each side, as many as the stencil reaches. */
export const HALO = 2

/** The sizes of the model and of the padded grid, in cells. */
export interface Grid {
  readonly nz: number
  readonly nx: number
  readonly absorbingWidth: number
  /** Padded rows and columns, halo included. */
  readonly rows: number
  readonly columns: number
  /** rows × columns */
  readonly cells: number
  /** Cells without the halo. */
  readonly interior: number
}

/** The padded grid of an nz × nx model. */
export function makeGrid(nz: number, nx: number, absorbingWidth: number): Grid {
  const rows = nz + 2 * (absorbingWidth + HALO)
  const columns = nx + 2 * (absorbingWidth + HALO)
  const interior = (rows - 2 * HALO) * (columns - 2 * HALO)
  return { nz, nx, absorbingWidth, rows, columns, cells: rows * columns, interior }
}

/** The padded cell of row `iz` and column `ix` of the model. */
export function cellAt({ columns, absorbingWidth }: Grid, iz: number, ix: number): number {
  return (iz + absorbingWidth + HALO) * columns + ix + absorbingWidth + HALO
}

/** Calls `visit(padded, model)` for each cell but the halo: its index, and that of the model cell whose value it has. */
export function forEachCell(grid: Grid, visit: (padded: number, model: number) => void): void {
  const { nz, nx, absorbingWidth: width, rows, columns } = grid
  for (let row = HALO; row < rows - HALO; row++) {
    const iz = nearest(row - HALO - width, nz)
    for (let column = HALO; column < columns - HALO; column++) {
      visit(row * columns + column, iz * nx + nearest(column - HALO - width, nx))
    }
  }
}

/** How many cells a padded row or column lies outside the model (0 inside). */
export function cellsOutside(paddedIndex: number, width: number, count: number): number {
  const index = paddedIndex - HALO - width
  return index < 0 ? -index : index >= count ? index - count + 1 : 0
}

/** Sums padded values over the cells that share a model cell: the adjoint of the repetition. */
export function foldOntoModel(grid: Grid, padded: Float64Array): Float64Array {
  const folded = new Float64Array(grid.nz * grid.nx)
  forEachCell(grid, (cell, model) => {
    folded[model]! += padded[cell]!
  })
  return folded
}

/** Sets the halo of the shot that begins at `offset` to zero. */
export function clearHalo({ rows, columns, cells }: Grid, field: Float64Array, offset: number): void {
  field.fill(0, offset, offset + HALO * columns + HALO)
  // From the last columns of one row to the first of the next: one gap of 2 halos.
  for (let row = HALO; row < rows - HALO; row++) {
    const end = offset + (row + 1) * columns
    for (let i = end - HALO; i < end + HALO; i++) field[i] = 0
  }
  field.fill(0, offset + (rows - HALO) * columns, offset + cells)
}

function nearest(index: number, count: number): number {
  return index < 0 ? 0 : index >= count ? count - 1 : index
}
