/**
 * A model whose step can be linearised: at a state it gives the next state together with what its derivatives are computed from.
 *
 * The insight: the tape is the state itself, and what the step computed on its way, the linearisation, is kept for the last step only.
 * Where the adjoint follows its tape at once, as in most schedules, nothing is computed twice. Where a schedule keeps tapes, each costs
 * the bytes of a state, and the step is linearised again when its adjoint comes.
 */
import { CheckpointScheduleError } from '@checkpoint-schedules/core'
import { after, type Awaitable, type Codec, type Model } from '@checkpoint-schedules/model'
import { linearCombination, problemIn } from './trees.js'

/** A vector over state and parameters: a direction, a gradient, an adjoint. */
export interface StateAndParams<State, Params> {
  readonly state: State
  readonly params: Params
}

/** A step, and what can be done with its linearisation. */
export interface LinearizedStep<State, Params, Vector, Linear extends { readonly state: State }> {
  /** Begins the messages. */
  readonly name: string
  readonly params: Params
  /** What of the state its vectors have the shape of, where that is known. */
  readonly moving?: (state: State) => Vector
  forward(state: State, n: number): Awaitable<State>
  linearize(state: State, n: number): Awaitable<Linear>
  pullback(at: Linear, cotangent: Vector, n: number): Awaitable<StateAndParams<Vector, Params>>
  pushforward?(at: Linear, direction: StateAndParams<Vector, Params>, n: number): Awaitable<Vector>
  /** The derivative of the pullback: of `cotangent` in the direction `second`, and of where it is taken in `direction`. */
  curvature?(
    at: Linear,
    second: Vector,
    cotangent: Vector,
    direction: StateAndParams<Vector, Params>,
    n: number,
  ): Awaitable<StateAndParams<Vector, Params>>
  readonly codecs?: {
    readonly state?: Codec<State>
    readonly adjoint?: Codec<StateAndParams<Vector, Params>>
  }
}

/** The model of such a step. Its adjoint sums the gradients by the parameters. */
export function linearizedModel<State, Params, Vector, Linear extends { readonly state: State }>(
  step: LinearizedStep<State, Params, Vector, Linear>,
): Model<State, State, StateAndParams<Vector, Params>> {
  type Adjoint = StateAndParams<Vector, Params>
  const { name, codecs } = step
  const dispose = (state: State) => codecs?.state?.dispose?.(state)
  let last: { readonly state: State; readonly n: number; readonly linear: Linear } | undefined

  const linearized = (state: State, n: number): Awaitable<Linear> => {
    if (last !== undefined && last.n === n && Object.is(last.state, state)) return last.linear
    return after(step.linearize(state, n), (linear) => {
      last = { state, n, linear }
      return after(dispose(linear.state), () => linear)
    })
  }

  const check = (what: string, vector: Adjoint, state: State, n: number): void => {
    const { moving, params } = step
    const isVector = typeof vector === 'object' && vector !== null
    if (!isVector || vector.state === undefined || vector.params === undefined)
      throw invalid(
        name,
        `the ${what} of step ${n} must be { state, params }, with ${params === null ? 'params: null, as there are none' : 'params like those of the step, for example zeros'}. Check the terminal adjoint.`,
        { step: n },
      )
    const problem =
      problemIn(vector.params, params, 'params') ??
      (moving && problemIn(vector.state, moving(state), 'state'))
    if (problem !== undefined)
      throw invalid(name, `the ${what} of step ${n} does not fit: ${problem}. Check the terminal adjoint.`, {
        step: n,
      })
  }

  /** The gradients of the step, those by the parameters added to what later steps gave. */
  const summed = (pulled: Adjoint, later: Adjoint, what: string, n: number): Adjoint => {
    const problem =
      typeof pulled === 'object' && pulled !== null
        ? (problemIn(pulled.state, later.state, 'state') ??
          (step.params === null ? undefined : problemIn(pulled.params, later.params, 'params')))
        : 'it is no object'
    if (problem !== undefined)
      throw invalid(
        name,
        `the ${what} of step ${n} must return { state, params }, each of the shape of the one that it is the gradient by: ${problem}.`,
        { step: n },
      )
    const params =
      step.params === null ? later.params : linearCombination([1, 1], [later.params, pulled.params])
    return { state: pulled.state, params }
  }

  return {
    step: (state, n) => after(step.forward(state, n), (next) => after(dispose(state), () => next)),
    tape: (state, n) =>
      after(step.linearize(state, n), (linear) => {
        last = { state, n, linear }
        return { state: linear.state, tape: state }
      }),
    adjoint(adjoint, tape, n) {
      check('adjoint', adjoint, tape, n)
      return after(linearized(tape, n), (linear) => {
        last = undefined
        return after(step.pullback(linear, adjoint.state, n), (pulled) =>
          summed(pulled, adjoint, 'pullback', n),
        )
      })
    },
    ...(step.pushforward && {
      tangent(tangent: Adjoint, tape: State, n: number) {
        check('tangent', tangent, tape, n)
        return after(linearized(tape, n), (linear) =>
          after(step.pushforward!(linear, tangent, n), (state) => ({ state, params: tangent.params })),
        )
      },
    }),
    ...(step.curvature && {
      curvature(second: Adjoint, adjoint: Adjoint, tangent: Adjoint, tape: State, n: number) {
        check('second adjoint', second, tape, n)
        return after(linearized(tape, n), (linear) =>
          after(step.curvature!(linear, second.state, adjoint.state, tangent, n), (curved) =>
            summed(curved, second, 'curvature', n),
          ),
        )
      },
    }),
    ...(codecs && {
      codecs: {
        ...(codecs.state && { state: codecs.state, tape: codecs.state }),
        ...(codecs.adjoint && { adjoint: codecs.adjoint }),
      },
    }),
  }
}

/** The error of a value that a function of the user returned. */
export function invalid(
  name: string,
  sentence: string,
  details: Record<string, unknown>,
): CheckpointScheduleError {
  return new CheckpointScheduleError('INVALID_VALUE', `${name}: ${sentence}`, { details })
}
