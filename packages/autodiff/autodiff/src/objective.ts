/** What `differentiable` returns, and what goes into and comes out of a gradient. */
import type { Schedule } from '@checkpoint-schedules/core'
import type { RunAdjointOptions, RunStatistics } from '@checkpoint-schedules/driver'
import type { Awaitable } from '@checkpoint-schedules/model'
import type { ArrayBudget } from './budget.js'
import type { Held } from './held.js'
import type { SecondAdjoint } from './second-order-model.js'
import type { AdjointTree, HeldAdjoint, StepModel } from './step-model.js'
import type { StateAndTangent } from './tangents.js'

/** Where an objective is evaluated. The trees are borrowed: they stay yours, and may be released as soon as the call has returned its promise. */
export interface Point<State, Params, Input> {
  readonly initialState: State
  /** May be left out if the step takes none. */
  readonly params?: Params | undefined
  /**
   * Given the gradient by the input of each step, n = N-1 … 0, so that no more than one is in memory. It is released when the function has
   * returned, or its promise has settled. When a journaled run is resumed, some steps may come again, with bit-for-bit identical gradients.
   */
  readonly onInputGradient?: ((gradient: Input, n: number) => Awaitable<void>) | undefined
}

type PassedOn<Carried, Adjoint> = Omit<
  RunAdjointOptions<Held<Carried>, Held<Carried>, Held<Adjoint>>,
  'schedule' | 'model' | 'initialState' | 'terminalAdjoint' | 'adjoints'
>

/** How a run is carried out: by a schedule, or by the best one within a budget. All else is as for `runAdjoint`. */
export interface ScheduleOptions<Carried, Adjoint> extends PassedOn<Carried, Adjoint> {
  /** Which steps are stored and which are recomputed. */
  readonly schedule?: Schedule | undefined
  /**
   * Instead of a schedule: the bytes of arrays that the run may hold, such as `'64MB'` or `{ RAM: '64MB', DISK: '2GB' }`. States, adjoints and
   * parameter gradients are counted, with their derivatives; what the library needs within one step, and your own arrays, come on top. Needs
   * `families` and `steps`. With several families, or a disk, some steps are timed, except with a `journal`.
   */
  readonly budget?: ArrayBudget | undefined
  /** For a budget: the schedules to choose from, such as `[multistage]`. */
  readonly families?: readonly unknown[] | Readonly<Record<string, unknown>> | undefined
}

/** Where the gradient is taken, and how. */
export interface GradientOptions<X, State, Params, Input>
  extends Point<State, Params, Input>, ScheduleOptions<State, AdjointTree<X, State, Params>> {}

/** A value and its gradient. The arrays belong to the caller. */
export interface GradientResult<State, Params> {
  /** `loss` of the final state and all terms of `stepLoss`, added in double precision. */
  readonly value: number
  readonly gradient: { readonly initialState: State; readonly params: Params }
  readonly statistics: RunStatistics
  /** What looks like a mistake, such as parameters without influence. Each is told once by an objective. */
  readonly warnings: readonly string[]
}

/** A direction: trees like those of the point. What is left out is 0; one of them must be there. */
export interface Direction<State, Params> {
  readonly initialState?: State | undefined
  readonly params?: Params | undefined
}

/** A point, and a direction from there. The trees are borrowed as those of a `Point`. */
export interface Along<State, Params> {
  readonly initialState: State
  /** May be left out if the step takes none. */
  readonly params?: Params | undefined
  readonly direction: Direction<State, Params>
}

/** Where the Hessian is taken, which direction it is multiplied by, and how. */
export interface HessianOptions<X, State, Params>
  extends Along<State, Params>, ScheduleOptions<StateAndTangent<State>, SecondAdjoint<X, State, Params>> {}

/** Value, gradient, and the Hessian times the direction. The arrays belong to the caller. */
export interface HessianResult<State, Params> extends GradientResult<State, Params> {
  readonly hessianVectorProduct: { readonly initialState: State; readonly params: Params }
}

/** Where and along what the objective is differentiated forwards; all else is as for `runAdjoint`. */
export interface TangentOptions<State, Params>
  extends
    Along<State, Params>,
    Pick<
      RunAdjointOptions<unknown, unknown, unknown>,
      'steps' | 'maxSteps' | 'onProgress' | 'journal' | 'onEvent' | 'signal' | 'graceMs'
    > {}

/** A value, and how it changes. */
export interface TangentResult {
  /** As that of a gradient; its last digits may differ, as its terms are added in the order of the steps. */
  readonly value: number
  /** The derivative along the direction: <gradient, direction>. */
  readonly derivative: number
  readonly statistics: RunStatistics
}

