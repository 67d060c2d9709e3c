/** Value and gradient. */
import { checkOptions } from './check-gradient.js'
import type { Compiled } from './compiled.js'
import { driverProblem } from './driver-problem.js'
import { evaluator, type Gradient } from './evaluation.js'
import { fingerprintOf } from './fingerprint.js'
import { Held } from './held.js'
import { layoutOf } from './layout.js'
import type { Objective } from './objective.js'
import type { AdjointTree } from './step-model.js'
import { mapTree, releaseAll } from './trees.js'

const name = 'valueAndGradient'

/** The function of an objective. */
export function gradientOf<X, State, Params, Input>(
  compiled: Compiled<X, State, Params, Input>,
): Objective<X, State, Params, Input>['valueAndGradient'] {
  const { definition, derivatives } = compiled
  const { ad } = definition
  const evaluate = evaluator<
    X,
    State,
    Params,
    Input,
    State,
    AdjointTree<X, State, Params>,
    Gradient<State, Params>
  >(compiled, name)
  return async (options) => {
    checkOptions(definition, name, options)
    const { initialState, params = [] as Params, onInputGradient, ...others } = options
    // The caller may release its own from now on.
    const start = mapTree(ad, (array) => ad.retain(array), { initialState, params })
    const state = layoutOf(ad, initialState, 'initialState').bytes
    try {
      return await evaluate(others, {
        start,
        sizes: { carried: state, adjoint: state + layoutOf(ad, params, 'params').bytes, always: 0 },
        problem: (settings) => driverProblem(compiled, { ...start, onInputGradient }, settings),
        zeros: ({ tree }) =>
          new Held({ ...derivatives.zeros({ state: tree, params: start.params }), terms: [] }),
        fingerprint: () => fingerprintOf(compiled, start, options.steps),
        results: (adjoint) => ({ gradient: { initialState: adjoint.state, params: adjoint.params } }),
      })
    } finally {
      releaseAll(ad, start)
    }
  }
}
