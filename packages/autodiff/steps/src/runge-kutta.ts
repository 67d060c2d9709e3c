/** Explicit Runge-Kutta methods with a fixed time step. */
import { checkOptions, number, optionError } from '@checkpoint-schedules/core'
import type { Model } from '@checkpoint-schedules/model'
import { linearizedModel, type StateAndParams } from './linearized-model.js'
import { checkNames } from './option-names.js'
import { checkedRightHandSide, rightHandSideNames, type RightHandSide } from './right-hand-side.js'
import { Stepper, type Stages } from './stages.js'
import { checkTableau, type Tableau, tableaus } from './tableaus.js'

/** An equation and its time step. */
export interface RungeKuttaOptions<State, Params = null> extends RightHandSide<State, Params> {
  /** h; negative to go back in time. Step n starts at `startTime + n h`. */
  readonly timeStep: number
  /** By default 0. */
  readonly startTime?: number
}

const descriptors = {
  timeStep: number({ help: 'the length of a step' }),
  startTime: number({ default: 0, help: 'the time at step 0' }),
} as const

/**
 * A model that takes steps of the method of `tableau`, with the adjoint of the whole step, and its `tangent` and `curvature` where
 * `jvp` and `hvp` are given. The adjoint is `{ state, params }`. The tape is the state at the start of the step.
 *
 * A step with s stages costs s evaluations of `rhs`, its adjoint s of `vjp`. Where the adjoint does not follow its tape at once, s of `rhs` more.
 *
 * @throws `INVALID_OPTION`: the tableau is not explicit, or a function or the time step is missing. `INVALID_VALUE` (from the model): a
 * function returned another shape, or a number that is not finite; the message names the step, the stage and the place.
 * @example
 * ```ts
 * import { rungeKutta, tableaus } from '@checkpoint-schedules/steps'
 *
 * const decay = rungeKutta(tableaus.euler, {
 *   rhs: (x: number, rate: number) => -rate * x,
 *   vjp: (w, x, rate) => ({ state: -rate * w, params: -x * w }),
 *   params: 0.5,
 *   timeStep: 0.5,
 * })
 * await decay.step(8, 0) // 6
 * ```
 */
export function rungeKutta<State, Params = null>(
  tableau: Tableau,
  options: RungeKuttaOptions<State, Params>,
): Model<State, State, StateAndParams<State, Params>> {
  const name = tableau?.name ?? 'rungeKutta'
  checkTableau('rungeKutta', tableau)
  checkNames(name, options, [...rightHandSideNames, ...Object.keys(descriptors)])
  const { timeStep: h, startTime } = checkOptions(name, descriptors, {
    timeStep: options.timeStep,
    startTime: options.startTime,
  })
  if (h === 0) throw optionError(name, 'timeStep must not be 0.')
  const f = checkedRightHandSide(name, options)
  const stepper = new Stepper(f, tableau)
  const take = (u: State, n: number) => stepper.take(u, startTime + n * h, h, n)
  return linearizedModel<State, Params, State, Stages<State>>({
    name,
    params: f.params,
    moving: (u) => u,
    forward: (u, n) => take(u, n).state,
    linearize: take,
    pullback: (stages, cotangent) => stepper.pull(stages, cotangent),
    ...(f.hasTangent && { pushforward: (stages, direction) => stepper.push(stages, direction).state }),
    ...(f.hasCurvature && {
      curvature: (stages, second, cotangent, direction) =>
        stepper.curve(stages, second, cotangent, direction),
    }),
  })
}

/**
 * The classical Runge-Kutta method of order 4: `rungeKutta` with `tableaus.rk4`.
 *
 * @throws As `rungeKutta`.
 * @example
 * ```ts
 * import { rk4 } from '@checkpoint-schedules/steps'
 *
 * // x' = -p x
 * const decay = rk4({
 *   rhs: (x: number, p: number) => -p * x,
 *   vjp: (w, x, p) => ({ state: -p * w, params: -x * w }),
 *   params: 1,
 *   timeStep: 0.5,
 * })
 * const { state, tape } = await decay.tape(1, 0)
 * state.toFixed(4) // '0.6068'
 * const { params } = await decay.adjoint({ state: 1, params: 0 }, tape, 0)
 * params.toFixed(3) // '-0.302'
 * ```
 */
export function rk4<State, Params = null>(
  options: RungeKuttaOptions<State, Params>,
): Model<State, State, StateAndParams<State, Params>> {
  return rungeKutta(tableaus.rk4, options)
}

/**
 * Heun's method of order 2: `rungeKutta` with `tableaus.heun`.
 *
 * @throws As `rungeKutta`.
 * @example
 * ```ts
 * import { heun } from '@checkpoint-schedules/steps'
 *
 * const growth = heun({ rhs: (x: number) => x, vjp: (w) => ({ state: w }), timeStep: 0.5 })
 * await growth.step(8, 0) // 13
 * ```
 */
export function heun<State, Params = null>(
  options: RungeKuttaOptions<State, Params>,
): Model<State, State, StateAndParams<State, Params>> {
  return rungeKutta(tableaus.heun, options)
}
