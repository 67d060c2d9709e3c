/** The right-hand side f of u' = f(u, p, t) with its derivatives, as the user gives them. */
import { optionError, show } from '@checkpoint-schedules/core'
import { invalid, type StateAndParams } from './linearized-model.js'
import type { Pulled } from './step-vjp.js'
import { problemIn } from './trees.js'
import { copyOf, leavingArguments } from './user-functions.js'

/**
 * A differential equation. State and parameters are numbers, arrays, typed arrays, or plain objects of these. `t` is the time of the
 * stage, `n` the number of the step, for forcing that is given by step. The functions must not change their arguments; what they return
 * is copied, so they may return the same memory each time.
 */
export interface RightHandSide<State, Params = null> {
  /** f: how fast the state changes. */
  readonly rhs: (state: State, params: Params, t: number, n: number) => State
  /** The vector-Jacobian product: the gradient of ⟨cotangent, f⟩ by the state and by the parameters. */
  readonly vjp: (
    cotangent: State,
    state: State,
    params: Params,
    t: number,
    n: number,
  ) => Pulled<State, Params>
  /** The Jacobian-vector product: how f changes along the direction. Gives the model a `tangent`. */
  readonly jvp?: (
    direction: StateAndParams<State, Params>,
    state: State,
    params: Params,
    t: number,
    n: number,
  ) => State
  /**
   * The Hessian of ⟨cotangent, f⟩ by state and parameters, times the direction: how `vjp` changes along it while the cotangent stays.
   * With `jvp`, it gives the model a `curvature`, for `secondOrder`.
   */
  readonly hvp?: (
    direction: StateAndParams<State, Params>,
    cotangent: State,
    state: State,
    params: Params,
    t: number,
    n: number,
  ) => Pulled<State, Params>
  /** By default null: there are none. */
  readonly params?: Params
}

/** The options that are its functions and parameters. */
export const rightHandSideNames = [
  'rhs',
  'vjp',
  'jvp',
  'hvp',
  'params',
] as const satisfies readonly (keyof RightHandSide<unknown>)[]

/** Where the right-hand side is evaluated. */
export interface Place {
  readonly n: number
  readonly t: number
  /** From 0. */
  readonly stage: number
}

/** The same with every returned value checked: its shape, and that its numbers are finite. */
export interface CheckedRightHandSide<State, Params> {
  readonly params: Params
  rhs(state: State, at: Place): State
  vjp(cotangent: State, state: State, at: Place): StateAndParams<State, Params>
  jvp(direction: StateAndParams<State, Params>, state: State, at: Place): State
  hvp(
    direction: StateAndParams<State, Params>,
    cotangent: State,
    state: State,
    at: Place,
  ): StateAndParams<State, Params>
  readonly hasTangent: boolean
  readonly hasCurvature: boolean
}

/** @throws `INVALID_OPTION`: a function is missing. */
export function checkedRightHandSide<State, Params>(
  name: string,
  given: RightHandSide<State, Params>,
): CheckedRightHandSide<State, Params> {
  const params = given.params ?? (null as Params)
  const isOptional = { rhs: false, vjp: false, jvp: true, hvp: true }
  for (const [key, canBeAbsent] of Object.entries(isOptional)) {
    const it = given[key as keyof typeof isOptional]
    if (typeof it !== 'function' && !(it === undefined && canBeAbsent))
      throw optionError(name, `${key} must be a function; got ${show(it)}.`)
  }
  if (given.hvp !== undefined && given.jvp === undefined)
    throw optionError(name, 'hvp is used together with jvp, which is missing. Give both.')
  const rhs = leavingArguments(name, 'rhs', given.rhs, ['state', 'params'])
  const vjp = leavingArguments(name, 'vjp', given.vjp, ['cotangent', 'state', 'params'])
  const jvp = given.jvp && leavingArguments(name, 'jvp', given.jvp, ['direction', 'state', 'params'])
  const hvp =
    given.hvp && leavingArguments(name, 'hvp', given.hvp, ['direction', 'cotangent', 'state', 'params'])

  const whole: StateAndParams<unknown, unknown> = { state: undefined, params }
  const checked = <T>(what: string, value: T, like: unknown, { n, t, stage }: Place): T => {
    const problem = problemIn(value, like)
    if (problem === undefined) return copyOf(value)
    throw invalid(
      name,
      `${what} did not return finite numbers of the expected shape at step ${n}, stage ${stage + 1} (t = ${t}): ${problem}.`,
      { step: n, stage, t },
    )
  }
  const gradient = (what: string, value: Pulled<State, Params>, state: State, at: Place) => {
    const like = params === null ? { state } : { ...whole, state }
    const { params: by, ...rest } = (value ?? {}) as StateAndParams<State, Params>
    if (params !== null) return checked(what, value as StateAndParams<State, Params>, like, at)
    return { state: checked(what, rest, like, at).state, params: by }
  }
  return {
    params,
    rhs: (state, at) => checked('rhs', rhs(state, params, at.t, at.n), state, at),
    vjp: (w, state, at) => gradient('vjp', vjp(w, state, params, at.t, at.n), state, at),
    jvp: (d, state, at) => checked('jvp', jvp!(d, state, params, at.t, at.n), state, at),
    hvp: (d, w, state, at) => gradient('hvp', hvp!(d, w, state, params, at.t, at.n), state, at),
    hasTangent: jvp !== undefined,
    hasCurvature: hvp !== undefined,
  }
}
