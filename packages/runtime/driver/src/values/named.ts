/** Says which value a codec has refused. */
import { CheckpointScheduleError, isCheckpointScheduleError } from '@checkpoint-schedules/core'

/** What `use` returns; a refusal of the codec is told with the value's name in front. */
export function named<T>(what: string, use: () => T): T {
  try {
    return use()
  } catch (cause) {
    if (!isCheckpointScheduleError(cause) || cause.code !== 'INVALID_VALUE') throw cause
    const { code, details, message } = cause
    throw new CheckpointScheduleError(code, `${what}: ${message}`, { cause, details: { ...details, what } })
  }
}
