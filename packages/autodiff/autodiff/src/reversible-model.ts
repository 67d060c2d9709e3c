/**
 * The driver's model of a step that a library differentiates, whatever is carried: a state, or a state with its tangent.
 *
 * The tape of a step is the state at its start, shared and not copied; `adjoint` takes the step again inside the library's pullback. The
 * adjoint carries the gradient by the parameters and the objective's value, so that a journal has both:
 *
 * ```
 * { …, terms: [j, …] }, value      value + Σ terms is what the objective has from step n on
 * ```
 */
import { after, type Awaitable, type Codec, type Model } from '@checkpoint-schedules/model'
import type { ObjectiveDefinition } from './definition.js'
import type { Differentiator } from './differentiator.js'
import { Held, heldCodec } from './held.js'
import { inputsOf } from './inputs.js'
import { isDoneOf } from './is-done.js'
import { difference, invalid, type Layout, layoutOf } from './layout.js'
import { added, TERMS_AT_ONCE } from './terms.js'
import { leavesOf, releaseAll } from './trees.js'

/** Terms of the objective that are not read yet. */
export interface WithTerms<X> {
  readonly terms: readonly X[]
}

/** A step and its reverse, as functions of what is carried forwards and backwards. They borrow their arguments. */
export interface Moves<X, State, Carried, Adjoint extends WithTerms<X>, Input> {
  readonly forward: (carried: Carried, input: Input) => Carried
  /** The adjoint before the step, with the step's own terms only, and the gradient by the input if it was asked for. */
  readonly reverse: (
    adjoint: Adjoint,
    carried: Carried,
    input: Input,
  ) => { readonly adjoint: Adjoint; readonly input: readonly Input[] }
  /** The state within what is carried. */
  readonly stateOf: (carried: Carried) => State
}

/** What a model is made for. */
export interface ModelSettings<Input> {
  /** Of a state. */
  readonly layout: Layout
  readonly onInputGradient?: ((gradient: Input, n: number) => Awaitable<void>) | undefined
  /** Throws an error that says why the objective is not finite. */
  readonly explain: (steps: number) => Promise<never>
  readonly fingerprint?: string | undefined
}

/** After this many steps a run waits for the work that the device has queued. */
const SETTLE_AFTER = 32

/** Waits now and then, so that the device is not far behind: each time with arrays that were computed last. */
export function settler<X>(ad: Differentiator<X>): <T>(arrays: unknown, value: T) => Awaitable<T> {
  let calls = 0
  return (arrays, value) => {
    if (++calls % SETTLE_AFTER > 0) return value
    return after(ad.settle?.(leavesOf(ad, arrays)), () => value)
  }
}

/** @param codecs - Of what is carried, and of the adjoint. */
export function reversibleModel<X, State, Carried, Adjoint extends WithTerms<X>, Input>(
  definition: ObjectiveDefinition<X, State, any, Input>,
  { forward, reverse, stateOf }: Moves<X, State, Carried, Adjoint, Input>,
  { layout, onInputGradient, explain, fingerprint }: ModelSettings<Input>,
  codecs: { readonly carried: Codec<Held<Carried>>; readonly adjoint: Codec<Held<Adjoint>> },
): Model<Held<Carried>, Held<Carried>, Held<Adjoint>> {
  const { ad } = definition
  const isDone = isDoneOf(definition)
  const withInput = inputsOf(definition, onInputGradient !== undefined)
  const settled = settler(ad)
  /** What is carried after step n; borrows what was before. */
  const next = (carried: Carried, n: number) =>
    withInput(n, (input) => {
      const result = forward(carried, input)
      checkStep(ad, result, stateOf(result), layout, n)
      return settled(result, new Held(result))
    })

  const adjoint = (before: Held<Adjoint>, { tree: carried }: Held<Carried>, n: number) =>
    withInput(n, (input): Awaitable<Held<Adjoint>> => {
      const { value, tree } = before
      const made = reverse(tree, carried, input)
      const terms = [...tree.terms, ...made.adjoint.terms]
      if (onInputGradient !== undefined || terms.length >= TERMS_AT_ONCE)
        return finish(made, terms, before, n)
      releaseAll(ad, { ...tree, terms: [] })
      return settled(made.adjoint, new Held({ ...made.adjoint, terms }, value))
    })

  async function finish(
    made: ReturnType<typeof reverse>,
    terms: readonly X[],
    { value, tree }: Held<Adjoint>,
    n: number,
  ): Promise<Held<Adjoint>> {
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
    releaseAll(ad, made.input, { ...tree, terms: isDue ? terms : [] })
    return new Held({ ...made.adjoint, terms: isDue ? [] : terms }, sum)
  }

  return {
    step: (held, n) =>
      after(next(held.tree, n), (result) => {
        releaseAll(ad, held.tree)
        return result
      }),
    tape: (held, n) => after(next(held.tree, n), (state) => ({ state, tape: held })),
    adjoint,
    ...(isDone && { isDone: ({ tree }: Held<Carried>, n: number) => isDone(stateOf(tree), n) }),
    codecs: { state: codecs.carried, tape: codecs.carried, adjoint: codecs.adjoint },
    ...(fingerprint !== undefined && { fingerprint }),
  }
}

/**
 * @param result - What the step made, which is released if it is refused.
 * @param state - The state in it.
 * @throws `INVALID_VALUE`: the step changed the layout.
 */
export function checkStep<X>(
  ad: Differentiator<X>,
  result: unknown,
  state: unknown,
  layout: Layout,
  n: number,
): void {
  let wrong: string | undefined
  try {
    wrong = difference(layout, layoutOf(ad, state, 'state'))
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

/**
 * The codec of an adjoint: its terms are scalars, fewer than are read at once.
 *
 * @param check - What is wrong with the rest of it, if anything.
 */
export function adjointCodec<X, Adjoint extends WithTerms<X>>(
  ad: Differentiator<X>,
  check: (tree: Partial<Adjoint>) => string | undefined,
): Codec<Held<Adjoint>> {
  return heldCodec(ad, (tree) => {
    const { terms } = tree as Partial<Adjoint>
    const isList = Array.isArray(terms) && terms.length < TERMS_AT_ONCE && terms.every((it) => ad.isArray(it))
    return isList ? check(tree as Partial<Adjoint>) : 'its terms are not scalars'
  })
}
