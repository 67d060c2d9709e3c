/** Errors of stores, as a user should see them. */
import { CheckpointScheduleError, messageOf } from '@checkpoint-schedules/core'
import type { CheckpointKey } from '@checkpoint-schedules/model'

export function storeFailed(
  storage: string,
  what: string,
  cause: unknown,
  details: Record<string, unknown> = {},
): unknown {
  if (cause instanceof CheckpointScheduleError) return cause
  const message = `the store of ${storage} ${what}: ${messageOf(cause)}`
  return new CheckpointScheduleError('STORE_FAILED', message, { cause, details: { storage, ...details } })
}

/** A store has returned something else than was put. */
export function notTheSame(
  storage: string,
  { step, kind }: CheckpointKey,
  field: string,
): CheckpointScheduleError {
  const [what, culprit] =
    kind === 'restart'
      ? ['state', 'the clone of its codec shares memory with the state']
      : ['tape', 'the model writes over a tape that it has returned']
  return new CheckpointScheduleError(
    'NOT_REPRODUCIBLE',
    `runAdjoint: the ${what} at step ${step} is not the one that was put into ${storage}: ${field} differs. It was read back from a ` +
      `store, which must return what was put. Either the store is at fault (get must return a copy that is the caller's alone), or ${culprit}.`,
    { details: { storage, step, kind, field } },
  )
}
