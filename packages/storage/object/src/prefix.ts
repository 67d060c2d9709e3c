/** The prefix of a run's keys. */
import { optionError, show } from '@checkpoint-schedules/core'

/** The prefix, checked. @throws `INVALID_OPTION` */
export function checkedPrefix(call: string, prefix: unknown): string {
  if (
    typeof prefix !== 'string' ||
    prefix.length > 400 ||
    !/^[\w-](?:[\w.-]*[\w-])?(?:\/[\w-](?:[\w.-]*[\w-])?)*$/.test(prefix)
  )
    throw optionError(
      call,
      `prefix must be 1 to 400 letters, digits and -_./ that neither begin nor end with a slash or a dot, such as "runs/my-run"; got ${show(prefix)}.`,
    )
  return prefix
}
