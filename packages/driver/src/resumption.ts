/** From a run to a durable point, and from a durable point to a run. */
import type { Action } from '@checkpoint-schedules/core'
import type { ForwardStepper } from './forward-stepper.js'
import type { FoundPoint, JournalPoint } from './journal.js'
import { keyOf } from './journal-keeper.js'
import { checkpointsOf, neededBy } from './rebuild.js'
import { Recovery } from './recovery.js'
import type { Workspace } from './workspace.js'

/**
 * Where the run is, with all that cannot be recomputed; `undefined` where it cannot go on from: a value is on its way.
 *
 * @param carriedOut - Actions carried out in full.
 * @param current - The one that is under way.
 */
export function pointOf<State, Tape, Adjoint>(
  work: Workspace<State, Tape, Adjoint>,
  carriedOut: number,
  current: Action | undefined,
): JournalPoint | undefined {
  const { state, final, adjoint, results, machine, run } = work
  const forwardEnded = final.held
  if (!forwardEnded && (!state.held || state.at === 0)) return undefined
  let at: number | null = null
  if (current?.type === 'Forward') at = state.at
  else if (current?.type === 'Reverse' && adjoint.held) at = adjoint.at
  else if (current !== undefined) return undefined
  return {
    position: {
      actions: carriedOut,
      at,
      steps: run.steps ?? null,
      reversed: adjoint.held ? machine.steps! - adjoint.at : 0,
    },
    held: checkpointsOf(machine, current?.type === 'Forward' ? state.at : undefined),
    state: forwardEnded ? undefined : { value: state.value },
    adjoint: adjoint.held ? { value: adjoint.value } : undefined,
    final: forwardEnded ? { value: final.value } : undefined,
    results: results.map((owner) => owner.value),
  }
}

/** What came of resuming. */
export interface Resumed {
  /** The action that was under way; its effects on the machine are had already where it is a Forward. */
  readonly partial: Action | undefined
  /** Where the run goes on, in words. */
  readonly message: string
  /** Steps that were taken already. */
  readonly done: { readonly forwardSteps: number; readonly adjointSteps: number }
}

/** Brings a run that has not begun to a durable point: every value and every checkpoint is there again. */
export async function resume<State, Tape, Adjoint>(
  work: Workspace<State, Tape, Adjoint>,
  stepper: ForwardStepper<State, Tape, Adjoint>,
  found: FoundPoint,
  initialState: State,
): Promise<Resumed> {
  const { run, machine, state, final, adjoint, checkpoints } = work
  const { actions, at, steps } = found.position
  const next = () => {
    const action = run.next().value
    if (action === undefined) throw new Error('the journal knows of more actions than the schedule has')
    return action
  }
  const apply = (action: Action) => {
    machine.apply(action)
    if (action.type !== 'Forward' || machine.steps !== undefined) return
    if (run.steps !== undefined) machine.finalize(run.steps)
    else if (steps !== null && action.n1 >= steps) work.finalize(steps)
  }
  for (let i = 0; i < actions; i++) apply(next())
  const partial = at === null ? undefined : next()
  if (partial?.type === 'Forward') apply(partial)

  final.restore(await found.read('final'), machine.steps ?? 0)
  for (let k = 0; k < found.results; k++)
    work.newResult().put((await found.read({ result: k })) as Adjoint, 0)
  const forwardEnded = final.held
  const stands = partial?.type === 'Forward' ? at! : machine.n
  stepper.resumeAt(forwardEnded ? machine.steps! : stands!)

  const needed = neededBy(machine, partial?.type === 'Forward' ? at! : undefined)
  const there = new Set(checkpoints.found.map(keyOf))
  const isUseful = stands !== undefined && stands < machine.steps! - machine.r
  await new Recovery(work, stepper, initialState).sweep(
    needed,
    forwardEnded && isUseful ? stands : undefined,
    (checkpoint) => there.has(keyOf(checkpoint)),
  )
  if (!forwardEnded) state.restore(await found.read('state'), stands!)
  adjoint.restore(
    await found.read('adjoint'),
    partial?.type === 'Reverse' ? at! : (machine.steps ?? 0) - machine.r,
  )
  const where = forwardEnded
    ? `in the reverse, with ${machine.steps! - (adjoint.held ? adjoint.at : machine.steps!)} of ${machine.steps} steps reversed`
    : `in the forward, at step ${stands}`
  const ahead = partial?.type === 'Forward' ? machine.n! - at! : 0
  const done = {
    forwardSteps: machine.forwardSteps - ahead,
    adjointSteps: machine.adjointSteps + (partial?.type === 'Reverse' ? partial.n1 - at! : 0),
  }
  return { partial, message: `The run goes on ${where}.`, done }
}
