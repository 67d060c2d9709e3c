/** One run of the driver, forward and reverse, by a schedule or the best one within a budget. */
import { isCheckpointScheduleError } from '@checkpoint-schedules/core'
import { runAdjoint, type RunStatistics } from '@checkpoint-schedules/driver'
import type { Model } from '@checkpoint-schedules/model'
import { type ArraySizes, chooseWithin, type Chosen } from './budget.js'
import { checkLosses } from './check-gradient.js'
import type { Compiled } from './compiled.js'
import type { RunSettings } from './driver-problem.js'
import type { Held } from './held.js'
import { withoutInfluence } from './influence.js'
import { explainNotFinite, findNotFinite } from './not-finite.js'
import type { ScheduleOptions } from './objective.js'
import type { WithTerms } from './reversible-model.js'
import { added } from './terms.js'
import { releaseAll } from './trees.js'

/** What is computed, and from where. */
export interface Evaluation<State, Params, Carried, Adjoint, Results> {
  readonly start: { readonly initialState: State; readonly params: Params }
  readonly sizes: ArraySizes
  problem(settings: RunSettings): {
    readonly model: Model<Held<Carried>, Held<Carried>, Held<Adjoint>>
    readonly initialState: Held<Carried>
    readonly terminalAdjoint: (final: Held<Carried>, k: number, steps: number) => Promise<Held<Adjoint>>
  }
  /** An adjoint of zeros, to measure times with. */
  zeros(final: Held<Carried>): Held<Adjoint>
  fingerprint(): Promise<string>
  /** What the adjoint at step 0 is to the user. */
  results(adjoint: Adjoint): Results
}

/** What comes out of an evaluation, at least. */
export interface Gradient<State, Params> {
  readonly gradient: { readonly initialState: State; readonly params: Params }
}

/** What comes with the results. */
export interface Evaluated {
  readonly value: number
  readonly statistics: RunStatistics
  readonly warnings: readonly string[]
}

/** The function that evaluates. It remembers the last plan. @param name - Of the function that the user calls. */
export function evaluator<
  X,
  State,
  Params,
  Input,
  Carried,
  Adjoint extends WithTerms<X>,
  Results extends Gradient<State, Params>,
>(
  { definition, derivatives, done }: Compiled<X, State, Params, Input>,
  name: string,
): (
  options: ScheduleOptions<Carried, Adjoint>,
  evaluation: Evaluation<State, Params, Carried, Adjoint, Results>,
) => Promise<Evaluated & Results> {
  const { ad } = definition
  type Options = ScheduleOptions<Carried, Adjoint>
  type Given = Evaluation<State, Params, Carried, Adjoint, Results>
  let planned: { readonly key: readonly unknown[]; readonly chosen: Chosen } | undefined

  async function scheduleFor(options: Options, given: Given): Promise<Chosen | Pick<Chosen, 'schedule'>> {
    const { schedule, budget, families, steps, stores, buffers, journal, signal } = options
    if (schedule !== undefined) return { schedule }
    const { sizes } = given
    const mustRepeat = journal !== undefined
    const numbers = JSON.stringify([budget, steps, buffers, mustRepeat, sizes])
    const key = [numbers, ...Object.entries(families ?? {}).flat()]
    if (planned?.key.length === key.length && key.every((it, i) => it === planned!.key[i]))
      return planned.chosen
    const chosen = await chooseWithin({
      name,
      budget: budget!,
      families,
      steps,
      stores,
      buffers,
      signal,
      mustRepeat,
      sizes,
      ...given.problem({ signal }),
      terminalAdjoint: (final) => given.zeros(final),
    })
    planned = { key, chosen }
    return chosen
  }

  async function run(options: Options, given: Given): Promise<Evaluated & Results> {
    const { schedule: _schedule, budget: _budget, families: _families, ...passedOn } = options
    const { signal, journal, steps } = options
    await ad.ready()
    signal?.throwIfAborted()
    if (!done.lossesChecked) await checkLosses(definition, derivatives, given.start, steps)
    done.lossesChecked = true
    const chosen = await scheduleFor(options, given)
    const fingerprint = journal && (await given.fingerprint())
    const { finalState, adjoints, statistics } = await runAdjoint({
      ...passedOn,
      ...chosen,
      ...given.problem({ signal, fingerprint }),
    })
    releaseAll(ad, finalState.tree)
    const { tree: adjoint, value: before } = adjoints[0]!
    try {
      const value = await added(ad, before, adjoint.terms)
      const results = given.results(adjoint)
      const explain = (found?: string) =>
        explainNotFinite(definition, derivatives, { ...given.start, signal }, statistics.steps, found)
      if (!Number.isFinite(value)) await explain()
      for (const [what, tree] of Object.entries(results)) {
        const found = await findNotFinite(ad, tree, what)
        if (found !== undefined) await explain(found)
      }
      const warnings = done.warned ? [] : await withoutInfluence(ad, results)
      done.warned = true
      releaseAll(ad, adjoint.terms)
      return { ...results, value, statistics, warnings }
    } catch (error) {
      releaseAll(ad, adjoint)
      throw error
    }
  }

  return async (options, evaluation) => {
    try {
      return await run(options, evaluation)
    } catch (error) {
      throw unwrapped(error)
    }
  }
}

/** Errors about the user's functions say all that is needed; what the driver puts around them is left out. */
export function unwrapped(error: unknown): unknown {
  if (!isCheckpointScheduleError(error) || error.code !== 'MODEL_FAILED') return error
  return isCheckpointScheduleError(error.cause) ? error.cause : error
}
