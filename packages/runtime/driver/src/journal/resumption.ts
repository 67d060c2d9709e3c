/** From a run to a durable point, and from a durable point to a run. */
import type { Action } from '@checkpoint-schedules/core'
import type { Course } from '../run/course.js'
import type { ForwardStepper } from '../run/forward-stepper.js'
import type { NewStates } from '../run/new-states.js'
import type { FoundPoint, JournalPoint, Position } from '@checkpoint-schedules/model'
import { keyOf } from './journal-keeper.js'
import { kindOf } from '../checkpoints/opened-storage.js'
import { holdAgainstSchedule, refusePoint } from './point-check.js'
import { checkpointsOf, neededBy } from './rebuild.js'
import { Recovery } from './recovery.js'
import { Turns } from '../run/turns.js'
import type { Workspace } from '../run/workspace.js'

/** Where the run is, with all that cannot be recomputed; `undefined` if it cannot be resumed from here. */
export function pointOf<State, Tape, Adjoint>(
  work: Workspace<State, Tape, Adjoint>,
): JournalPoint | undefined {
  const { state, final, adjoint, results, course } = work
  const { current } = course
  let actions = course.carriedOut
  const forwardEnded = final.held
  if (!forwardEnded && (!state.held || state.at === 0)) return undefined
  let held = checkpointsOf(course)
  let at: number | null = null
  let ahead = 0 // forward steps that are counted and not taken yet
  switch (current?.type) {
    case undefined:
      break
    case 'Forward':
      ahead = (course.n ?? state.at) - state.at
      // If it has taken no step it begins again, and stores its checkpoint again.
      if (state.at > current.n0) at = state.at
      held = checkpointsOf(course, state.at).filter(
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
    case 'Discard':
      actions += 1 // it counts as carried out: what it deletes is not needed
      break
    default:
      return undefined
  }
  return {
    position: {
      actions,
      at,
      steps: course.steps ?? null,
      reversed: adjoint.held ? course.end - adjoint.at : 0,
      forwardSteps: course.counts.forwardSteps - ahead,
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
  /** The action that was under way: it continues where the state or the adjoint stands. */
  readonly partial: Action | undefined
  /** Where the run continues, in words. */
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
  newStates: NewStates<State, Tape, Adjoint>,
  found: FoundPoint,
  initialState: State,
  signal: AbortSignal | undefined,
): Promise<Resumed> {
  const { course, final, adjoint, state, checkpoints } = work
  const forwardEnded = await skipActions(course, found.position, signal)
  const partial = partialAction(course, found.position)
  holdAgainstSchedule(found, work, partial?.action)
  const read = reader(found)

  final.restore(await read('final', forwardEnded), course.steps ?? 0)
  for (let k = 0; k < found.results; k++)
    work.newResult().put((await found.read({ result: k })) as Adjoint, 0)
  const inForward = partial?.action.type === 'Forward' ? partial.at : undefined
  const inReverse = partial?.action.type === 'Reverse' ? partial.at : undefined
  const stands = inForward ?? course.n
  const seen = forwardEnded ? course.end : (stands ?? 0)
  newStates.resumeAt(seen)

  const there = new Set(checkpoints.found.map(keyOf))
  const isUseful = forwardEnded && stands !== undefined && stands < course.end - course.r
  await new Recovery(work, stepper, initialState).sweep(
    neededBy(course, inForward),
    isUseful ? stands : undefined,
    (checkpoint) => there.has(keyOf(checkpoint)),
  )
  const working = await read('state', !forwardEnded)
  if (!forwardEnded) state.restore(working, seen)
  adjoint.restore(
    await read('adjoint', course.r > 0 || inReverse !== undefined),
    inReverse ?? (course.steps ?? 0) - course.r,
  )
  const { forwardSteps, adjointSteps } = course.counts
  const reversed = adjoint.held ? course.end - adjoint.at : 0
  const where = forwardEnded
    ? `in the reverse, with ${reversed} of ${course.end} steps reversed`
    : `in the forward, at step ${seen}`
  return {
    partial: partial?.action,
    message: `The run resumes ${where}.`,
    seen,
    done: {
      forwardSteps: forwardSteps - (inForward === undefined ? 0 : (course.n ?? inForward) - inForward),
      adjointSteps: adjointSteps + (partial?.action.type === 'Reverse' ? partial.action.n1 - partial.at : 0),
    },
  }
}

/** Takes the actions that an earlier process carried out, without their effects on the model. Says whether the forward has ended. */
async function skipActions(
  course: Course,
  position: Position,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  const { actions, steps } = position
  const turns = new Turns()
  let forwardEnded = false
  if (steps === 0 && course.steps === undefined) course.finalize(0)
  for (let i = 0; i < actions; i++) {
    const action = course.again(steps) ?? refusePoint('actions', actions, 'fewer')
    course.done()
    forwardEnded ||= action.type === 'EndForward'
    if (turns.due) await turns.take()
    signal?.throwIfAborted()
  }
  return forwardEnded
}

/** The action that was under way, and the step at which it continues. */
function partialAction(
  course: Course,
  { at, steps, actions }: Position,
): { readonly action: Action; readonly at: number } | undefined {
  if (at === null) return undefined
  const action = course.partial(steps) ?? refusePoint('actions', actions, 'fewer')
  return { action, at }
}

function reader(found: FoundPoint) {
  return async (what: 'state' | 'adjoint' | 'final', isNeeded: boolean) => {
    const value = await found.read(what)
    if ((value !== undefined) !== isNeeded)
      refusePoint(`${what} values`, isNeeded ? 'none' : 'one', isNeeded ? 'one' : 'none')
    return value
  }
}
