/** Times in words. */

/**
 * Milliseconds as people say them: `12 ms`, `3.4 s`, `2 min 05 s`, `1 h 03 min`.
 *
 * @example
 * ```ts
 * import { showDuration } from '@checkpoint-schedules/terminal-progress'
 *
 * showDuration(125_000) // '2 min 05 s'
 * ```
 */
export function showDuration(milliseconds: number): string {
  if (milliseconds < 999.5) return `${Math.round(milliseconds)} ms`
  const seconds = milliseconds / 1000
  if (seconds < 59.95) return `${seconds.toFixed(1)} s`
  const two = (value: number) => String(value).padStart(2, '0')
  const whole = Math.round(seconds)
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${two(whole % 60)} s`
  return `${Math.floor(whole / 3600)} h ${two(Math.floor((whole % 3600) / 60))} min`
}
