/**
 * Embedded Runge-Kutta pairs that choose their step size.
 *
 * The insight: what makes a step reproducible, the time and the size to try next, is part of the state; and sizes are halved and doubled
 * only, so that a small change of the input changes none of them, and the gradient is that of what was computed.
 */
import {
  checkOptions,
  CheckpointScheduleError,
  isCheckpointScheduleError,
  number,
  optionError,
} from '@checkpoint-schedules/core'
import type { Model } from '@checkpoint-schedules/model'
import { invalid, linearizedModel, type StateAndParams } from './linearized-model.js'
import { checkNames } from './option-names.js'
import { checkedRightHandSide, rightHandSideNames, type RightHandSide } from './right-hand-side.js'
import { Stepper, type Stages } from './stages.js'
import { checkTableau, type Tableau, tableaus } from './tableaus.js'
import { linearCombination, scaledNorm } from './trees.js'

/** The state of a run whose step size varies. */
export interface AdaptiveState<State> {
  readonly u: State
  readonly time: number
  /** The step size to try next. In the initial state, a power of 2 that may be too large or too small. */
  readonly size: number
}

/** An equation, where it ends, and how exact its steps are. */
export interface AdaptiveOptions<State, Params = null> extends RightHandSide<State, Params> {
  /** The time at which the run ends: the last step is shortened. */
  readonly until: number
  /** The error permitted in each step, for values near 0; by default 1e-6. */
  readonly absoluteTolerance?: number
  /** The error permitted in each step, relative to each value; by default 1e-6. */
  readonly relativeTolerance?: number
}

/** A step whose error was small enough. */
interface Accepted<State> {
  readonly state: AdaptiveState<State>
  readonly stages: Stages<State>
}

/** What `adaptive` makes. */
export type AdaptiveModel<State, Params> = Model<
  AdaptiveState<State>,
  AdaptiveState<State>,
  StateAndParams<State, Params>
>

const descriptors = {
  until: number({ help: 'the time at which the run ends' }),
  absoluteTolerance: number({
    min: 0,
    aboveMin: true,
    default: 1e-6,
    help: 'the error of a step, for values near 0',
  }),
  relativeTolerance: number({
    min: Number.EPSILON, // rounding alone makes this error
    default: 1e-6,
    help: 'the error of a step, relative to each value',
  }),
} as const

/**
 * A model whose steps choose their size so that the estimated error stays within the tolerances, in the root mean square over all
 * numbers of the state. Its `isDone` ends the run at `until`; the number of steps is unknown, so it needs a schedule that is online.
 *
 * The adjoint is `{ state, params }`, `state` being the gradient by `u`. Sizes are halved until the error is small enough and doubled after a step
 * whose error is far below, so the gradient is exact unless a change of the input changes a decision.
 *
 * @throws `INVALID_OPTION`: the tableau has no `embedded`, or as `rungeKutta`. `INVALID_VALUE` (from the model): as `rungeKutta`, or no
 * size is small enough.
 * @example
 * ```ts
 * import { adaptive, tableaus } from '@checkpoint-schedules/steps'
 *
 * const decay = adaptive(tableaus.bogackiShampine, {
 *   rhs: (x: number) => -x,
 *   vjp: (w) => ({ state: -w }),
 *   until: 1,
 * })
 * const { size } = await decay.step({ u: 1, time: 0, size: 0.5 }, 0)
 * size // 0.03125
 * ```
 */
