/** Holds a durable point against the schedule: a journal may come from anywhere, and a point that does not fit has no right gradient. */
import { type Action, CheckpointScheduleError } from '@checkpoint-schedules/core'
import type { FoundPoint } from '@checkpoint-schedules/model'
import type { Workspace } from '../run/workspace.js'

type Said = number | string | null

/**
 * Compares what the point says with what the machine has counted.
 *
 * @param work - After the actions that the point has, and the Forward that was under way.
 * @param partial - The action that was under way.
 * @throws `INVALID_FILE`
 */
export function checkPoint(
  { position, results }: FoundPoint,
  { machine, run }: Workspace<any, any, any>,
  partial: Action | undefined,
): void {
  const { at, steps, reversed, forwardSteps } = position
  let [taken, done] = [machine.forwardSteps, machine.r]
  if (at !== null) {
    const { n0, n1 } = partial?.type === 'Forward' || partial?.type === 'Reverse' ? partial : noStep(at)
    if (at < n0 || at > n1) misfit('position in an action', at, `${n0} to ${n1}`)
    if (partial!.type === 'Forward') taken -= machine.n! - at
    else done += n1 - at
  }
  hold('steps', steps, run.steps ?? null)
  hold('forward steps', forwardSteps, taken)
  hold('reversed steps', reversed, done)
  hold('adjoint calculations', results, machine.adjoints)
}

/** @throws `INVALID_FILE`: the point says something else than the schedule. */
export function misfit(what: string, found: Said, right: Said): never {
  throw new CheckpointScheduleError(
    'INVALID_FILE',
    `the durable point of the journal does not fit the schedule: it has ${found} where the schedule has ${right} (${what}). ` +
      'Something else wrote to the journal: remove it, by cleanDirectory for one in a directory, and run again from the start.',
    { details: { what, found, right } },
  )
}

function hold(what: string, found: Said, right: Said): void {
  if (found !== right) misfit(what, found, right)
}

function noStep(at: number): never {
  return misfit('position in an action', at, 'no step under way')
}
