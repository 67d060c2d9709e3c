/** Derivatives along a direction, and those of gradients, each function compiled once. All of them borrow their arguments. */
import type { Differentiator } from './differentiator.js'
import type { Functions, StateAndParams, Stepped } from './functions.js'
import { releaseAll } from './trees.js'

/** A state and its tangent. */
export interface StateAndTangent<State> {
  readonly u: State
  readonly t: State
}

/** A gradient, and its derivative along the direction: the Hessian times the direction. */
export interface GradientAndHessian<State, Params> {
  readonly g: StateAndParams<State, Params>
  readonly h: StateAndParams<State, Params>
}

export type Tangents<X, State, Params, Input> = ReturnType<typeof tangentsOf<X, State, Params, Input>>

/** Compiles nothing yet. */
export function tangentsOf<X, State, Params, Input>(
  ad: Differentiator<X>,
  { step, stepped, lossAlone, ones, sum }: Functions<X, State, Params, Input>,
) {
  type Pair = StateAndTangent<State>
  type Gradients = GradientAndHessian<State, Params>

  const curvature: NonNullable<Differentiator<X>['curvature']> =
    ad.curvature?.bind(ad) ??
    ((f, point, direction, cotangent) => {
      const gradient = (args: typeof point.args, weights: typeof point.weights) =>
        ad.vjp(f, args, (value) => cotangent(value, weights))
      const { value, tangent } = ad.jvp(
        gradient,
        [point.args, point.weights],
        [direction.args, direction.weights],
      )
      releaseAll(ad, tangent.value)
      return { ...value, tangents: tangent.cotangents }
    })

  const curved = ({ g, h }: Gradients, { u, t }: Pair, params: Params, along: Params, input: Input) => {
    const { value, cotangents, tangents } = curvature(
      (s: State, p: Params) => stepped(s, p, input),
      { args: [u, params] as const, weights: g.state },
      { args: [t, along] as const, weights: h.state },
      (stepped: Stepped<X, State>, next) => ({ next, terms: ones(stepped.terms) }),
    )
    releaseAll(ad, value.next)
    const added = (before: Params, [state, p]: readonly [State, Params]) => ({
      state,
      params: sum(before, p),
    })
    return { g: added(g.params, cotangents), h: added(h.params, tangents), terms: value.terms }
  }

  const lossCurved = ({ u, t }: Pair, params: Params, along: Params) => {
    const { value, cotangents, tangents } = curvature(
      lossAlone,
      { args: [u, params] as const, weights: [] },
      { args: [t, along] as const, weights: [] },
      ones,
    )
    const named = ([state, p]: readonly [State, Params]) => ({ state, params: p })
    return { value: value[0], g: named(cotangents), h: named(tangents) }
  }

  return {
    /** A step, and its tangent. */
    step: ad.compile(({ u, t }: Pair, params: Params, along: Params, input: Input): Pair => {
      const { value, tangent } = ad.jvp(
        (s: State, p: Params) => step(s, p, input),
        [u, params] as const,
        [t, along] as const,
      )
      return { u: value, t: tangent }
    }),
    /** The same, and the step's term of the objective with its derivative. */
    stepped: ad.compile(({ u, t }: Pair, params: Params, along: Params, input: Input) => {
      const { value, tangent } = ad.jvp(
        (s: State, p: Params) => stepped(s, p, input),
        [u, params] as const,
        [t, along] as const,
      )
      return { u: value.next, t: tangent.next, terms: value.terms, slopes: tangent.terms }
    }),
    loss: ad.compile(({ u, t }: Pair, params: Params, along: Params) => {
      const { value, tangent } = ad.jvp(lossAlone, [u, params] as const, [t, along] as const)
      return { value: value[0], slope: tangent[0] }
    }),
    /** The reverse of a step, and its derivative. */
    curved: ad.compile(curved),
    lossCurved: ad.compile(lossCurved),
  }
}