/** The driver's view of an objective, for `runAdjoint` and whatever takes a model. */
export interface DriverProblem<X, State, Params> {
  readonly model: StepModel<X, State, Params>
  readonly initialState: Held<State>
  readonly terminalAdjoint: (
    finalState: Held<State>,
    k: number,
    steps: number,
  ) => Promise<HeldAdjoint<X, State, Params>>
}

/** A model with an objective that can be differentiated. */
export interface Objective<X, State, Params, Input> {
  /**
   * The value and its gradient by initial state and parameters.
   *
   * Time: a schedule's forward steps, and for each step one pullback, which takes the step again. Memory: that of the schedule's
   * checkpoints, one state each, and what the library needs to differentiate one step. Nothing else is left when the promise settles,
   * also after an error or an abort.
   *
   * @throws `INVALID_VALUE`: a step changes structure, shapes or types; a loss is no scalar; the value is not finite (the message names the
   * step). `INVALID_OPTION`: something is missing or does not fit. And what `runAdjoint` throws.
   */
  valueAndGradient(options: GradientOptions<X, State, Params, Input>): Promise<GradientResult<State, Params>>
  /**
   * The Hessian by initial state and parameters times a direction, with value and gradient: for Newton's method, uncertainties, and extreme
   * eigenvalues. It is symmetric, and never formed.
   *
   * Time: some three to six gradients, by library. Memory: twice that of the gradient, as a state is stored with its tangent. Runs under every
   * schedule, store and journal as the gradient does.
   *
   * @throws `INVALID_VALUE`: as for the gradient, and if the library cannot differentiate an operation twice. `INVALID_OPTION`: as for
   * the gradient, and if the direction does not fit the point. And what `runAdjoint` throws.
   * @example
   * ```ts
   * import { differentiable } from '@checkpoint-schedules/autodiff'
   * import { jaxjs } from '@checkpoint-schedules/autodiff-jax'
   * import { multistage } from '@checkpoint-schedules/multistage'
   * import * as jax from '@jax-js/jax'
   *
   * const { numpy: np } = jax
   * const objective = differentiable({
   *   ad: jaxjs(jax),
   *   step: (x: jax.Array) => np.square(x),
   *   loss: (x: jax.Array) => x.sum(),
   * })
   * // The sum of x⁸.
   * const { hessianVectorProduct } = await objective.hessianVectorProduct({
   *   initialState: np.array([1, 2]),
   *   direction: { initialState: np.array([1, 1]) },
   *   schedule: multistage({ steps: 3, snapshotsInRam: 2 }),
   * })
   * console.log(Array.from(await hessianVectorProduct.initialState.data())) // [ 56, 3584 ]
   * ```
   */
  hessianVectorProduct(options: HessianOptions<X, State, Params>): Promise<HessianResult<State, Params>>
  /**
   * The value and its derivative along a direction, by a forward run alone: without a schedule, and in the memory of two states. For one or a
   * few directions, for very long runs, and to check a gradient.
   *
   * @throws `INVALID_VALUE`, `INVALID_OPTION`: as for the gradient, and if the direction does not fit the point. And what `runAdjoint` throws.
   * @example
   * ```ts
   * import { differentiable } from '@checkpoint-schedules/autodiff'
   * import { jaxjs } from '@checkpoint-schedules/autodiff-jax'
   * import * as jax from '@jax-js/jax'
   *
   * const { numpy: np } = jax
   * const objective = differentiable({
   *   ad: jaxjs(jax),
   *   step: (x: jax.Array) => np.square(x),
   *   loss: (x: jax.Array) => x.sum(),
   * })
   * // The sum of x⁸.
   * const { value, derivative } = await objective.jvp({
   *   initialState: np.array([1, 2]),
   *   direction: { initialState: np.array([1, 1]) },
   *   steps: 3,
   * })
   * console.log(value, derivative) // 257 1032
   * ```
   */
  jvp(options: TangentOptions<State, Params>): Promise<TangentResult>
  /** The gradient as a model of the driver, for everything else: `runAdjoint`, `dotProductTest`, `measureModel`. Borrows the trees until you are done. */
  problem(point: Point<State, Params, Input>): DriverProblem<X, State, Params>
  /** A tree of arrays as a direction or an adjoint of that model, for `dotProductTest`; borrows the arrays. */
  adjoint(tree: { readonly state: State; readonly params: Params }): HeldAdjoint<X, State, Params>
  /** <tangent, adjoint> for `dotProductTest`; reads back at once, which WebGPU does not support. */
  innerProduct(tangent: HeldAdjoint<X, State, Params>, adjoint: HeldAdjoint<X, State, Params>): number
}
