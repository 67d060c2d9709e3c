/**
 * The driver's model of a Hessian-vector product, as `secondOrder` of `steps` makes one of a model by hand: a state with its tangent is
 * carried forwards, a gradient with its derivative backwards.
 *
 * ```
 * forward   u → step(u)                    t → its derivative along t and the direction of the parameters
 * reverse   g → the pullback of g at u     h → the derivative of that pullback along t, the direction, and h
 * ```
 */
import type { Model } from '@checkpoint-schedules/model'
import type { ObjectiveDefinition } from './definition.js'
import { type Held, heldCodec } from './held.js'
import { difference, type Layout, layoutOf } from './layout.js'
import { adjointCodec, type ModelSettings, reversibleModel, type WithTerms } from './reversible-model.js'
import type { GradientAndHessian, StateAndTangent, Tangents } from './tangents.js'

/** The arrays of its adjoint. */
export interface SecondAdjoint<X, State, Params> extends GradientAndHessian<State, Params>, WithTerms<X> {}

export type SecondOrderModel<X, State, Params> = Model<
  Held<StateAndTangent<State>>,
  Held<StateAndTangent<State>>,
  Held<SecondAdjoint<X, State, Params>>
>

/** What a model is made for. */
export interface SecondOrderSettings<Params, Input> extends ModelSettings<Input> {
  readonly params: Params
  /** The direction of the parameters; that of the state is in what is carried. */
  readonly along: Params
  readonly paramsLayout: Layout
}

export function secondOrderModel<X, State, Params, Input>(
  definition: ObjectiveDefinition<X, State, Params, Input>,
  tangents: Tangents<X, State, Params, Input>,
  settings: SecondOrderSettings<Params, Input>,
): SecondOrderModel<X, State, Params> {
  type Pair = StateAndTangent<State>
  type Adjoint = SecondAdjoint<X, State, Params>
  const { ad } = definition
  const { params, along, layout, paramsLayout } = settings
  const wrongState = (state: unknown, name: string) => difference(layout, layoutOf(ad, state, name))
  const wrongParams = (tree: unknown) => difference(paramsLayout, layoutOf(ad, tree, 'params'))
  return reversibleModel<X, State, Pair, Adjoint, Input>(
    definition,
    {
      forward: (pair, input) => tangents.step(pair, params, along, input),
      reverse: ({ g, h }, pair, input) => ({
        adjoint: tangents.curved({ g, h }, pair, params, along, input),
        input: [],
      }),
      stateOf: ({ u }) => u,
    },
    settings,
    {
      carried: heldCodec(ad, (tree) => {
        const { u, t } = tree as Partial<Pair>
        return wrongState(u, 'state') ?? wrongState(t, 'state')
      }),
      adjoint: adjointCodec<X, Adjoint>(
        ad,
        ({ g, h }) =>
          wrongState(g?.state, 'state') ??
          wrongState(h?.state, 'state') ??
          wrongParams(g?.params) ??
          wrongParams(h?.params),
      ),
    },
  )
}
