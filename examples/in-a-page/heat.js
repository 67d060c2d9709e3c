// Nonlinear diffusion on a ring: the better it conducts, the hotter it is. Explicit steps, and their adjoint by hand.

/** The model, where it starts, and how far its end is from what is wanted. */
export function heat({ cells, rate = 0.2 }) {
  const wave = (i, count) => Math.sin((2 * Math.PI * count * i) / cells)
  const initialState = Float64Array.from({ length: cells }, (_, i) => 1 + 0.5 * wave(i, 3))
  const wanted = Float64Array.from({ length: cells }, (_, i) => 1 + 0.5 * wave(i + cells / 20, 3))

  /** The flow of heat from cell i to the next one: of u²/2, so that it conducts as u does. */
  const step = (u) => {
    const next = new Float64Array(cells)
    let before = u[cells - 1]
    for (let i = 0; i < cells; i++) {
      const after = u[i + 1 < cells ? i + 1 : 0]
      next[i] = u[i] + (rate / 2) * (before * before - 2 * u[i] * u[i] + after * after)
      before = u[i]
    }
    return next
  }
  return {
    model: {
      step,
      tape: (u) => ({ state: step(u), tape: u }),
      adjoint(a, u) {
        const previous = new Float64Array(cells)
        for (let i = 0; i < cells; i++) {
          const [left, right] = [i > 0 ? i - 1 : cells - 1, i + 1 < cells ? i + 1 : 0]
          previous[i] = a[i] + rate * u[i] * (a[left] - 2 * a[i] + a[right])
        }
        return previous
      },
      fingerprint: `heat ${cells} ${rate}`,
    },
    initialState,
    misfit: (u) => u.reduce((sum, x, i) => sum + (x - wanted[i]) ** 2, 0) / (2 * cells),
    misfitGradient: (u) => u.map((x, i) => (x - wanted[i]) / cells),
  }
}
