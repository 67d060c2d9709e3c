/** Names the value that a codec has refused. */
import { CheckpointScheduleError, isCheckpointScheduleError } from '@checkpoint-schedules/core'

/** What `use` returns; if the codec refuses the value, the message begins with the value's name. */
export function named<T>(what: string, use: () => T): T {
  try {
    return use()
  } catch (cause) {
    throw refused(what, cause)
  }
}

/** The error with the value's name in front, if it says that the value was refused. */
export function refused(what: string, cause: unknown): unknown {
  if (!isCheckpointScheduleError(cause) || cause.code !== 'INVALID_VALUE') return cause
  const { code, details, message } = cause
  return new CheckpointScheduleError(code, `${what}: ${message}`, { cause, details: { ...details, what } })
}
