/** Core's messages name options; users of the command line know flags. */
import { CheckpointScheduleError, isCheckpointScheduleError, toKebabCase } from '@checkpoint-schedules/core'
import type { Flag } from './flags.js'

/** The error with flags in place of option names; any other error unchanged. */
export function inFlags(error: unknown, flags: readonly Flag[]): unknown {
  if (!isCheckpointScheduleError(error)) return error
  const { option } = error.details
  let message = error.message.replace(/^\w+(?=: )/, toKebabCase) // twoLevel: → two-level:
  for (const { long, short, path } of flags) {
    const flag = `--${short ?? long}`
    // The option that the message is about follows the colon; elsewhere only names that are not plain words are replaced.
    if (option === path[0]) message = message.replace(`: ${option} `, `: ${flag} `)
    // levels[1].slots: the second --levels.
    message = message.replace(
      new RegExp(`\\b${path[0]}\\[(\\d+)\\]\\.?`),
      (_, index) => `${flag} (number ${Number(index) + 1}): `,
    )
    if (path.length === 1 && /[A-Z]/.test(path[0])) {
      message = message.replace(new RegExp(`\\b${path[0]}\\b`, 'g'), flag)
    }
  }
  return new CheckpointScheduleError(error.code, message, { details: error.details, cause: error })
}

/** Runs `make`; its errors name flags. */
export function withFlags<T>(flags: readonly Flag[], make: () => T): T {
  try {
    return make()
  } catch (error) {
    throw inFlags(error, flags)
  }
}
