/** A tangent run: value and derivative along a direction, forward alone. */
import { optionError, show } from '@checkpoint-schedules/core'
import { runAdjoint } from '@checkpoint-schedules/driver'
import { checkLosses, checkPoint } from './check-gradient.js'
import type { Compiled } from './compiled.js'
import { checkDirection, withDirection } from './direction.js'
import type { PointAndDirection } from './driver-problem.js'
import { unwrapped } from './evaluation.js'
import { fingerprintOf } from './fingerprint.js'
import { forwardAlone } from './forward-alone.js'
import { Held } from './held.js'
import { invalid, layoutOf } from './layout.js'
import { explainNotFinite } from './not-finite.js'
import type { Objective, TangentOptions, TangentResult } from './objective.js'
import { tangentModel, type TangentState } from './tangent-model.js'
import { added } from './terms.js'
import { releaseAll } from './trees.js'

const name = 'jvp'

/** The function of an objective. */
export function tangentOf<X, State, Params, Input>(
  compiled: Compiled<X, State, Params, Input>,
): Objective<X, State, Params, Input>['jvp'] {
  const { definition, derivatives, tangents, done } = compiled
  const { ad, loss } = definition
  type Start = PointAndDirection<State, Params>

  async function run(
    { steps, maxSteps, onProgress, journal, onEvent, signal, graceMs }: TangentOptions<State, Params>,
    start: Start,
  ): Promise<TangentResult> {
    const { initialState, params, direction } = start
    const explain = (count: number) =>
      explainNotFinite(definition, derivatives, { initialState, params, signal }, count)
    signal?.throwIfAborted()
    if (!done.lossesChecked) await checkLosses(definition, derivatives, start, steps)
    done.lossesChecked = true
    const fingerprint =
      journal && `tangent of ${await fingerprintOf(compiled, start, steps, direction.params)}`
    const { finalState, statistics } = await runAdjoint<Held<TangentState<X, State>>>({
      schedule: forwardAlone(),
      model: tangentModel(definition, tangents, {
        params,
        along: direction.params,
        layout: layoutOf(ad, initialState, 'state'),
        explain,
        fingerprint,
      }),
      initialState: new Held({ u: initialState, t: direction.initialState, terms: [], slopes: [] }),
      steps,
      maxSteps,
      onProgress,
      journal,
      onEvent,
      signal,
      graceMs,
    })
    try {
      const { value, derivative } = await sumsOf(finalState, start)
      if (!Number.isFinite(value)) await explain(statistics.steps)
      if (!Number.isFinite(derivative))
        throw invalid(
          `the derivative along the direction is ${derivative}, though the objective is finite: an operation of step or losses has no ` +
            'derivative there, such as a square root at 0.',
        )
      return { value, derivative, statistics }
    } finally {
      releaseAll(ad, finalState.tree)
    }
  }

  /** All terms, and the loss of the final state. */
  async function sumsOf({ tree, value, slope }: Held<TangentState<X, State>>, start: Start) {
    const end = loss === undefined ? undefined : tangents.loss(tree, start.params, start.direction.params)
    try {
      return {
        value: await added(ad, value, [...tree.terms, ...(end ? [end.value] : [])]),
        derivative: await added(ad, slope, [...tree.slopes, ...(end ? [end.slope] : [])]),
      }
    } finally {
      releaseAll(ad, end)
    }
  }

  return async (options) => {
    checkTangent(compiled, options)
    try {
      return await withDirection(compiled, name, options, (start) => run(options, start))
    } catch (error) {
      throw unwrapped(error)
    }
  }
}

/** @throws `INVALID_OPTION`, `INVALID_VALUE` */
function checkTangent<X, State, Params, Input>(
  compiled: Compiled<X, State, Params, Input>,
  options: TangentOptions<State, Params>,
): void {
  const { ad, isDone } = compiled.definition
  const refuse = (sentence: string) => optionError(name, sentence)
  if (typeof options !== 'object' || options === null)
    throw refuse(`pass { initialState, params, direction, steps }; got ${show(options)}.`)
  checkPoint(ad, name, options)
  checkDirection(compiled, name, options)
  const other = ['schedule', 'budget', 'families', 'stores', 'onInputGradient'].find(
    (key) => (options as unknown as Record<string, unknown>)[key] !== undefined,
  )
  if (other !== undefined)
    throw refuse(`it runs forward alone and stores nothing, so that ${other} has no meaning; leave it out.`)
  if (options.steps === undefined && isDone === undefined)
    throw refuse('the number of steps is unknown; pass steps, or isDone in the definition.')
}
