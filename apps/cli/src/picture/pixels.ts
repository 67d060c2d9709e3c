/** A grid of values as an image inside an SVG. */
import { encode } from 'fast-png'
import type { Rgb } from './colours.js'

/** Values row by row. */
export interface Grid {
  readonly rows: number
  readonly columns: number
  readonly values: ArrayLike<number>
}

/** Nobody sees more pixels per side than this. */
const MOST_PIXELS = 1600

/** The grid as a data URL of a PNG; in a large grid each pixel stands for a block. */
export function pixelsOf(grid: Grid, colourOf: (value: number) => Rgb): string {
  const { rows, columns, values } = reduced(grid)
  const data = new Uint8Array(rows * columns * 3)
  for (let i = 0; i < rows * columns; i++) data.set(colourOf(values[i]!), 3 * i)
  const png = encode({ width: columns, height: rows, data, channels: 3, depth: 8 })
  return `data:image/png;base64,${Buffer.from(png).toString('base64')}`
}

// Each pixel is the mean of a block.
function reduced(grid: Grid): Grid {
  const block = Math.ceil(Math.max(grid.rows, grid.columns) / MOST_PIXELS)
  if (block === 1) return grid
  const [rows, columns] = [Math.ceil(grid.rows / block), Math.ceil(grid.columns / block)]
  const values = new Float64Array(rows * columns)
  const counts = new Uint32Array(rows * columns)
  for (let row = 0; row < grid.rows; row++) {
    for (let column = 0; column < grid.columns; column++) {
      const pixel = Math.floor(row / block) * columns + Math.floor(column / block)
      values[pixel]! += grid.values[row * grid.columns + column]!
      counts[pixel]! += 1
    }
  }
  return { rows, columns, values: values.map((sum, pixel) => sum / counts[pixel]!) }
}
