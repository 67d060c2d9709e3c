/**
 * The driver's model of a step that a library differentiates.
 *
 * The tape of a step is the state at its start, shared and not copied; `adjoint` takes the step again inside the library's pullback. The
 * adjoint carries the gradient by the parameters and the objective's value, so that a journal has both:
 *
 * ```
 * { state: λ, params: μ, terms: [j, …] }, value      value + Σ terms is what the objective has from step n on
 * ```
 */
import { after, type Awaitable, type Codec, type Model } from '@checkpoint-schedules/model'
import type { ObjectiveDefinition } from './definition.js'
import type { Derivatives } from './derivatives.js'
import type { Differentiator } from './differentiator.js'
import { hasLayout, Held, heldCodec } from './held.js'
import { inputsOf } from './inputs.js'
import { difference, invalid, type Layout, layoutOf } from './layout.js'
import { added, TERMS_AT_ONCE } from './terms.js'
import { leavesOf, releaseAll } from './trees.js'

/** The arrays of an adjoint: of the state, the sum for the parameters, and terms of the objective that are not read yet. */
export interface AdjointTree<X, State, Params> {
  readonly state: State
  readonly params: Params
  readonly terms: readonly X[]
}

/** The adjoint of such a model. */
export type HeldAdjoint<X, State, Params> = Held<AdjointTree<X, State, Params>>

/** The driver's model: states are `Held<State>`, a tape is the state at the start of its step. */
export type StepModel<X, State, Params> = Model<Held<State>, Held<State>, HeldAdjoint<X, State, Params>>

/** What a model is made for. */
export interface ModelSettings<Params, Input> {
  readonly params: Params
  readonly layout: Layout
  readonly paramsLayout: Layout
  readonly onInputGradient?: ((gradient: Input, n: number) => Awaitable<void>) | undefined
  /** Throws an error that says why the objective is not finite. */
  readonly explain: (steps: number) => Promise<never>
  readonly fingerprint?: string | undefined
}

/** After this many steps a run waits for the work that the device has queued. */
const SETTLE_AFTER = 32

export function stepModel<X, State, Params, Input>(
  definition: ObjectiveDefinition<X, State, Params, Input>,
  derivatives: Derivatives<X, State, Params, Input>,
  { params, layout, paramsLayout, onInputGradient, explain, fingerprint }: ModelSettings<Params, Input>,
): StepModel<X, State, Params> {
  type Adjoint = HeldAdjoint<X, State, Params>
  const { ad, isDone } = definition
  const withInput = inputsOf(definition, onInputGradient !== undefined)
  const reverse = onInputGradient === undefined ? derivatives.reverse : derivatives.reverseWithInput
  let calls = 0
  /** The value, once the device is no longer far behind. */
  const settled = <T>(state: State, value: T): Awaitable<T> => {
    if (++calls % SETTLE_AFTER > 0) return value
    return after(ad.settle?.(leavesOf(ad, state)), () => value)
  }
  /** The state after step n, which borrows the one before. */
  const next = (state: State, n: number) =>
    withInput(n, (input) => {
      const result = derivatives.step(state, params, input)
      checkStep(ad, result, layout, n)
      return settled(result, new Held(result))
    })

  const adjoint = (before: Adjoint, { tree: state }: Held<State>, n: number) =>
    withInput(n, (input): Awaitable<Adjoint> => {
      const { value, tree } = before
      const made = reverse(tree.state, tree.params, state, params, input)
      const terms = [...tree.terms, ...made.terms]
      if (onInputGradient === undefined && terms.length < TERMS_AT_ONCE) {
        releaseAll(ad, tree.state, tree.params)
        return settled(made.state, new Held({ state: made.state, params: made.params, terms }, value))
      }
      return finish(made, terms, before, n)
    })

  async function finish(
    made: ReturnType<typeof reverse>,
    terms: readonly X[],
    { value, tree }: Adjoint,
    n: number,
  ): Promise<Adjoint> {
    const isDue = terms.length >= TERMS_AT_ONCE
    let sum = value
    try {
      await onInputGradient?.(made.input[0]!, n)
      if (isDue) sum = await added(ad, value, terms)
      if (!Number.isFinite(sum)) await explain(n + terms.length)
    } catch (error) {
      releaseAll(ad, made) // what was given is released by the driver
      throw error
    }
    releaseAll(ad, made.input, tree.state, tree.params, isDue ? terms : [])
    return new Held({ state: made.state, params: made.params, terms: isDue ? [] : terms }, sum)
  }

  const tangent = (d: Adjoint, { tree: state }: Held<State>, n: number) =>
    withInput(n, async (input): Promise<Adjoint> => {
      const made = derivatives.tangent(state, params, input, d.tree.state, d.tree.params)
      const value = await added(ad, d.value, made.terms)
      releaseAll(ad, d.tree.state, made.terms)
      return new Held({ state: made.next, params: d.tree.params, terms: [] }, value)
    })

  const states = heldCodec<X, State>(ad, hasLayout(ad, layout, 'state'))
  return {
    step: (held, n) =>
      after(next(held.tree, n), (result) => {
        releaseAll(ad, held.tree)
        return result
      }),
    tape: (held, n) => after(next(held.tree, n), (state) => ({ state, tape: held })),
    adjoint,
    tangent,
    ...(isDone && { isDone: ({ tree }: Held<State>, n: number) => isDone(tree, n) }),
    codecs: { state: states, tape: states, adjoint: adjointCodec(ad, layout, paramsLayout) },
    ...(fingerprint !== undefined && { fingerprint }),
  }
}

/** @throws `INVALID_VALUE`: the step changed the layout; its result is released. */
function checkStep<X>(ad: Differentiator<X>, result: unknown, layout: Layout, n: number): void {
  let wrong: string | undefined
  try {
    wrong = difference(layout, layoutOf(ad, result, 'state'))
  } catch (error) {
    releaseAll(ad, result)
    throw error
  }
  if (wrong === undefined) return
  releaseAll(ad, result)
  throw invalid(
    `step ${n} must return a state with the structure, shapes and types of the one that it was given, but ${wrong}.`,
    { step: n },
  )
}

/** Terms are scalars, up to as many as are read at once. */
function adjointCodec<X, State, Params>(
  ad: Differentiator<X>,
  layout: Layout,
  paramsLayout: Layout,
): Codec<HeldAdjoint<X, State, Params>> {
  return heldCodec(ad, (tree) => {
    const { state, params, terms } = tree as Partial<AdjointTree<X, State, Params>>
    const isList = Array.isArray(terms) && terms.length < TERMS_AT_ONCE && terms.every((it) => ad.isArray(it))
    if (!isList) return 'its terms are not scalars'
    return (
      difference(layout, layoutOf(ad, state, 'state')) ??
      difference(paramsLayout, layoutOf(ad, params, 'params'))
    )
  })
}
