/** What an objective does not depend on, though it may be meant to. */
import type { Differentiator } from './differentiator.js'
import type { Gradient } from './evaluation.js'
import { layoutOf } from './layout.js'
import { leavesOf } from './trees.js'

/** Warns of each parameter whose gradient is exactly zero, and of an initial state of which all of it is. */
export async function withoutInfluence<X>(
  ad: Differentiator<X>,
  { gradient }: Gradient<unknown, unknown>,
): Promise<string[]> {
  const zeros = async (part: 'initialState' | 'params'): Promise<boolean[]> =>
    Promise.all(
      leavesOf(ad, gradient[part]).map(async (array) => {
        const { data } = await ad.read(array)
        return data.length > 0 && !(data as Float64Array).some((x) => x !== 0)
      }),
    )
  const ofState = await zeros('initialState')
  const { leaves } = layoutOf(ad, gradient.params, 'params')
  const ofParams = await zeros('params')
  return [
    ...(ofState.length > 0 && ofState.every(Boolean) ? ['initialState'] : []),
    ...leaves.filter((_, i) => ofParams[i]).map(({ path }) => path),
  ].map(
    (path) =>
      `the objective does not depend on ${path}: its gradient is exactly 0. If it should, see that step and losses compute with ` +
      'the array that they are given, not with a number or a copy read from it.',
  )
}
