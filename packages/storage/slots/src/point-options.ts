/** How often a journal makes a run durable: the same options for all media. */
import { optionError, show } from '@checkpoint-schedules/core'

/** When a durable point is due, and what is recorded with it. */
export interface PointOptions {
  /** Seconds between two durable points, by default 30. */
  readonly everySeconds?: number
  /** Steps between two durable points, if they come first; by default only time counts. */
  readonly everySteps?: number
  /** Plain JSON that the caller wants to read back. */
  readonly note?: unknown
}

/**
 * The options, checked and complete.
 *
 * @param call - The function that was given them, for errors.
 * @throws `INVALID_OPTION`
 * @example
 * ```ts
 * import { checkedPointOptions } from '@checkpoint-schedules/storage-slots'
 *
 * checkedPointOptions('myJournal', { everySteps: 100 }) // { everySeconds: 30, everySteps: 100, note: null }
 * ```
 */
export function checkedPointOptions(call: string, options: PointOptions): Required<PointOptions> {
  if (typeof options !== 'object' || (options as unknown) === null)
    throw optionError(call, `options must be an object such as { everySeconds: 60 }; got ${show(options)}.`)
  const { everySeconds = 30, everySteps = Infinity, note = null } = options
  if (!(typeof everySeconds === 'number' && everySeconds >= 0))
    throw optionError(call, `everySeconds must be a number >= 0; got ${show(everySeconds)}.`)
  if (!(typeof everySteps === 'number' && everySteps >= 1))
    throw optionError(call, `everySteps must be a number >= 1; got ${show(everySteps)}.`)
  try {
    JSON.stringify(note)
  } catch (cause) {
    throw optionError(call, `note must be plain JSON: ${(cause as Error).message}.`)
  }
  return { everySeconds, everySteps, note }
}
