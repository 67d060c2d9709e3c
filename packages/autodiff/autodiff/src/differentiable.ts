/** `differentiable`: a step and a loss in; value and gradient within a budget out. */
import { isCheckpointScheduleError, isSchedule, optionError, show } from '@checkpoint-schedules/core'
import { runAdjoint } from '@checkpoint-schedules/driver'
import { chooseWithin, type Chosen } from './budget.js'
import { checkDefinition, type ObjectiveDefinition } from './definition.js'
import { derivativesOf } from './derivatives.js'
import { fingerprintOf } from './fingerprint.js'
import { Held } from './held.js'
import { inputsOf } from './inputs.js'
import { checkFloats, layoutOf } from './layout.js'
import { explainNotFinite } from './not-finite.js'
import type { DriverProblem, GradientOptions, GradientResult, Objective, Point } from './objective.js'
import { stepModel } from './step-model.js'
import { added, checkScalar } from './terms.js'
import { leavesOf, mapTree, releaseAll } from './trees.js'

/**
 * Makes an objective of a step and a loss that a library differentiates. Compiles nothing yet; make one and call it often.
 *
 * @throws `INVALID_OPTION`
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
 *   step: (x: jax.Array, rate: jax.Array) => x.ref.add(x.mul(rate)),
 *   loss: (x: jax.Array) => x.sum(),
 * })
 * const [initialState, params] = [np.array([1, 2]), np.array(0.01)]
 * const schedule = multistage({ steps: 100, snapshotsInRam: 5 })
 * const { value, gradient } = await objective.valueAndGradient({ initialState, params, schedule })
 * console.log(value.toFixed(4), (await gradient.params.data())[0]!.toFixed(1)) // 8.1144 803.4
 * ```
 */
export function differentiable<X, State, Params = readonly [], Input = readonly []>(
  definition: ObjectiveDefinition<X, State, Params, Input>,
): Objective<X, State, Params, Input> {
  checkDefinition(definition)
  const { ad, loss, stepLoss } = definition
  const derivatives = derivativesOf(definition)
  let planned: { readonly key: string; readonly chosen: Chosen } | undefined
  let [isProbed, isWarned] = [false, false]

  function problem(
    { initialState, params = [] as Params, onInputGradient }: Point<State, Params, Input>,
    { signal, fingerprint }: { signal?: AbortSignal | undefined; fingerprint?: string } = {},
  ): DriverProblem<X, State, Params> {
    const layout = layoutOf(ad, initialState, 'state')
    const paramsLayout = layoutOf(ad, params, 'params')
    const explain = (steps: number) =>
      explainNotFinite(definition, derivatives, { initialState, params, signal }, steps)
    const settings = { params, layout, paramsLayout, onInputGradient, explain, fingerprint }
    return {
      model: stepModel(definition, derivatives, settings),
      initialState: new Held(initialState),
      async terminalAdjoint({ tree }, _k, steps) {
        if (loss === undefined) return new Held({ ...derivatives.zeros(tree, params), terms: [] })
        const { value, state, params: gradient } = derivatives.loss(tree, params)
        try {
          const sum = await added(ad, 0, [value])
          if (!Number.isFinite(sum)) await explain(steps)
          return new Held({ state, params: gradient, terms: [] }, sum)
        } catch (error) {
          releaseAll(ad, state, gradient)
          throw error
        } finally {
          ad.release(value)
        }
      },
    }
  }

  /** Looks at what the losses return, before any work starts. */
  async function probe(initialState: State, params: Params, steps: number | undefined): Promise<void> {
    if (isProbed) return
    if (loss !== undefined) {
      const made = derivatives.loss(initialState, params)
      try {
        checkScalar(ad, made.value, 'loss')
      } finally {
        releaseAll(ad, made)
      }
    }
    if (stepLoss !== undefined && steps !== 0)
      await inputsOf(definition, false)(0, (input) => {
        const made = derivatives.stepLoss(initialState, params, input)
        try {
          checkScalar(ad, made[0], 'stepLoss')
        } finally {
          releaseAll(ad, made)
        }
      })
    isProbed = true
  }

  async function scheduleFor(
    options: GradientOptions<X, State, Params, Input>,
    start: { readonly initialState: State; readonly params: Params },
  ): Promise<Chosen | Pick<Chosen, 'schedule'>> {
    const { schedule, budget, families, steps, stores, buffers, journal, signal } = options
    if (schedule !== undefined) return { schedule }
    const sizes = {
      state: layoutOf(ad, start.initialState, 'initialState').bytes,
      params: layoutOf(ad, start.params, 'params').bytes,
    }
    const mustRepeat = journal !== undefined
    const key = JSON.stringify([budget, Object.keys(families ?? {}), steps, buffers, mustRepeat, sizes])
    if (planned?.key !== key)
      planned = {
        key,
        chosen: await chooseWithin({
          budget: budget!,
          families,
          steps,
          stores,
          buffers,
          signal,
          mustRepeat,
          sizes,
          ...problem(start, { signal }),
          terminalAdjoint: async ({ tree }) =>
            new Held({ ...derivatives.zeros(tree, start.params), terms: [] }),
        }),
      }
    return planned.chosen
  }

  async function valueAndGradient(
    options: GradientOptions<X, State, Params, Input>,
  ): Promise<GradientResult<State, Params>> {
    const { schedule, budget, families, onInputGradient, ...passedOn } = checked(ad, definition, options)
    const borrowed = { initialState: options.initialState, params: options.params ?? ([] as Params) }
    const start = mapTree(ad, (array) => ad.retain(array), borrowed)
    try {
      await ad.ready()
      passedOn.signal?.throwIfAborted()
      await probe(start.initialState, start.params, passedOn.steps)
      const chosen = await scheduleFor(options, start)
      const fingerprint = passedOn.journal && (await fingerprintOf(definition, start.params))
      const { finalState, adjoints, statistics } = await runAdjoint({
        ...passedOn,
        ...chosen,
        ...problem(
          { ...start, onInputGradient },
          { signal: passedOn.signal, ...(fingerprint && { fingerprint }) },
        ),
      })
      releaseAll(ad, finalState.tree)
      const [{ tree, value: before }] = adjoints as [(typeof adjoints)[0]]
      const { state, params, terms } = tree
      try {
        const value = await added(ad, before, terms)
        if (!Number.isFinite(value))
          await explainNotFinite(
            definition,
            derivatives,
            { ...start, signal: passedOn.signal },
            statistics.steps,
          )
        const warnings = isWarned ? [] : await withoutInfluence(params)
        isWarned = true
        return { value, gradient: { initialState: state, params }, statistics, warnings }
      } catch (error) {
        releaseAll(ad, state, params)
        throw error
      } finally {
        releaseAll(ad, terms)
      }
    } catch (error) {
      throw unwrapped(error)
    } finally {
      releaseAll(ad, start)
    }
  }

  /** Names parameters whose gradient is exactly zero. */
  async function withoutInfluence(gradient: Params): Promise<string[]> {
    const { leaves } = layoutOf(ad, gradient, 'params')
    const warnings: string[] = []
    for (const [i, array] of leavesOf(ad, gradient).entries()) {
      const { data } = await ad.read(array)
      if ((data as Float64Array).some((x) => x !== 0)) continue
      warnings.push(
        `the objective does not depend on ${leaves[i]!.path}: its gradient is exactly 0. If it should, see that step and losses compute with ` +
          'the array that they are given, not with a number or a copy read from it.',
      )
    }
    return warnings
  }

  function innerProduct(tangent: Held<{ state: State; params: Params }>, adjoint: typeof tangent): number {
    const list = ({ tree: { state, params } }: typeof tangent) => leavesOf(ad, { state, params })
    const others = list(adjoint)
    let sum = tangent.value // the objective's own cotangent is 1
    for (const [i, array] of list(tangent).entries()) {
      const [a, b] = [ad.readSync(array).data, ad.readSync(others[i]!).data]
      for (let k = 0; k < a.length; k++) sum += Number(a[k]) * Number(b[k])
    }
    return sum
  }

  return {
    valueAndGradient,
    problem: (point) => problem(point),
    adjoint: ({ state, params }) => new Held({ state, params, terms: [] }),
    innerProduct,
  }
}

