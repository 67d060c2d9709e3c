/** Names the value that a codec has refused. */
import { CheckpointScheduleError, isCheckpointScheduleError } from '@checkpoint-schedules/core'

/** What `use` returns; if the codec refuses the value, the message begins with the value's name. */
export function named<T>(what: string, use: () => T): T {
  try {
    return use()
  } catch (cause) {
    if (!isCheckpointScheduleError(cause) || cause.code !== 'INVALID_VALUE') throw cause
    const { code, details, message } = cause
    throw new CheckpointScheduleError(code, `${what}: ${message}`, { cause, details: { ...details, what } })
  }
}
