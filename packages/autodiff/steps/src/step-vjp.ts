/** A model from a step that another tool differentiates: a generated adjoint, WebAssembly from Enzyme, any reverse-mode library. */
import { optionError, show } from '@checkpoint-schedules/core'
import { after, type Awaitable, type Codec, type Model } from '@checkpoint-schedules/model'
import { invalid, linearizedModel, type StateAndParams } from './linearized-model.js'
import { checkNames } from './option-names.js'
import { problemIn } from './trees.js'
import { copyOf, leavingArguments } from './user-functions.js'

/** What a step returns: the next state, and its derivative as a function. */
export interface StateAndPullback<State, Params, Vector = State> {
  readonly state: State
  /**
   * From the gradient by the next state to the gradients by this state and by the parameters. Called at most once, and not after the
   * next call of the step: it may use memory that the next call overwrites. What it returns is copied.
   */
  pullback(cotangent: Vector): Awaitable<Pulled<Vector, Params>>
}

/** What a pullback returns. Without parameters, `params` may be absent. */
export type Pulled<Vector, Params> = [Params] extends [null]
  ? { readonly state: Vector; readonly params?: null }
  : StateAndParams<Vector, Params>

const optionNames = [
  'params',
  'inputs',
  'forward',
  'jvp',
  'curvature',
  'codecs',
] as const satisfies readonly (keyof StepVjpOptions<unknown, unknown, unknown>)[]

/** A step that was called, and where. */
interface CalledStep<State, Params, Vector> extends StateAndPullback<State, Params, Vector> {
  readonly at: State
}

/** What else there is of the step. */
export interface StepVjpOptions<State, Params, Input, Vector = State> {
  /** Handed to each call of the step. Gradients by them are summed over all steps. By default null: there are none. */
  readonly params?: Params
  /** What step n is given as its third argument, such as forcing or data; by default n. May be asynchronous. */
  readonly inputs?: (n: number) => Awaitable<Input>
  /** The next state alone, where that is cheaper than with its pullback; bit-for-bit the same state. */
  readonly forward?: (state: State, params: Params, input: Input) => Awaitable<State>
  /** The tangent: from a direction at the state and the parameters to the one at the next state. For `dotProductTest` and `secondOrder`. */
  readonly jvp?: (
    direction: StateAndParams<Vector, Params>,
    state: State,
    params: Params,
    input: Input,
  ) => Awaitable<Vector>
  /** The derivative of the pullback of `cotangent`, where `cotangent` moves along `second`, state and parameters along `direction`. */
  readonly curvature?: (
    second: Vector,
    cotangent: Vector,
    direction: StateAndParams<Vector, Params>,
    state: State,
    params: Params,
    input: Input,
  ) => Awaitable<Pulled<Vector, Params>>
  /** As in `Model`, for states and adjoints that are no plain trees. The parameters and their gradients are trees of numbers. */
  readonly codecs?: {
    readonly state?: Codec<State>
    readonly adjoint?: Codec<StateAndParams<Vector, Params>>
  }
}

/**
 * Makes a `Model` of a step that returns its pullback. The adjoint is `{ state, params }`: begin with the objective's gradient by the
 * final state and, for `params`, by the parameters where they are in the objective itself, otherwise zeros of their shape.
 *
 * The tape is the state. If its adjoint comes next, the pullback is used; otherwise the step is called again. So a schedule that keeps
 * tapes (`singleMemory`, `mixed`) stores states, and calls the step once more for each of them. The step must not overwrite its arguments.
 *
 * @param step - Sync or async.
 * @throws `INVALID_OPTION`: an argument is no function. `INVALID_VALUE` (from the model): the step or its pullback returned another shape,
 * or a number that is not finite; the message names the step and the place.
 * @example
 * ```ts
 * import { stepVjp } from '@checkpoint-schedules/steps'
 *
 * // Logistic growth, r being a parameter.
 * const model = stepVjp(
 *   (x: number, r: number) => ({
 *     state: x + r * x * (1 - x),
 *     pullback: (w: number) => ({ state: w * (1 + r * (1 - 2 * x)), params: w * x * (1 - x) }),
 *   }),
 *   { params: 0.5 },
 * )
 * const { tape } = await model.tape(0.25, 0)
 * await model.adjoint({ state: 1, params: 0 }, tape, 0) // { state: 1.25, params: 0.1875 }
 * ```
 */
export function stepVjp<State, Params = null, Input = number, Vector = State>(
  step: (state: State, params: Params, input: Input) => Awaitable<StateAndPullback<State, Params, Vector>>,
  options: StepVjpOptions<State, Params, Input, Vector> = {},
): Model<State, State, StateAndParams<Vector, Params>> {
  checkNames('stepVjp', options, optionNames)
  const { inputs = (n: number) => n as Input, forward, jvp, curvature, codecs } = options
  const params = options.params ?? (null as Params)
  for (const [name, it] of Object.entries({ step, inputs, forward, jvp, curvature }))
    if (it !== undefined && typeof it !== 'function')
      throw optionError('stepVjp', `${name} must be a function; got ${show(it)}.`)
  if (curvature !== undefined && jvp === undefined)
    throw optionError('stepVjp', 'curvature is used together with jvp, which is missing. Give both.')

  const checked = (next: State, state: State, n: number): State => {
    const problem = problemIn(next, state, 'state')
    if (problem === undefined) return next
    throw invalid('stepVjp', `step ${n} must return finite numbers of the shape of its state: ${problem}.`, {
      step: n,
    })
  }
  // That the step leaves its state alone is checked by the driver, since the state is the tape.
  const atStep = leavingArguments('stepVjp', 'step', step, [undefined, 'params'])
  const linearize = (state: State, n: number): Awaitable<CalledStep<State, Params, Vector>> =>
    after(
      after(inputs(n), (input) => atStep(state, params, input)),
      (made) => {
        if (typeof made !== 'object' || made === null || typeof made.pullback !== 'function')
          throw invalid('stepVjp', `step ${n} must return { state, pullback }; got ${show(made)}.`, {
            step: n,
          })
        checked(made.state, state, n)
        return { state: made.state, at: state, pullback: (w: Vector) => made.pullback(w) }
      },
    )
  type Gradients = Awaitable<StateAndParams<Vector, Params>>
  return linearizedModel<State, Params, Vector, CalledStep<State, Params, Vector>>({
    name: 'stepVjp',
    params,
    forward: (state, n) =>
      forward === undefined
        ? after(linearize(state, n), (made) => made.state)
        : after(
            after(inputs(n), (input) => forward(state, params, input)),
            (next) => checked(next, state, n),
          ),
    linearize,
    // Vectors are copied: a function that returns the same memory each time would read in it while it writes there.
    pullback: (linear, cotangent) => after(linear.pullback(cotangent), copyOf) as Gradients,
    ...(jvp && {
      pushforward: ({ at }, direction, n) =>
        after(
          after(inputs(n), (input) => jvp(direction, at, params, input)),
          copyOf,
        ),
    }),
    ...(curvature && {
      curvature: ({ at }, second, cotangent, direction, n) =>
        after(
          after(inputs(n), (input) => curvature(second, cotangent, direction, at, params, input)),
          copyOf,
        ) as Gradients,
    }),
    ...(codecs && { codecs }),
  })
}
