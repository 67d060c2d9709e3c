/** Holds a durable point against the schedule: a journal may come from anywhere, and a point that does not fit would give a wrong gradient. */
import { type Action, CheckpointScheduleError } from '@checkpoint-schedules/core'
import type { FoundPoint } from '@checkpoint-schedules/model'
import type { Workspace } from '../run/workspace.js'

type Said = number | string | null

/**
 * Compares what the point says with the course of the run.
 *
 * @param work - After the actions that the point has, and the Forward that was under way.
 * @param partial - The action that was under way.
 * @throws `INVALID_FILE`
 */
export function holdAgainstSchedule(
  { position, results }: FoundPoint,
  { course }: Pick<Workspace<unknown, unknown, unknown>, 'course'>,
  partial: Action | undefined,
): void {
  const { at, steps, reversed, forwardSteps } = position
  let [taken, done] = [course.counts.forwardSteps, course.r]
  if (at !== null) {
    if (partial?.type !== 'Forward' && partial?.type !== 'Reverse')
      return refusePoint('position in an action', at, 'no step under way')
    const { n0, n1 } = partial
    if (at < n0 || at > n1) refusePoint('position in an action', at, `${n0} to ${n1}`)
    if (partial.type === 'Forward') taken -= (course.n ?? at) - at
    else done += n1 - at
  }
  hold('steps', steps, course.steps ?? null)
  hold('forward steps', forwardSteps, taken)
  hold('reversed steps', reversed, done)
  hold('adjoint calculations', results, course.counts.adjoints)
}

/** @throws `INVALID_FILE`: the point says something else than the schedule. */
export function refusePoint(what: string, found: Said, right: Said): never {
  throw new CheckpointScheduleError(
    'INVALID_FILE',
    `the durable point of the journal does not fit the schedule: it has ${found} where the schedule has ${right} (${what}). ` +
      'Something else wrote to the journal: remove it, by cleanDirectory for one in a directory, and run again from the start.',
    { details: { what, found, right } },
  )
}

function hold(what: string, found: Said, right: Said): void {
  if (found !== right) refusePoint(what, found, right)
}
