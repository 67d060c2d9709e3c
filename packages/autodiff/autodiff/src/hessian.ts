/** The Hessian–vector product: the gradient of the directional derivative. */
import { optionError } from '@checkpoint-schedules/core'
import type { Differentiator } from './differentiator.js'
import { difference, layoutOf } from './layout.js'
import type { HessianOptions, HessianResult, Objective } from './objective.js'
import type { Moving } from './tangent-definition.js'
import { mapTree, releaseAll } from './trees.js'

/** @param tangents - The objective's directional derivative, as an objective of its own. */
export async function hessianVectorProduct<X, State, Params, Input>(
  ad: Differentiator<X>,
  tangents: Objective<X, Moving<State>, Moving<Params>, Input>,
  { direction, initialState, params = [] as Params, ...options }: HessianOptions<X, State, Params, Input>,
): Promise<HessianResult<State, Params>> {
  const along = directionOf(ad, { initialState, params }, direction)
  const running = tangents.valueAndGradient({
    ...(options as object),
    initialState: { at: initialState, along: along.initialState },
    params: { at: params, along: along.params },
  })
  releaseAll(ad, along) // it has taken owners of its own
  const { value, gradient, statistics } = await running
  const { initialState: state, params: rates } = gradient
  return {
    slope: value,
    gradient: { initialState: state.along, params: rates.along },
    product: { initialState: state.at, params: rates.at },
    statistics,
  }
}

/** The direction, with zeros for what is left out; owned by the caller. */
function directionOf<X, State, Params>(
  ad: Differentiator<X>,
  point: { readonly initialState: State; readonly params: Params },
  direction: HessianOptions<X, State, Params, unknown>['direction'],
): typeof point {
  const { initialState, params } = direction ?? {}
  if (initialState === undefined && params === undefined)
    throw optionError(
      'hessianVectorProduct',
      'direction is missing; pass { initialState, params }, or one of them: trees like those of the point.',
    )
  const along = { initialState: initialState ?? point.initialState, params: params ?? point.params }
  const wrong = difference(layoutOf(ad, point, 'direction'), layoutOf(ad, along, 'direction'))
  if (wrong !== undefined)
    throw optionError('hessianVectorProduct', `direction must look like the point that it moves, but ${wrong}.`)
  const owned = <T>(tree: T, isGiven: boolean): T =>
    mapTree(ad, (array) => (isGiven ? ad.retain(array) : zeros(ad, array)), tree)
  return {
    initialState: owned(along.initialState, initialState !== undefined),
    params: owned(along.params, params !== undefined),
  }
}

function zeros<X>(ad: Differentiator<X>, array: X): X {
  const { dtype, shape } = ad.describe(array)
  const length = shape.reduce((a, b) => a * b, 1)
  return ad.write({ data: dtype === 'float64' ? new Float64Array(length) : new Float32Array(length), shape, dtype })
}
