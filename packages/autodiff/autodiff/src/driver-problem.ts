/** A gradient or a Hessian-vector product, as the driver takes it: a model, a start, and how the adjoint begins. */
import type { Compiled } from './compiled.js'
import type { Differentiator } from './differentiator.js'
import { Held } from './held.js'
import { layoutOf } from './layout.js'
import { explainNotFinite } from './not-finite.js'
import type { DriverProblem, Point } from './objective.js'
import { type SecondAdjoint, type SecondOrderModel, secondOrderModel } from './second-order-model.js'
import { stepModel } from './step-model.js'
import type { StateAndTangent } from './tangents.js'
import { added } from './terms.js'
import { releaseAll } from './trees.js'

/** What belongs to one run. */
export interface RunSettings {
  readonly signal?: AbortSignal | undefined
  readonly fingerprint?: string | undefined
}

export function driverProblem<X, State, Params, Input>(
  { definition, derivatives, tangents }: Compiled<X, State, Params, Input>,
  { initialState, params = [] as Params, onInputGradient }: Point<State, Params, Input>,
  { signal, fingerprint }: RunSettings = {},
): DriverProblem<X, State, Params> {
  const { ad, loss } = definition
  const explain = (steps: number) =>
    explainNotFinite(definition, derivatives, { initialState, params, signal }, steps)
  return {
    model: stepModel(definition, derivatives, tangents, {
      params,
      layout: layoutOf(ad, initialState, 'state'),
      paramsLayout: layoutOf(ad, params, 'params'),
      onInputGradient,
      explain,
      fingerprint,
    }),
    initialState: new Held(initialState),
    async terminalAdjoint({ tree: state }, _k, steps) {
      if (loss === undefined) return new Held({ ...derivatives.zeros({ state, params }), terms: [] })
      const { value, ...gradient } = derivatives.loss(state, params)
      const sum = await lossOf(ad, value, gradient, () => explain(steps))
      return new Held({ ...gradient, terms: [] }, sum)
    },
  }
}

/** A point, and a direction in which everything is differentiated. */
export interface PointAndDirection<State, Params> {
  readonly initialState: State
  readonly params: Params
  readonly direction: { readonly initialState: State; readonly params: Params }
}

/** The same for a Hessian-vector product. */
export function secondOrderProblem<X, State, Params, Input>(
  { definition, derivatives, tangents }: Compiled<X, State, Params, Input>,
  { initialState, params, direction }: PointAndDirection<State, Params>,
  { signal, fingerprint }: RunSettings = {},
) {
  type Pair = Held<StateAndTangent<State>>
  type Adjoint = Held<SecondAdjoint<X, State, Params>>
  const { ad, loss } = definition
  const explain = (steps: number) =>
    explainNotFinite(definition, derivatives, { initialState, params, signal }, steps)
  const model: SecondOrderModel<X, State, Params> = secondOrderModel(definition, tangents, {
    params,
    along: direction.params,
    layout: layoutOf(ad, initialState, 'state'),
    paramsLayout: layoutOf(ad, params, 'params'),
    explain,
    fingerprint,
  })
  return {
    model,
    initialState: new Held({ u: initialState, t: direction.initialState }),
    async terminalAdjoint({ tree }: Pair, _k: number, steps: number): Promise<Adjoint> {
      if (loss === undefined) {
        const zeros = () => derivatives.zeros({ state: tree.u, params })
        return new Held({ g: zeros(), h: zeros(), terms: [] })
      }
      const { value, ...gradients } = tangents.lossCurved(tree, params, direction.params)
      const sum = await lossOf(ad, value, gradients, () => explain(steps))
      return new Held({ ...gradients, terms: [] }, sum)
    },
  }
}

/** The loss as a number. It is released, and so are its derivatives if it is not finite. */
async function lossOf<X>(
  ad: Differentiator<X>,
  value: X,
  derivatives: unknown,
  explain: () => Promise<never>,
): Promise<number> {
  try {
    const sum = await added(ad, 0, [value])
    return Number.isFinite(sum) ? sum : await explain()
  } catch (error) {
    releaseAll(ad, derivatives)
    throw error
  } finally {
    ad.release(value)
  }
}