export function adaptive<State, Params = null>(
  tableau: Tableau,
  options: AdaptiveOptions<State, Params>,
): AdaptiveModel<State, Params> {
  const name = tableau?.name ?? 'adaptive'
  checkTableau('adaptive', tableau)
  checkNames(name, options, [...rightHandSideNames, ...Object.keys(descriptors)])
  const { embedded } = tableau
  if (embedded === undefined)
    throw optionError(
      'adaptive',
      `the tableau ${name} has no embedded weights, from which the error is estimated.`,
    )
  if (embedded.every((weight, i) => weight === tableau.b[i]))
    throw optionError(
      'adaptive',
      `the tableau ${name} has embedded weights that are b itself, so that every error would be 0. Give those of the second method.`,
    )
  const { until, absoluteTolerance, relativeTolerance } = checkOptions(name, descriptors, {
    until: options.until,
    absoluteTolerance: options.absoluteTolerance,
    relativeTolerance: options.relativeTolerance,
  })
  const f = checkedRightHandSide(name, options)
  const stepper = new Stepper(f, tableau)
  const differences = tableau.b.map((weight, i) => weight - embedded[i]!)
  // Twice the size makes this much more of the error; half of what is left is kept as a margin.
  const growing = 2 ** -(tableau.order + 1)
  const scale = (before: number, next: number) =>
    absoluteTolerance + relativeTolerance * Math.max(Math.abs(before), Math.abs(next))

  /** The error of the step, of which 1 is permitted. */
  const errorOf = (u: State, { state, h, slopes }: Stages<State>) =>
    scaledNorm(
      linearCombination(
        differences.map((it) => h * it),
        slopes,
      ),
      scale,
      u,
      state,
    )

  /** The step of the largest size, from the one to try downwards, whose error is small enough. */
  function accepted({ u, time, size }: AdaptiveState<State>, n: number): Accepted<State> {
    if (!(size > 0) || !(time < until))
      throw invalid(
        name,
        `the state of step ${n} must be { u, time, size } with size > 0 and time < until = ${until}; got time ${time} and size ${size}.`,
        { step: n },
      )
    let rejected: unknown
    for (let h = Math.min(size, until - time); time + h > time; h /= 2) {
      const stages = attempt(u, time, h, n)
      if (isCheckpointScheduleError(stages)) {
        rejected = stages
        continue
      }
      const error = errorOf(u, stages)
      if (!(error <= 1)) continue
      const next = error < growing ? 2 * h : h
      const state = { u: stages.state, time: h === until - time ? until : time + h, size: next }
      return { state, stages }
    }
    throw new CheckpointScheduleError(
      'INVALID_VALUE',
      `${name}: no size of step ${n} at time ${time} is small enough, although rounding hides smaller ones. The right-hand side may not be smooth there, or jump; raise the tolerances, or end the run before.`,
      { details: { step: n, time }, cause: rejected },
    )
  }

  /** A step that is too large may leave the domain of the right-hand side; its first stage is where the state is. */
  function attempt(u: State, time: number, h: number, n: number): Stages<State> | CheckpointScheduleError {
    try {
      return stepper.take(u, time, h, n)
    } catch (error) {
      if (isCheckpointScheduleError(error) && Number(error.details['stage']) > 0) return error
      throw error
    }
  }

  const model = linearizedModel<AdaptiveState<State>, Params, State, Accepted<State>>({
    name,
    params: f.params,
    moving: ({ u }) => u,
    forward: (state, n) => accepted(state, n).state,
    linearize: accepted,
    pullback: ({ stages }, cotangent) => stepper.pull(stages, cotangent),
    ...(f.hasTangent && {
      pushforward: ({ stages }, direction) => stepper.push(stages, direction).state,
    }),
    ...(f.hasCurvature && {
      curvature: ({ stages }, second, cotangent, direction) =>
        stepper.curve(stages, second, cotangent, direction),
    }),
  })
  return {
    ...model,
    isDone({ time }, n) {
      if (n === 0 && time > until)
        throw invalid(
          name,
          `the run starts at time ${time}, which is after until = ${until}. Steps go forwards only: to go back in time, take -t for t in the right-hand side, and change its sign.`,
          { time, until },
        )
      return time >= until
    },
  }
}

/**
 * The pair of Bogacki and Shampine, of orders 3 and 2, which chooses its step size: `adaptive` with `tableaus.bogackiShampine`.
 *
 * @throws As `adaptive`.
 * @example
 * ```ts
 * import { runAdjoint } from '@checkpoint-schedules/driver'
 * import { online } from '@checkpoint-schedules/online'
 * import { bogackiShampine } from '@checkpoint-schedules/steps'
 *
 * const { finalState, adjoints } = await runAdjoint({
 *   schedule: online({ snapshots: 5 }),
 *   model: bogackiShampine({
 *     rhs: (x: number, p: number) => -p * x,
 *     vjp: (w, x, p) => ({ state: -p * w, params: -x * w }),
 *     params: 1,
 *     until: 1,
 *   }),
 *   initialState: { u: 1, time: 0, size: 1 / 16 },
 *   terminalAdjoint: { state: 1, params: 0 },
 * })
 * console.log(finalState.u.toFixed(5), adjoints[0]!.params.toFixed(5)) // 0.36788 -0.36788
 * ```
 */
export function bogackiShampine<State, Params = null>(
  options: AdaptiveOptions<State, Params>,
): AdaptiveModel<State, Params> {
  return adaptive(tableaus.bogackiShampine, options)
}
