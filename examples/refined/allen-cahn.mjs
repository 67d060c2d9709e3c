/**
 * The Allen-Cahn equation u_t = ε u_xx + u - u³ in one dimension, by explicit Euler. In the middle third of the steps the mesh is refined:
 * states and tapes have twice the size there, and a step takes twice as long.
 *
 *     pnpm build && node examples/refined/run.mjs
 *
 * What makes the adjoint right: a step that changes the mesh first transfers its state, so that its adjoint ends with the transposed transfer.
 */
export function allenCahn({ steps = 300, cells = 1000 } = {}) {
  const [from, to] = [Math.round(steps / 3), Math.round((2 * steps) / 3)]
  /** The cells that step n computes on, and those of the state at its start. */
  const cellsIn = (n) => (n >= from && n < to ? 2 * cells : cells)
  const cellsBefore = (n) => cellsIn(Math.max(0, n - 1))
  const dt = 0.01
  // Diffusion in units of the mesh, stable on both.
  const diffusion = (u) => 5 * (u.length / cells) ** 2 * dt

  /** To the mesh of step n: both halves of a cell get its value, or the mean of two cells. */
  function transferred(u, n) {
    const count = cellsIn(n)
    if (count === u.length) return u
    if (count > u.length) return Float64Array.from({ length: count }, (_, i) => u[i >> 1])
    return Float64Array.from({ length: count }, (_, i) => (u[2 * i] + u[2 * i + 1]) / 2)
  }
  /** The transposed transfer, back to the mesh before step n. */
  function transferredBack(a, n) {
    const count = cellsBefore(n)
    if (count === a.length) return a
    if (count > a.length) return Float64Array.from({ length: count }, (_, i) => a[i >> 1] / 2)
    return Float64Array.from({ length: count }, (_, i) => a[2 * i] + a[2 * i + 1])
  }

  const neighbours = (u, i) => u[Math.max(0, i - 1)] - 2 * u[i] + u[Math.min(u.length - 1, i + 1)]
  const stepped = (u) => u.map((x, i) => x + diffusion(u) * neighbours(u, i) + dt * (x - x ** 3))

  return {
    steps,
    initialState: Float64Array.from({ length: cells }, (_, i) => 0.1 * Math.sin((9 * Math.PI * i) / cells)),
    model: {
      step: (state, n) => stepped(transferred(state, n)),
      tape(state, n) {
        const u = transferred(state, n)
        return { state: stepped(u), tape: u.map((x) => 1 + dt * (1 - 3 * x * x)) }
      },
      // The Laplacian with these boundaries is symmetric.
      adjoint: (a, slope, n) =>
        transferredBack(
          a.map((x, i) => slope[i] * x + diffusion(a) * neighbours(a, i)),
          n,
        ),
    },
    /** The objective is half the sum of squares at the end. */
    terminalAdjoint: (finalState) => finalState.slice(),
    /** What a step costs and what its state and tape take: the options of `heterogeneous`. */
    chain: {
      forwardCost: (n) => cellsIn(n) / cells,
      adjointCost: (n) => cellsIn(n) / cells,
      stateBytes: (n) => 8 * cellsBefore(n),
      tapeBytes: (n) => 8 * cellsIn(n),
    },
  }
}