/** What is refused before any work starts. */
function checked<X, State, Params, Input>(
  ad: ObjectiveDefinition<X, State, Params, Input>['ad'],
  { inputs, isDone }: ObjectiveDefinition<X, State, Params, Input>,
  options: GradientOptions<X, State, Params, Input>,
): GradientOptions<X, State, Params, Input> {
  const call = 'valueAndGradient'
  if (typeof options !== 'object' || options === null)
    throw optionError(call, `pass { initialState, params, schedule }; got ${show(options)}.`)
  const { initialState, params = [], schedule, budget, steps, onInputGradient } = options
  if (initialState === undefined)
    throw optionError(call, `initialState is missing; pass the state at step 0, arrays of ${ad.name}.`)
  const wayOut = 'Pass anything else through inputs.'
  checkFloats(layoutOf(ad, initialState, 'initialState'), wayOut)
  checkFloats(layoutOf(ad, params, 'params'), wayOut)
  if ((schedule === undefined) === (budget === undefined))
    throw optionError(
      call,
      schedule === undefined
        ? "schedule or budget is missing; pass multistage({ steps: 1000, snapshotsInRam: 20 }), or budget: '64MB' with families and steps."
        : 'pass a schedule or a budget, not both.',
    )
  if (schedule !== undefined && !isSchedule(schedule))
    throw optionError(
      call,
      `schedule must be a schedule, such as multistage({ steps: 1000, snapshotsInRam: 20 }); got ${show(schedule)}.`,
    )
  if (schedule?.manifest.adjoints === 0)
    throw optionError(call, `${schedule.manifest.name} permits no adjoint; pass another schedule.`)
  if (onInputGradient !== undefined && inputs === undefined)
    throw optionError(call, 'onInputGradient needs inputs(n) in the definition; there are none.')
  if (schedule?.manifest.online === true && steps === undefined && isDone === undefined)
    throw optionError(call, 'the number of steps is unknown; pass steps, or isDone in the definition.')
  return options
}

/** Errors about the user's functions say all that is needed; what the driver puts around them is left out. */
function unwrapped(error: unknown): unknown {
  if (!isCheckpointScheduleError(error) || error.code !== 'MODEL_FAILED') return error
  return isCheckpointScheduleError(error.cause) ? error.cause : error
}
