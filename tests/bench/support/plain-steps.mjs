// The models' steps as plain fused loops over arrays of the same sizes with the same arithmetic.

export function burgersLoop(u, a, b) {
  let left = 0
  for (let i = 0; i < u.length - 1; i++) {
    const here = u[i]
    u[i] = here - a * (u[i + 1] * u[i + 1] - left * left) + b * (u[i + 1] - 2 * here + left)
    left = here
  }
}

/** Damped leapfrog with a fourth-order stencil over rows × columns cells, for each shot in turn. */
export function waveLoop(u, v, m, d, rows, columns, shots) {
  for (let shot = 0; shot < shots; shot++) {
    const offset = shot * rows * columns
    for (let row = 2; row < rows - 2; row++) {
      for (let cell = row * columns + 2; cell < (row + 1) * columns - 2; cell++) {
        const i = offset + cell
        const near = u[i - 1] + u[i + 1] + (u[i - columns] + u[i + columns])
        const far = u[i - 2] + u[i + 2] + (u[i - 2 * columns] + u[i + 2 * columns])
        const left = d[cell]
        v[i] = left * (2 * u[i] - left * v[i] + m[cell] * ((4 / 3) * near - (1 / 12) * far - 5 * u[i]))
      }
    }
  }
}
