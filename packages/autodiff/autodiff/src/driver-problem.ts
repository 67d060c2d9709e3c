/** An objective at a point, as the driver takes it: a model, a start, and how the adjoint begins. */
import type { ObjectiveDefinition } from './definition.js'
import type { Derivatives } from './derivatives.js'
import { Held } from './held.js'
import { layoutOf } from './layout.js'
import { explainNotFinite } from './not-finite.js'
import type { DriverProblem, Point } from './objective.js'
import { stepModel } from './step-model.js'
import { added } from './terms.js'
import { releaseAll } from './trees.js'

/** What the user wrote, and its derivatives. */
export interface Compiled<X, State, Params, Input> {
  readonly definition: ObjectiveDefinition<X, State, Params, Input>
  readonly derivatives: Derivatives<X, State, Params, Input>
}

export function driverProblem<X, State, Params, Input>(
  { definition, derivatives }: Compiled<X, State, Params, Input>,
  { initialState, params = [] as Params, onInputGradient }: Point<State, Params, Input>,
  {
    signal,
    fingerprint,
  }: { readonly signal?: AbortSignal | undefined; readonly fingerprint?: string | undefined } = {},
): DriverProblem<X, State, Params> {
  const { ad, loss } = definition
  const explain = (steps: number) =>
    explainNotFinite(definition, derivatives, { initialState, params, signal }, steps)
  return {
    model: stepModel(definition, derivatives, {
      params,
      layout: layoutOf(ad, initialState, 'state'),
      paramsLayout: layoutOf(ad, params, 'params'),
      onInputGradient,
      explain,
      fingerprint,
    }),
    initialState: new Held(initialState),
    async terminalAdjoint({ tree }, _k, steps) {
      if (loss === undefined) return new Held({ ...derivatives.zeros(tree, params), terms: [] })
      const { value, state, params: gradient } = derivatives.loss(tree, params)
      try {
        const sum = await added(ad, 0, [value])
        if (!Number.isFinite(sum)) await explain(steps)
        return new Held({ state, params: gradient, terms: [] }, sum)
      } catch (error) {
        releaseAll(ad, state, gradient)
        throw error
      } finally {
        ad.release(value)
      }
    },
  }
}
