/** Burgers' equation in jax-js, in double precision, and its misfit to observations. */
import { noise } from './observe.mjs'

/** An array of doubles. */
export const doubles = (jax, numbers) =>
  jax.numpy.array(Float64Array.from(numbers), { dtype: jax.numpy.float64 })

/**
 * The step and the loss, for `differentiable`; the state is u, the parameter is the viscosity.
 *
 * @param jax - jax-js.
 * @param observed - From `observe`.
 * @param steps - When each step begins and how long it is: see ../time-steps.mjs.
 * @param viscosity - A function that returns it as a number; only asked where sizes are chosen.
 */
export function burgers(jax, { points, rows }, steps, viscosity) {
  const np = jax.numpy
  const spacing = 1 / (points + 1)
  // Constants of double precision are arrays.
  const [advection, diffusion, two] = [1 / (4 * spacing), 1 / spacing ** 2, 2].map((x) => doubles(jax, [x]))
  const isObserved = (i) => i % 4 === 3
  const none = new Float64Array(points)
  const weights = none.map((_, i) => (isObserved(i) ? 0.5 / noise ** 2 : 0))
  const onGrid = rows.map((row) => none.map((_, i) => (isObserved(i) ? row[(i - 3) / 4] : 0)))

  return {
    step(u, viscosity, { size }) {
      const wide = np.pad(u.ref, [[1, 1]])
      const [left, right] = [wide.ref.slice([0, points]), wide.slice([2, points + 2])]
      const slope = np.square(right.ref).sub(np.square(left.ref)).mul(advection.ref)
      const bend = left.add(right).sub(u.ref.mul(two.ref)).mul(diffusion.ref)
      return u.add(bend.mul(viscosity).sub(slope).mul(size))
    },
    /** Half the sum of squares of what is missed, in units of the noise. */
    stepLoss: (u, _viscosity, { data, weight }) => np.square(u.sub(data)).mul(weight).sum(),
    inputs(n) {
      const { size, measurement } = steps.at(n)
      const [data, weight] = measurement === undefined ? [none, none] : [onGrid[measurement], weights]
      return { size: doubles(jax, [size]), data: doubles(jax, data), weight: doubles(jax, weight) }
    },
    /** Where sizes are chosen: stable, and no wave moves by more than a tenth of a cell. */
    ...(steps.isAtEnd && {
      isDone(u, n) {
        const fastest = Math.max(1e-3, ...u.ref.dataSync().map(Math.abs))
        return steps.isAtEnd(n, Math.min((0.4 * spacing ** 2) / viscosity(), (0.1 * spacing) / fastest))
      },
    }),
  }
}
