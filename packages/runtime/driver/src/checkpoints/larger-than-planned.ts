/** The error of a checkpoint that would exceed what its schedule was planned for. */
import { CheckpointScheduleError } from '@checkpoint-schedules/core'

export function largerThanPlanned(
  kind: 'state' | 'tape',
  step: number,
  storage: string,
  bytes: number,
  planned: number,
): CheckpointScheduleError {
  return new CheckpointScheduleError(
    'LARGER_THAN_PLANNED',
    `the ${kind} of step ${step} takes ${bytes} bytes, and the schedule was planned for ${planned}: in ${storage} it could exceed the budget. ` +
      `Plan with ${kind}Bytes of at least ${bytes} for that step.`,
    { details: { kind, step, storage, bytes, planned } },
  )
}
