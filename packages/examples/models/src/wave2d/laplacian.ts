/**
 * The fourth-order Laplacian, times Δx²:
 *
 * ```
 *                    -1/12
 *                     4/3
 * (L u)[i] = -1/12 4/3 -5 4/3 -1/12   applied to u around i
 *                     4/3
 *                    -1/12
 * ```
 *
 * With zeros outside the grid, L is symmetric: it is its own adjoint. Its eigenvalues lie in [-32/3, 0], so the wave
 * equation is stable while `(c Δt / Δx)² * 32/3 <= 4`.
 */

const NEAR = 4 / 3
const FAR = 1 / 12

/** The largest stable `(c Δt / Δx)²`. */
export const LARGEST_SQUARED_COURANT = 3 / 8

/** `Δx² ∇² u` in cell `i`; engines inline it. */
export function laplacianAt(u: Float64Array, i: number, columns: number): number {
  const near = u[i - 1]! + u[i + 1]! + (u[i - columns]! + u[i + columns]!)
  const far = u[i - 2]! + u[i + 2]! + (u[i - 2 * columns]! + u[i + 2 * columns]!)
  return NEAR * near - FAR * far - 5 * u[i]!
}
