/** `--journal-every`: how often a run is saved. */
import { durationForms, parseDuration } from '../flags/durations.js'
import { isNumber } from '../flags/parse-value.js'
import { usageError } from '../terminal/usage-error.js'

/** The value of `--journal-every`. @throws `INVALID_OPTION` */
export function secondsBetweenSaves(text = '30'): number {
  const value = isNumber(text) ? Number(text) : parseDuration(text)
  if (value !== undefined && value >= 0 && Number.isFinite(value)) return value
  throw usageError(
    `--journal-every must be a number of seconds >= 0 or ${durationForms}; got ${JSON.stringify(text)}.`,
  )
}
