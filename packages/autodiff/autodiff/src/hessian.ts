/** The Hessian times a direction, with value and gradient. */
import { optionError } from '@checkpoint-schedules/core'
import { checkOptions } from './check-gradient.js'
import type { Compiled } from './compiled.js'
import { checkDirection, withDirection } from './direction.js'
import { secondOrderProblem } from './driver-problem.js'
import { evaluator, type Gradient } from './evaluation.js'
import { fingerprintOf } from './fingerprint.js'
import { Held } from './held.js'
import { layoutOf } from './layout.js'
import type { HessianResult, Objective } from './objective.js'
import type { SecondAdjoint } from './second-order-model.js'
import type { StateAndTangent } from './tangents.js'

const name = 'hessianVectorProduct'

/** The function of an objective. */
export function hessianOf<X, State, Params, Input>(
  compiled: Compiled<X, State, Params, Input>,
): Objective<X, State, Params, Input>['hessianVectorProduct'] {
  const { definition, derivatives } = compiled
  const { ad } = definition
  type Adjoint = SecondAdjoint<X, State, Params>
  type Results = Gradient<State, Params> & Pick<HessianResult<State, Params>, 'hessianVectorProduct'>
  const evaluate = evaluator<X, State, Params, Input, StateAndTangent<State>, Adjoint, Results>(
    compiled,
    name,
  )
  return async (options) => {
    checkOptions(definition, name, options)
    checkDirection(compiled, name, options)
    if ((options as { onInputGradient?: unknown }).onInputGradient !== undefined)
      throw optionError(name, 'onInputGradient is of valueAndGradient only; leave it out.')
    const { initialState, params = [] as Params, direction, ...others } = options
    const state = layoutOf(ad, initialState, 'initialState').bytes
    const both = state + layoutOf(ad, params, 'params').bytes
    const isWhole = direction.initialState !== undefined && direction.params !== undefined
    return withDirection(compiled, name, options, (start) =>
      evaluate(others, {
        start,
        sizes: { carried: 2 * state, adjoint: 2 * both, always: isWhole ? 0 : both },
        problem: (settings) => secondOrderProblem(compiled, start, settings),
        zeros({ tree }) {
          const zeros = () => derivatives.zeros({ state: tree.u, params: start.params })
          return new Held({ g: zeros(), h: zeros(), terms: [] })
        },
        fingerprint: async () =>
          `second order of ${await fingerprintOf(compiled, start, options.steps, start.direction.params)}`,
        results: ({ g, h }) => ({
          gradient: { initialState: g.state, params: g.params },
          hessianVectorProduct: { initialState: h.state, params: h.params },
        }),
      }),
    )
  }
}
