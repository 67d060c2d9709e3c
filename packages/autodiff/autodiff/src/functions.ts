/** The user's functions as they are differentiated, and what is computed with the trees that they take and return. */
import { isPromise } from '@checkpoint-schedules/model'
import type { ObjectiveDefinition } from './definition.js'
import { invalid, layoutOf } from './layout.js'
import { checkScalar } from './terms.js'
import { copiedTree, mapTree } from './trees.js'

/** What a step and the term of the objective at its end come to. */
export interface Stepped<X, State> {
  readonly next: State
  /** One scalar, or none. */
  readonly terms: readonly X[]
}

/** A tree for the state, and one for the parameters. */
export interface StateAndParams<State, Params> {
  readonly state: State
  readonly params: Params
}

export type Functions<X, State, Params, Input> = ReturnType<typeof functionsOf<X, State, Params, Input>>

/** For use within functions that the library compiles. */
export function functionsOf<X, State, Params, Input>({
  ad,
  ...given
}: ObjectiveDefinition<X, State, Params, Input>) {
  /** The function with trees of its own: one that changes them, as by `state.x = …`, changes nothing that the run holds. */
  const called =
    <Args extends readonly unknown[], Result>(
      name: string,
      f: (...args: Args) => Result,
      check: (result: Result) => void,
    ): ((...args: Args) => Result) =>
    (...args) => {
      const result = f(...copiedTree(ad, args))
      if (isPromise(result)) throw isAsync(name)
      check(result)
      return result
    }
  const step = called('step', given.step, (state) => void layoutOf(ad, state, 'the state that step returns'))
  const loss = given.loss && called('loss', given.loss, (it) => checkScalar(ad, it, 'loss'))
  const stepLoss =
    given.stepLoss && called('stepLoss', given.stepLoss, (it) => checkScalar(ad, it, 'stepLoss'))
  const reuse = <T>(tree: T): T => mapTree(ad, (array) => ad.reuse(array), tree)
  return {
    step,
    /** A step, and its term of the objective. */
    stepped: (state: State, params: Params, input: Input): Stepped<X, State> => {
      if (stepLoss === undefined) return { next: step(state, params, input), terms: [] }
      const [again, data] = [reuse(params), reuse(input)]
      const next = step(state, params, input)
      return { next, terms: [stepLoss(reuse(next), again, data)] }
    },
    /** The loss of the final state, in a list; it must be there. */
    lossAlone: (state: State, params: Params) => [loss!(state, params)] as const,
    stepLossAlone: (state: State, params: Params, input: Input) => [stepLoss!(state, params, input)] as const,
    zeros: <T>(tree: T): T => mapTree(ad, (array) => ad.zerosLike(array), tree),
    ones: <T>(tree: T): T => mapTree(ad, (array) => ad.onesLike(array), tree),
    sum: <T>(a: T, b: T): T => mapTree(ad, (x, y) => ad.add(x, y), a, b),
  }
}

function isAsync(name: string): Error {
  return invalid(
    `${name} returned a Promise, but it is differentiated while it runs: return the result at once. What has to be waited for comes ` +
      'from inputs(n), which may be async.',
  )
}
