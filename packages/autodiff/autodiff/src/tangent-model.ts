/**
 * The driver's model of a tangent run: a state with its tangent is carried forwards, and the objective with its derivative is summed up.
 *
 * ```
 * { u, t, terms: [j, …], slopes: [dj, …] }, value, slope      value + Σ terms is what the objective has up to step n, slope + Σ slopes its derivative
 * ```
 */
import { after, type Awaitable, type ForwardModel } from '@checkpoint-schedules/model'
import type { ObjectiveDefinition } from './definition.js'
import { Held, heldCodec } from './held.js'
import { inputsOf } from './inputs.js'
import { isDoneOf } from './is-done.js'
import { difference, type Layout, layoutOf } from './layout.js'
import { checkStep, settler } from './reversible-model.js'
import type { StateAndTangent, Tangents } from './tangents.js'
import { added, TERMS_AT_ONCE } from './terms.js'
import { releaseAll } from './trees.js'

/** The arrays that are carried. */
export interface TangentState<X, State> extends StateAndTangent<State> {
  readonly terms: readonly X[]
  readonly slopes: readonly X[]
}

/** What a model is made for. */
export interface TangentSettings<Params> {
  readonly params: Params
  /** The direction of the parameters. */
  readonly along: Params
  /** Of a state. */
  readonly layout: Layout
  /** Throws an error that says why the objective is not finite. */
  readonly explain: (steps: number) => Promise<never>
  readonly fingerprint?: string | undefined
}

export function tangentModel<X, State, Params, Input>(
  definition: ObjectiveDefinition<X, State, Params, Input>,
  tangents: Tangents<X, State, Params, Input>,
  { params, along, layout, explain, fingerprint }: TangentSettings<Params>,
): ForwardModel<Held<TangentState<X, State>>> {
  type Carried = Held<TangentState<X, State>>
  const { ad } = definition
  const isDone = isDoneOf(definition)
  const withInput = inputsOf(definition, false)
  const settled = settler(ad)

  const step = (before: Carried, n: number) =>
    withInput(n, (input): Awaitable<Carried> => {
      const { tree, value, slope } = before
      const made = tangents.stepped(tree, params, along, input)
      checkStep(ad, made, made.u, layout, n)
      const terms = [...tree.terms, ...made.terms]
      const slopes = [...tree.slopes, ...made.slopes]
      if (terms.length < TERMS_AT_ONCE) {
        releaseAll(ad, tree.u, tree.t)
        return settled(made, new Held({ u: made.u, t: made.t, terms, slopes }, value, slope))
      }
      const summed = after(sums(before, terms, slopes, made, n), ([sum, slopeSum]) => {
        releaseAll(ad, tree.u, tree.t, terms, slopes)
        return new Held({ u: made.u, t: made.t, terms: [], slopes: [] }, sum, slopeSum)
      })
      return summed
    })

  async function sums(
    { value, slope }: Carried,
    terms: readonly X[],
    slopes: readonly X[],
    made: unknown,
    n: number,
  ): Promise<readonly [number, number]> {
    try {
      const both = [await added(ad, value, terms), await added(ad, slope, slopes)] as const
      return Number.isFinite(both[0]) ? both : await explain(n + 1)
    } catch (error) {
      releaseAll(ad, made) // what was given is released by the driver
      throw error
    }
  }

  const wrongState = (tree: unknown) => difference(layout, layoutOf(ad, tree, 'state'))
  const areScalars = (list: unknown) =>
    Array.isArray(list) && list.length < TERMS_AT_ONCE && list.every((it) => ad.isArray(it))
  return {
    step,
    ...(isDone && { isDone: ({ tree }: Carried, n: number) => isDone(tree.u, n) }),
    codecs: {
      state: heldCodec(ad, (tree) => {
        const { u, t, terms, slopes } = tree as Partial<TangentState<X, State>>
        if (!areScalars(terms) || !areScalars(slopes)) return 'its terms are not scalars'
        return wrongState(u) ?? wrongState(t)
      }),
    },
    ...(fingerprint !== undefined && { fingerprint }),
  }
}
