/** What a gradient refuses before any work starts. */
import { isSchedule, optionError, show } from '@checkpoint-schedules/core'
import { definitionNames, type ObjectiveDefinition } from './definition.js'
import type { Derivatives } from './derivatives.js'
import type { Differentiator } from './differentiator.js'
import { inputsOf } from './inputs.js'
import { checkFloats, layoutOf } from './layout.js'
import type { GradientOptions } from './objective.js'
import { releaseAll } from './trees.js'

/** @param name - Of the function that was called. @throws `INVALID_OPTION`, `INVALID_VALUE` */
export function checkPoint<X>(
  ad: Differentiator<X>,
  name: string,
  { initialState, params = [] }: { readonly initialState: unknown; readonly params?: unknown },
): void {
  if (initialState === undefined)
    throw optionError(name, `initialState is missing; pass the state at step 0, arrays of ${ad.name}.`)
  const wayOut = 'Pass anything else through inputs.'
  checkFloats(layoutOf(ad, initialState, 'initialState'), wayOut)
  checkFloats(layoutOf(ad, params, 'params'), wayOut)
}

/** @param name - Of the function that was called. @throws `INVALID_OPTION`, `INVALID_VALUE` */
export function checkOptions<X, State, Params, Input>(
  { ad, inputs, isDone }: ObjectiveDefinition<X, State, Params, Input>,
  name: string,
  options: GradientOptions<X, State, Params, Input>,
): void {
  const refuse = (sentence: string) => optionError(name, sentence)
  if (typeof options !== 'object' || options === null)
    throw refuse(`pass { initialState, params, schedule }; got ${show(options)}.`)
  const misplaced = definitionNames.find(
    (it) => (options as { readonly [it in typeof it]?: unknown })[it] !== undefined,
  )
  if (misplaced !== undefined)
    throw refuse(`${misplaced} belongs to the definition: pass it to differentiable.`)
  const made = (['model', 'terminalAdjoint', 'adjoints'] as const).find(
    (it) => (options as { readonly [it in typeof it]?: unknown })[it] !== undefined,
  )
  if (made !== undefined) throw refuse(`${made} follows from the definition; leave it out.`)
  checkPoint(ad, name, options)
  const { schedule, budget, steps, onInputGradient } = options
  if (schedule === undefined && budget === undefined)
    throw refuse(
      "schedule or budget is missing; pass multistage({ steps: 1000, snapshotsInRam: 20 }), or budget: '64MB' with families and steps.",
    )
  if (schedule !== undefined && budget !== undefined) throw refuse('pass a schedule or a budget, not both.')
  if (schedule !== undefined && !isSchedule(schedule))
    throw refuse(
      `schedule must be a schedule, such as multistage({ steps: 1000, snapshotsInRam: 20 }); got ${show(schedule)}.`,
    )
  if (schedule?.manifest.adjoints === 0)
    throw refuse(`${schedule.manifest.name} permits no adjoint; pass another schedule.`)
  if (schedule?.manifest.online === true && steps === undefined && isDone === undefined)
    throw refuse('the number of steps is unknown; pass steps, or isDone in the definition.')
  if (onInputGradient !== undefined && inputs === undefined)
    throw refuse('onInputGradient needs inputs(n) in the definition; there are none.')
}

/** Calls the losses once, to see that they return scalars. Costs the gradient of a loss. @throws `INVALID_VALUE` */
export async function checkLosses<X, State, Params, Input>(
  definition: ObjectiveDefinition<X, State, Params, Input>,
  derivatives: Derivatives<X, State, Params, Input>,
  { initialState, params }: { readonly initialState: State; readonly params: Params },
  steps: number | undefined,
): Promise<void> {
  const { ad, loss, stepLoss } = definition
  if (loss !== undefined) releaseAll(ad, derivatives.lossAlone(initialState, params))
  if (stepLoss === undefined || steps === 0) return
  await inputsOf(definition, false)(0, (input) =>
    releaseAll(ad, derivatives.stepLoss(initialState, params, input)),
  )
}
