/** The functions that a run calls at each step, each compiled once. All of them borrow their arguments. */
import { isPromise } from '@checkpoint-schedules/model'
import type { ObjectiveDefinition } from './definition.js'
import { invalid } from './layout.js'
import { mapTree, releaseAll } from './trees.js'

/** What a step and the term of the objective at its end come to. */
interface Stepped<X, State> {
  readonly next: State
  /** One scalar, or none. */
  readonly terms: readonly X[]
}

/** What the reverse of a step gives. */
export interface Reversed<X, State, Params, Input> {
  readonly state: State
  readonly params: Params
  readonly terms: readonly X[]
  /** The gradient by the input, if it was asked for. */
  readonly input: readonly Input[]
}

export type Derivatives<X, State, Params, Input> = ReturnType<typeof derivativesOf<X, State, Params, Input>>

/** Compiles nothing yet: libraries compile at the first call. */
export function derivativesOf<X, State, Params, Input>(given: ObjectiveDefinition<X, State, Params, Input>) {
  const { ad } = given
  const definition = {
    step: atOnce('step', given.step),
    loss: given.loss && atOnce('loss', given.loss),
    stepLoss: given.stepLoss && atOnce('stepLoss', given.stepLoss),
  }
  const reuse = <T>(tree: T): T => mapTree(ad, (array) => ad.reuse(array), tree)
  const ones = <T>(tree: T): T => mapTree(ad, (array) => ad.onesLike(array), tree)
  const sum = <T>(a: T, b: T): T => mapTree(ad, (x, y) => ad.add(x, y), a, b)

  const stepped = (state: State, params: Params, input: Input): Stepped<X, State> => {
    if (definition.stepLoss === undefined) return { next: definition.step(state, params, input), terms: [] }
    const [again, data] = [reuse(params), reuse(input)]
    const next = definition.step(state, params, input)
    return { next, terms: [definition.stepLoss(reuse(next), again, data)] }
  }

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
    const { value, cotangents } = ad.vjp(
      (s: State, p: Params) => [definition.loss!(s, p)] as const,
      [state, params] as const,
      ones,
    )
    return { value: value[0], state: cotangents[0], params: cotangents[1] }
  }

  return {
    step: ad.compile((state: State, params: Params, input: Input) => definition.step(state, params, input)),
    stepLoss: ad.compile((state: State, params: Params, input: Input) => [
      definition.stepLoss!(state, params, input),
    ]),
    lossAlone: ad.compile((state: State, params: Params) => [definition.loss!(state, params)]),
    reverse: ad.compile(reverse),
    reverseWithInput: ad.compile(reverseWithInput),
    loss: ad.compile(loss),
    zeros: ad.compile((state: State, params: Params) => ({
      state: mapTree(ad, (array) => ad.zerosLike(array), state),
      params: mapTree(ad, (array) => ad.zerosLike(array), params),
    })),
    tangent: ad.compile((state: State, params: Params, input: Input, ds: State, dp: Params) => {
      const { value, tangent } = ad.jvp(
        (s: State, p: Params) => stepped(s, p, input),
        [state, params] as const,
        [ds, dp] as const,
      )
      releaseAll(ad, value)
      return tangent
    }),
  }
}

/** The function, which must return its result at once. */
function atOnce<Args extends readonly unknown[], Result>(
  name: string,
  f: (...args: Args) => Result,
): (...args: Args) => Result {
  return (...args) => {
    const result = f(...args)
    if (!isPromise(result)) return result
    throw invalid(
      `${name} returned a Promise, but it is differentiated while it runs: return the result at once. What has to be waited for comes ` +
        'from inputs(n), which may be async.',
    )
  }
}
