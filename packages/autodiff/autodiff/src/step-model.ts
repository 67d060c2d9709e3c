/** The driver's model of a gradient: what is carried is the state. */
import type { Model } from '@checkpoint-schedules/model'
import type { ObjectiveDefinition } from './definition.js'
import type { Derivatives } from './derivatives.js'
import type { StateAndParams } from './functions.js'
import { hasLayout, Held, heldCodec } from './held.js'
import { inputsOf } from './inputs.js'
import { difference, type Layout, layoutOf } from './layout.js'
import { adjointCodec, type ModelSettings, reversibleModel, type WithTerms } from './reversible-model.js'
import type { Tangents } from './tangents.js'
import { added } from './terms.js'
import { releaseAll } from './trees.js'

/** The arrays of an adjoint: of the state, the sum for the parameters, and terms of the objective that are not read yet. */
export interface AdjointTree<X, State, Params> extends StateAndParams<State, Params>, WithTerms<X> {}

/** The adjoint of such a model. */
export type HeldAdjoint<X, State, Params> = Held<AdjointTree<X, State, Params>>

/** The driver's model: states are `Held<State>`, a tape is the state at the start of its step. */
export type StepModel<X, State, Params> = Model<Held<State>, Held<State>, HeldAdjoint<X, State, Params>>

/** What a model is made for. */
export interface StepSettings<Params, Input> extends ModelSettings<Input> {
  readonly params: Params
  readonly paramsLayout: Layout
}

export function stepModel<X, State, Params, Input>(
  definition: ObjectiveDefinition<X, State, Params, Input>,
  derivatives: Derivatives<X, State, Params, Input>,
  tangents: Tangents<X, State, Params, Input>,
  settings: StepSettings<Params, Input>,
): StepModel<X, State, Params> {
  type Adjoint = AdjointTree<X, State, Params>
  const { ad } = definition
  const { params, layout, paramsLayout, onInputGradient } = settings
  const reversed = onInputGradient === undefined ? derivatives.reverse : derivatives.reverseWithInput
  const model = reversibleModel<X, State, State, Adjoint, Input>(
    definition,
    {
      forward: (state, input) => derivatives.step(state, params, input),
      reverse(adjoint, state, input) {
        const { input: byInput, ...made } = reversed(adjoint.state, adjoint.params, state, params, input)
        return { adjoint: made, input: byInput }
      },
      stateOf: (state) => state,
    },
    settings,
    {
      carried: heldCodec(ad, hasLayout(ad, layout, 'state')),
      adjoint: adjointCodec<X, Adjoint>(
        ad,
        (tree) =>
          difference(layout, layoutOf(ad, tree.state, 'state')) ??
          difference(paramsLayout, layoutOf(ad, tree.params, 'params')),
      ),
    },
  )
  const withInput = inputsOf(definition, false)
  return {
    ...model,
    tangent: (d, { tree: u }, n) =>
      withInput(n, async (input) => {
        const made = tangents.stepped({ u, t: d.tree.state }, params, d.tree.params, input)
        const value = await added(ad, d.value, made.slopes)
        releaseAll(ad, d.tree.state, made.u, made.terms, made.slopes)
        return new Held({ state: made.t, params: d.tree.params, terms: [] }, value)
      }),
  }
}
