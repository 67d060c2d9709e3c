/**
 * A small made-up subsurface: four layers that get faster with depth and a slow lens in the second and third.
 *
 * ```
 * depth 0   +----------------------+
 *           |         1800         |   m/s
 *       1/4 +----------------------+
 *           |         2100  ____   |
 *       1/2 +--------------(-400)--+   the lens, slowest at its centre
 *           |         2500  ‾‾‾‾   |
 *       3/4 +----------------------+
 *           |         2900         |
 *         1 +----------------------+
 * ```
 */
import type { Float64Grid } from './types.js'

const LAYERS = [1800, 2100, 2500, 2900]

/** What `layeredVelocity` makes. */
export interface LayeredVelocitySettings {
  /** Grid points in depth and in distance. */
  readonly shape: readonly [depth: number, distance: number]
  /** With the lens (the truth) or without it (what an inversion starts from). */
  readonly lens: boolean
  /** Each value becomes the mean of those at most this many rows away. By default 0. */
  readonly smoothing?: number
}

/**
 * The velocity in m/s, shape [depth, distance].
 *
 * @example
 * ```ts
 * import { layeredVelocity } from '@checkpoint-schedules/models'
 *
 * const truth = layeredVelocity({ shape: [80, 160], lens: true })
 * const start = layeredVelocity({ shape: [80, 160], lens: false, smoothing: 2 })
 * ```
 */
export function layeredVelocity({ shape, lens, smoothing = 0 }: LayeredVelocitySettings): Float64Grid {
  const [nz, nx] = shape
  const data = new Float64Array(nz * nx)
  for (let iz = 0; iz < nz; iz++) {
    const background = smoothedLayer(iz, nz, smoothing)
    for (let ix = 0; ix < nx; ix++) {
      const z = (iz / nz - 0.45) / 0.12
      const x = (ix / nx - 0.55) / 0.12
      const inside = 1 - z * z - x * x
      data[iz * nx + ix] = background - (lens && inside > 0 ? 400 * inside : 0)
    }
  }
  return { data, shape: [nz, nx] }
}

function smoothedLayer(iz: number, nz: number, smoothing: number): number {
  let sum = 0
  for (let k = -smoothing; k <= smoothing; k++) {
    const row = iz + k < 0 ? 0 : iz + k >= nz ? nz - 1 : iz + k
    sum += LAYERS[Math.floor((row * LAYERS.length) / nz)]!
  }
  return sum / (2 * smoothing + 1)
}
