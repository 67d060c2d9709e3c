/** From a run to a durable point, and from a durable point to a run. */
import type { Action } from '@checkpoint-schedules/core'
import type { ForwardStepper } from '../run/forward-stepper.js'
import type { FoundPoint, JournalPoint } from '@checkpoint-schedules/model'
import { keyOf } from './journal-keeper.js'
import { kindOf } from '../checkpoints/checkpoints.js'
import { checkPoint, misfit } from './point-check.js'
import { checkpointsOf, neededBy } from './rebuild.js'
import { Recovery } from './recovery.js'
import { Turns } from '../run/turns.js'
import type { Workspace } from '../run/workspace.js'

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
  let held = checkpointsOf(machine)
  let at: number | null = null
  let ahead = 0 // forward steps that the machine has counted and the run has not taken
  switch (current?.type) {
    case undefined:
      break
    case 'Forward':
      ahead = machine.n! - state.at
      // Where it has taken no step it begins again, and stores its checkpoint again.
      if (state.at > current.n0) at = state.at
      held = checkpointsOf(machine, state.at).filter(
        ({ storage, step }) => at !== null || step !== current.n0 || storage !== current.storage,
      )
      break
    case 'Reverse':
      // Before the first one there is no adjoint: it is made again.
      if (adjoint.held) at = adjoint.at
      break
    case 'Copy':
    case 'Move':
      // It begins again, and finds what it moves.
      if (current.type === 'Move')
        held.push({ storage: current.from, step: current.n, kind: kindOf(current) })
      break
    default:
      return undefined
  }
  return {
    position: {
      actions: carriedOut,
      at,
      steps: run.steps ?? null,
      reversed: adjoint.held ? machine.steps! - adjoint.at : 0,
      forwardSteps: machine.forwardSteps - ahead,
    },
    held,
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
  /** The last step whose state the process before this one may have observed. */
  readonly seen: number
  /** Steps that were taken already. */
  readonly done: { readonly forwardSteps: number; readonly adjointSteps: number }
}

/** Brings a run that has not begun to a durable point: every value and every checkpoint is there again. */
export async function resume<State, Tape, Adjoint>(
  work: Workspace<State, Tape, Adjoint>,
  stepper: ForwardStepper<State, Tape, Adjoint>,
  found: FoundPoint,
  initialState: State,
  signal: AbortSignal | undefined,
): Promise<Resumed> {
  const { run, machine, state, final, adjoint, checkpoints } = work
  const { actions, at, steps } = found.position
  const next = () => run.next().value ?? misfit('actions', actions, 'fewer')
  const turns = new Turns()
  let forwardEnded = false
  const apply = (action: Action) => {
    machine.apply(action)
    if (action.type !== 'Forward' || machine.steps !== undefined) return
    if (run.steps !== undefined) machine.finalize(run.steps)
    else if (steps !== null && action.n1 >= steps) work.finalize(steps)
  }
  if (steps === 0 && run.steps === undefined) work.finalize(0)
  for (let i = 0; i < actions; i++) {
    const action = next()
    apply(action)
    forwardEnded ||= action.type === 'EndForward'
    if (turns.due) await turns.take()
    signal?.throwIfAborted()
  }
  const partial = at === null ? undefined : next()
  if (partial?.type === 'Forward') apply(partial)
  checkPoint(found, work, partial)
  const read = async (what: 'state' | 'adjoint' | 'final', isNeeded: boolean) => {
    const value = await found.read(what)
    if ((value !== undefined) !== isNeeded)
      misfit(`${what} values`, isNeeded ? 'none' : 'one', isNeeded ? 'one' : 'none')
    return value
  }

  final.restore(await read('final', forwardEnded), machine.steps ?? 0)
  for (let k = 0; k < found.results; k++)
    work.newResult().put((await found.read({ result: k })) as Adjoint, 0)
  const stands = partial?.type === 'Forward' ? at! : machine.n
  const seen = forwardEnded ? machine.steps! : stands!
  stepper.resumeAt(seen)

  const needed = neededBy(machine, partial?.type === 'Forward' ? at! : undefined)
  const there = new Set(checkpoints.found.map(keyOf))
  const isUseful = stands !== undefined && stands < machine.steps! - machine.r
  await new Recovery(work, stepper, initialState).sweep(
    needed,
    forwardEnded && isUseful ? stands : undefined,
    (checkpoint) => there.has(keyOf(checkpoint)),
  )
  const state0 = await read('state', !forwardEnded)
  if (!forwardEnded) state.restore(state0, stands!)
  adjoint.restore(
    await read('adjoint', machine.r > 0 || partial?.type === 'Reverse'),
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
  return { partial, message: `The run goes on ${where}.`, done, seen }
}
