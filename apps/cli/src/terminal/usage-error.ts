/** Errors in what the user typed: one sentence that says what to do. */
import { CheckpointScheduleError, didYouMean } from '@checkpoint-schedules/core'

/** Bad input on the command line; ends the process with code 2. */
export function usageError(message: string): CheckpointScheduleError {
  return new CheckpointScheduleError('INVALID_OPTION', message)
}

/** `there is no schedule "multstage". Did you mean multistage? Accepted: multistage, none, …` */
export function unknownName(kind: string, name: string, accepted: readonly string[]): string {
  const shown = name.length > 60 ? `${name.slice(0, 57)}…` : name
  const known = accepted.length === 0 ? 'There are none.' : `Accepted: ${accepted.join(', ')}.`
  return `there is no ${kind} ${JSON.stringify(shown)}.${didYouMean(name, accepted)} ${known}`
}
