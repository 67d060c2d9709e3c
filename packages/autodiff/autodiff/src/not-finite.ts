/** Why an objective is NaN or infinite: the forward is taken once more, and every state is looked at. Costs nothing unless it happens. */
import { macrotask } from '@checkpoint-schedules/core'
import type { ObjectiveDefinition } from './definition.js'
import type { Derivatives } from './derivatives.js'
import type { Differentiator } from './differentiator.js'
import { inputsOf } from './inputs.js'
import { invalid, layoutOf } from './layout.js'
import { leavesOf, releaseAll } from './trees.js'

/** Where the forward starts. */
export interface Start<State, Params> {
  readonly initialState: State
  readonly params: Params
  readonly signal?: AbortSignal | undefined
}

/** The place of a number that is not finite, and the number. */
export async function findNotFinite<X>(
  ad: Differentiator<X>,
  tree: unknown,
  name: string,
): Promise<string | undefined> {
  const { leaves } = layoutOf(ad, tree, name)
  for (const [i, array] of leavesOf(ad, tree).entries()) {
    const { data } = await ad.read(array)
    const at = (data as Float64Array).findIndex((x) => !Number.isFinite(x))
    if (at >= 0) return `${leaves[i]!.path} is ${data[at]} at index ${at}`
  }
  return undefined
}

/**
 * @param found - What is not finite, if it is not the objective but a derivative of it.
 * @throws `INVALID_VALUE`: always; it names the first step whose state is not finite.
 */
export async function explainNotFinite<X, State, Params, Input>(
  definition: ObjectiveDefinition<X, State, Params, Input>,
  derivatives: Derivatives<X, State, Params, Input>,
  { initialState, params, signal }: Start<State, Params>,
  steps: number,
  found?: string,
): Promise<never> {
  const { ad } = definition
  const subject =
    found === undefined ? 'the objective is not finite' : `a derivative is not finite, as ${found}`
  const find = (tree: unknown, name: string) => findNotFinite(ad, tree, name)
  const withInput = inputsOf(definition, false)
  const given = (await find(initialState, 'initialState')) ?? (await find(params, 'params'))
  if (given !== undefined) throw invalid(`${subject}, since what it starts from is not: ${given}.`)
  let state: State | undefined
  try {
    for (let n = 0; n < steps; n++) {
      const before: State = state ?? initialState
      const next = await withInput(n, (input) => derivatives.step(before, params, input))
      if (state !== undefined) releaseAll(ad, state)
      state = next
      await macrotask()
      signal?.throwIfAborted()
      const place = await find(state, 'state')
      if (place === undefined) continue
      throw invalid(
        `${subject}: step ${n} is the first one whose result is not, ${place}. ` +
          'Try a shorter time step, or parameters closer to those that worked.',
        { step: n },
      )
    }
    if (found !== undefined)
      throw invalid(
        `${subject}, though the objective and every state are finite: an operation of step or losses has no derivative there, such as a square ` +
          'root or a norm at 0, or the derivative has grown beyond the largest number over the steps.',
      )
    const losses = (['loss', 'stepLoss'] as const).filter((name) => definition[name] !== undefined)
    throw invalid(`${subject}, though every state is: see what ${losses.join(' or ')} computes.`)
  } finally {
    if (state !== undefined) releaseAll(ad, state)
  }
}
