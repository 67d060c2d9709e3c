/** Value and gradient: one run of the driver, between owning what it needs and releasing it. */
import { isCheckpointScheduleError } from '@checkpoint-schedules/core'
import { runAdjoint } from '@checkpoint-schedules/driver'
import { chooseWithin, type Chosen } from './budget.js'
import { checkLosses, checkOptions } from './check-gradient.js'
import { type Compiled, driverProblem } from './driver-problem.js'
import { fingerprintOf } from './fingerprint.js'
import { Held } from './held.js'
import { layoutOf } from './layout.js'
import { explainNotFinite } from './not-finite.js'
import type { GradientOptions, GradientResult, Objective } from './objective.js'
import { added } from './terms.js'
import { leavesOf, mapTree, releaseAll } from './trees.js'

/** The function of an objective. It remembers the last plan, and what it has checked and warned of. */
export function gradientOf<X, State, Params, Input>(
  compiled: Compiled<X, State, Params, Input>,
): Objective<X, State, Params, Input>['valueAndGradient'] {
  const { definition, derivatives } = compiled
  const { ad } = definition
  type Options = GradientOptions<X, State, Params, Input>
  type Start = { readonly initialState: State; readonly params: Params }
  let planned: { readonly key: readonly unknown[]; readonly chosen: Chosen } | undefined
  let isChecked = false
  let isWarned = false

  async function scheduleFor(options: Options, start: Start): Promise<Chosen | Pick<Chosen, 'schedule'>> {
    const { schedule, budget, families, steps, stores, buffers, journal, signal } = options
    if (schedule !== undefined) return { schedule }
    const sizes = {
      state: layoutOf(ad, start.initialState, 'initialState').bytes,
      params: layoutOf(ad, start.params, 'params').bytes,
    }
    const mustRepeat = journal !== undefined
    const numbers = JSON.stringify([budget, steps, buffers, mustRepeat, sizes])
    const key = [numbers, ...Object.entries(families ?? {}).flat()]
    if (planned?.key.length === key.length && key.every((it, i) => it === planned!.key[i]))
      return planned.chosen
    const chosen = await chooseWithin({
      budget: budget!,
      families,
      steps,
      stores,
      buffers,
      signal,
      mustRepeat,
      sizes,
      ...driverProblem(compiled, start, { signal }),
      terminalAdjoint: ({ tree }) => new Held({ ...derivatives.zeros(tree, start.params), terms: [] }),
    })
    planned = { key, chosen }
    return chosen
  }

  async function run(options: Options, start: Start): Promise<GradientResult<State, Params>> {
    const {
      schedule: _schedule,
      budget: _budget,
      families: _families,
      onInputGradient,
      ...passedOn
    } = options
    const { signal, journal, steps } = options
    await ad.ready()
    signal?.throwIfAborted()
    if (!isChecked) await checkLosses(compiled, start, steps)
    isChecked = true
    const chosen = await scheduleFor(options, start)
    const fingerprint = journal && (await fingerprintOf(definition, start.params))
    const { finalState, adjoints, statistics } = await runAdjoint({
      ...passedOn,
      ...chosen,
      ...driverProblem(compiled, { ...start, onInputGradient }, { signal, fingerprint }),
    })
    releaseAll(ad, finalState.tree)
    const { tree, value: before } = adjoints[0]!
    const { state, params, terms } = tree
    try {
      const value = await added(ad, before, terms)
      if (!Number.isFinite(value))
        await explainNotFinite(definition, derivatives, { ...start, signal }, statistics.steps)
      const warnings = isWarned ? [] : await withoutInfluence(params)
      isWarned = true
      return { value, gradient: { initialState: state, params }, statistics, warnings }
    } catch (error) {
      releaseAll(ad, state, params)
      throw error
    } finally {
      releaseAll(ad, terms)
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

  return async (options) => {
    checkOptions(definition, options)
    const { initialState, params = [] as Params } = options
    // The caller may release its own from now on.
    const start: Start = mapTree(ad, (array) => ad.retain(array), { initialState, params })
    try {
      return await run(options, start)
    } catch (error) {
      throw unwrapped(error)
    } finally {
      releaseAll(ad, start)
    }
  }
}

/** Errors about the user's functions say all that is needed; what the driver puts around them is left out. */
function unwrapped(error: unknown): unknown {
  if (!isCheckpointScheduleError(error) || error.code !== 'MODEL_FAILED') return error
  return isCheckpointScheduleError(error.cause) ? error.cause : error
}
