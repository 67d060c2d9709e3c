/** The functions that a gradient calls at each step, each compiled once. All of them borrow their arguments. */
import type { Differentiator } from './differentiator.js'
import type { Functions, StateAndParams, Stepped } from './functions.js'
import { releaseAll } from './trees.js'

/** What the reverse of a step gives. */
export interface Reversed<X, State, Params, Input> extends StateAndParams<State, Params> {
  /** The step's term of the objective, if there is one. */
  readonly terms: readonly X[]
  /** The gradient by the input, if it was asked for. */
  readonly input: readonly Input[]
}

export type Derivatives<X, State, Params, Input> = ReturnType<typeof derivativesOf<X, State, Params, Input>>

/** Compiles nothing yet: libraries compile at the first call. */
export function derivativesOf<X, State, Params, Input>(
  ad: Differentiator<X>,
  { step, stepped, lossAlone, stepLossAlone, zeros, ones, sum }: Functions<X, State, Params, Input>,
) {
  type Reverse = (
    adjoint: State,
    gradient: Params,
    state: State,
    params: Params,
    input: Input,
  ) => Reversed<X, State, Params, Input>

  /** The objective's terms so far are part of the adjoint's start: their cotangent is 1. */
  const cotangent = (adjoint: State) => (value: Stepped<X, State>) => ({
    next: adjoint,
    terms: ones(value.terms),
  })

  const reverse: Reverse = (adjoint, gradient, state, params, input) => {
    const { value, cotangents } = ad.vjp(
      (s: State, p: Params) => stepped(s, p, input),
      [state, params] as const,
      cotangent(adjoint),
    )
    releaseAll(ad, value.next)
    const [s, p] = cotangents
    return { state: s, params: sum(gradient, p), terms: value.terms, input: [] }
  }
  const reverseWithInput: Reverse = (adjoint, gradient, state, params, input) => {
    const { value, cotangents } = ad.vjp(stepped, [state, params, input] as const, cotangent(adjoint))
    releaseAll(ad, value.next)
    const [s, p, i] = cotangents
    return { state: s, params: sum(gradient, p), terms: value.terms, input: [i] }
  }

  const loss = (state: State, params: Params) => {
    const { value, cotangents } = ad.vjp(lossAlone, [state, params] as const, ones)
    return { value: value[0], state: cotangents[0], params: cotangents[1] }
  }

  return {
    step: ad.compile(step),
    stepLoss: ad.compile(stepLossAlone),
    lossAlone: ad.compile(lossAlone),
    reverse: ad.compile(reverse),
    reverseWithInput: ad.compile(reverseWithInput),
    loss: ad.compile(loss),
    zeros: ad.compile((tree: unknown) => zeros(tree)) as <Tree>(tree: Tree) => Tree,
  }
}
