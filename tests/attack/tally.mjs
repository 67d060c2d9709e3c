// What a campaign counts: right results, clear errors, and failures with what repeats them.
import { isCheckpointScheduleError } from '@checkpoint-schedules/core'

/**
 * Attacks until `cases` are through or `until` (a time of `performance.now`) has come. A case gets its number; it returns `'right'`
 * or `'error'`, or throws. An error of the library is a clear one; anything else that is thrown is a failure.
 */
export async function repeat({ cases, until = Infinity }, attack) {
  const counts = { cases: 0, right: 0, errors: 0, failures: [] }
  while (counts.cases < cases && performance.now() < until) {
    const i = counts.cases
    counts.cases += 1
    try {
      const outcome = await attack(i)
      if (outcome === 'right') counts.right += 1
      else if (outcome === 'error') counts.errors += 1
      else counts.failures.push(`case ${i}: ${String(outcome)}`)
    } catch (error) {
      if (isClear(error)) counts.errors += 1
      else counts.failures.push(`case ${i}: ${(error instanceof Error && error.stack) || String(error)}`)
    }
  }
  return counts
}

/** Of the library, and a sentence that leaks nothing of the inside. */
export function isClear(error) {
  return (
    isCheckpointScheduleError(error) &&
    error.message.length > 10 &&
    !/\[object Object\]|Cannot read prop|is not a function|is not iterable/.test(error.message)
  )
}
