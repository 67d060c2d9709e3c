// The model burgers1d of @checkpoint-schedules/models, in jax-js in double precision.
import { differentiable } from '@checkpoint-schedules/autodiff'
import { burgers1d } from '@checkpoint-schedules/models'

/** Computes the gradient by the initial state under a schedule. */
export async function burgersInJax({ points, steps }, schedule) {
  globalThis.Float16Array ??= function () {} // jax-js asks for it when it is given doubles; Node 20 has none
  const jax = await import('@jax-js/jax')
  const { jaxjs } = await import('@checkpoint-schedules/autodiff-jax')
  const np = jax.numpy
  const doubles = (...numbers) => np.array(Float64Array.from(numbers), { dtype: np.float64 })
  const spacing = 1 / (points + 1)
  const time = 40 * spacing * spacing // as burgers1d has it by default
  const [advection, diffusion, two] = [doubles(time / (4 * spacing)), doubles(0.4), doubles(2)]
  const objective = differentiable({
    ad: jaxjs(jax),
    step(u) {
      const wide = np.pad(u.ref, [[1, 1]])
      const [left, right] = [wide.ref.slice([0, points]), wide.slice([2, points + 2])]
      const slope = np.square(right.ref).sub(np.square(left.ref)).mul(advection.ref)
      return u.ref.sub(slope).add(right.sub(u.mul(two.ref)).add(left).mul(diffusion.ref))
    },
    loss: (u) => np.square(u).mean(),
  })
  const initialState = doubles(...burgers1d({ points, steps }).initialState)
  return async () => {
    const { gradient } = await objective.valueAndGradient({ initialState, schedule })
    gradient.initialState.dispose()
  }
}
