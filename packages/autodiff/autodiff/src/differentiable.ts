/** `differentiable`: a step and a loss in; value and gradient within a budget out. */
import { compiledOf } from './compiled.js'
import { checkDefinition, type ObjectiveDefinition } from './definition.js'
import type { Differentiator } from './differentiator.js'
import { driverProblem } from './driver-problem.js'
import { gradientOf } from './gradient.js'
import { Held } from './held.js'
import { hessianOf } from './hessian.js'
import type { Objective } from './objective.js'
import { tangentOf } from './tangent.js'
import { leavesOf } from './trees.js'

/**
 * Makes an objective of a step and a loss that a library differentiates. Compiles nothing yet; make one and call it often.
 *
 * @throws `INVALID_OPTION`
 * @example
 * ```ts
 * import { differentiable } from '@checkpoint-schedules/autodiff'
 * import { jaxjs } from '@checkpoint-schedules/autodiff-jax'
 * import { multistage } from '@checkpoint-schedules/multistage'
 * import * as jax from '@jax-js/jax'
 *
 * const { numpy: np } = jax
 * const objective = differentiable({
 *   ad: jaxjs(jax),
 *   step: (x: jax.Array, rate: jax.Array) => x.ref.add(x.mul(rate)),
 *   loss: (x: jax.Array) => x.sum(),
 * })
 * const [initialState, params] = [np.array([1, 2]), np.array(0.01)]
 * const schedule = multistage({ steps: 100, snapshotsInRam: 5 })
 * const { value, gradient } = await objective.valueAndGradient({ initialState, params, schedule })
 * console.log(value.toFixed(4), (await gradient.params.data())[0]!.toFixed(1)) // 8.1144 803.4
 * ```
 */
export function differentiable<X, State, Params = [], Input = []>(
  definition: ObjectiveDefinition<X, State, Params, Input>,
): Objective<X, State, Params, Input> {
  checkDefinition(definition)
  const { ad } = definition
  const compiled = compiledOf(definition)
  return {
    valueAndGradient: gradientOf(compiled),
    hessianVectorProduct: hessianOf(compiled),
    jvp: tangentOf(compiled),
    problem: (point) => driverProblem(compiled, point),
    adjoint: ({ state, params }) => new Held({ state, params, terms: [] }),
    innerProduct: (tangent, adjoint) => innerProduct(ad, tangent, adjoint),
  }
}

type Vector = Held<{ readonly state: unknown; readonly params: unknown }>

/** The cotangent of the objective's own value is 1. */
function innerProduct<X>(ad: Differentiator<X>, tangent: Vector, adjoint: Vector): number {
  const list = ({ tree: { state, params } }: Vector) => leavesOf(ad, [state, params])
  const others = list(adjoint)
  let sum = tangent.value
  for (const [i, array] of list(tangent).entries()) {
    const [a, b] = [ad.readSync(array).data, ad.readSync(others[i]!).data]
    for (let k = 0; k < a.length; k++) sum += Number(a[k]) * Number(b[k])
  }
  return sum
}
