/** What the planner refuses, in the command line's words. */
import { isCheckpointScheduleError } from '@checkpoint-schedules/core'
import { usageError } from './usage-error.js'

/** @throws `INVALID_OPTION`: the planner's message without the name of its function. */
export async function withPlanner<T>(planning: Promise<T>): Promise<T> {
  try {
    return await planning
  } catch (error) {
    if (!isCheckpointScheduleError(error) || error.code !== 'INVALID_OPTION') throw error
    throw usageError(error.message.replace(/^plan\w+: /, ''))
  }
}
