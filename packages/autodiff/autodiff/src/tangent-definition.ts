/**
 * The directional derivative of an objective, as an objective of its own: of states with their tangents.
 *
 * The insight: φ(m) = <∇J(m), d> is what one tangent run gives, and its gradient is the Hessian–vector product, ∇φ = H d. As φ is
 * linear in the tangents, its derivative by them is ∇J. So a second derivative is an ordinary gradient, of twice the state.
 */
import type { ObjectiveDefinition } from './definition.js'
import { sourcesOf } from './fingerprint.js'
import { releaseAll } from './trees.js'

/** A value, and the direction in which it moves. */
export interface Moving<T> {
  readonly at: T
  readonly along: T
}

export function tangentDefinition<X, State, Params, Input>(
  definition: ObjectiveDefinition<X, State, Params, Input>,
): ObjectiveDefinition<X, Moving<State>, Moving<Params>, Input> {
  const { ad, step, loss, stepLoss, inputs, isDone } = definition
  const slope = (f: (state: State, params: Params) => X, state: Moving<State>, params: Moving<Params>): X => {
    const { value, tangent } = ad.jvp(
      (s: State, p: Params) => [f(s, p)] as const,
      [state.at, params.at] as const,
      [state.along, params.along] as const,
    )
    releaseAll(ad, value)
    return tangent[0]
  }
  return {
    ad,
    step(state, params, input) {
      const { value, tangent } = ad.jvp(
        (s: State, p: Params) => step(s, p, input),
        [state.at, params.at] as const,
        [state.along, params.along] as const,
      )
      return { at: value, along: tangent }
    },
    loss: loss && ((state, params) => slope(loss, state, params)),
    stepLoss: stepLoss && ((state, params, input) => slope((s, p) => stepLoss(s, p, input), state, params)),
    inputs,
    isDone: isDone && (({ at }, n) => isDone(at, n)),
    fingerprint: `the tangent of ${definition.fingerprint ?? sourcesOf(definition)}`,
  }
}
