/** What the user writes: a step and what is to be differentiated. */
import { didYouMean, optionError, show } from '@checkpoint-schedules/core'
import type { Awaitable } from '@checkpoint-schedules/model'
import type { Differentiator } from './differentiator.js'

/**
 * A time-stepping model and its objective, in functions of the library's arrays. State, parameters and inputs are trees: an array, or
 * lists and plain objects of them. State and parameters are float32 or float64.
 *
 * `step`, `loss` and `stepLoss` must be pure: they are differentiated, and some steps are taken more than once. They see the library's own
 * values and follow its rules (in jax-js: an array is used up by what takes it).
 */
export interface ObjectiveDefinition<X, State, Params, Input> {
  /** The library: `tfjs(tf)` or `jaxjs(jax)`. */
  readonly ad: Differentiator<X>
  /** From the state at the start of step n to the one at its end. The new state has the structure, shapes and types of the old one. */
  readonly step: (state: State, params: Params, input: Input) => State
  /** The loss of the final state, a scalar. */
  readonly loss?: ((state: State, params: Params) => X) | undefined
  /** A scalar for each step, of the state at its **end** and the step's input. The objective is the sum of all, and of `loss`. */
  readonly stepLoss?: ((state: State, params: Params, input: Input) => X) | undefined
  /**
   * What step n reads besides state and parameters: data, forcing, a control, n itself. Makes new arrays each time, of the same shapes; they
   * are released after use. Must return the same for the same n.
   */
  readonly inputs?: ((n: number) => Awaitable<Input>) | undefined
  /** Whether the forward ends at the start of step n, where the number of steps is unknown. Borrows the state. */
  readonly isDone?: ((state: State, n: number) => Awaitable<boolean>) | undefined
  /**
   * Names the model in journals. By default its functions' source texts; they do not show values from outside of them, so include those
   * here. Parameters are included anyway.
   */
  readonly fingerprint?: string | undefined
}

/** What a definition consists of. */
export const definitionNames = ['ad', 'step', 'loss', 'stepLoss', 'inputs', 'isDone', 'fingerprint'] as const
const functions = ['step', 'loss', 'stepLoss', 'inputs', 'isDone'] as const
const members = ['name', 'ready', 'isArray', 'describe', 'compile', 'vjp'] as const

/** @throws `INVALID_OPTION` */
export function checkDefinition(definition: ObjectiveDefinition<any, any, any, any>): void {
  if (typeof definition !== 'object' || definition === null)
    throw optionError('differentiable', `pass { ad, step, loss }; got ${show(definition)}.`)
  for (const [name, value] of Object.entries(definition)) {
    if (value === undefined || (definitionNames as readonly string[]).includes(name)) continue
    throw optionError(
      'differentiable',
      `a definition has no ${show(name)}.${didYouMean(name, definitionNames)} It consists of ${definitionNames.join(', ')}; all else is passed to valueAndGradient.`,
    )
  }
  const { ad, step, loss, stepLoss } = definition
  if (typeof ad !== 'object' || ad === null || members.some((name) => ad[name] === undefined))
    throw optionError(
      'differentiable',
      `ad must be a library's adapter: tfjs(tf) of autodiff-tfjs or jaxjs(jax) of autodiff-jax; got ${show(ad)}.`,
    )
  for (const name of functions) {
    const given: unknown = definition[name]
    if (given !== undefined && typeof given !== 'function')
      throw optionError('differentiable', `${name} must be a function; got ${show(given)}.`)
  }
  if (step === undefined)
    throw optionError('differentiable', 'step is missing; pass (state, params, input) => state.')
  if (loss === undefined && stepLoss === undefined)
    throw optionError(
      'differentiable',
      'there is nothing to differentiate; pass loss(state, params), stepLoss(state, params, input), or both.',
    )
}
