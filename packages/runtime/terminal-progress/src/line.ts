/** What the line says, and how it is made to fit. */
import { showDuration } from './duration.js'

/** The words of the line. */
export interface LineWords {
  readonly phase: string
  readonly detail: string
  readonly left: string
}

/** The parts of the line. */
export interface Line {
  readonly bar: string
  readonly text: string
  /** Of less importance. */
  readonly rest: string
}

const LONGEST_BAR = 30
const SHORTEST_BAR = 8

/**
 * The line as it fits into the columns. None of its parts is ever cut: the detail is left out where there is no room for it, then the
 * phase; the bar takes what is left.
 */
export function lineOf(
  label: string,
  fraction: number,
  { phase, detail, left }: LineWords,
  columns: number,
): Line {
  const text = `${String(Math.floor(fraction * 100)).padStart(3)}%  ${left}`
  const room = (rest: string) => columns - 1 - label.length - text.length - rest.length - 2
  const rest =
    [`  ${phase}  ${detail}`.trimEnd(), `  ${phase}`, ''].find((it) => room(it) >= SHORTEST_BAR) ?? ''
  const length = Math.max(0, Math.min(LONGEST_BAR, room(rest)))
  const full = Math.round(fraction * length)
  return { bar: '█'.repeat(full) + '░'.repeat(length - full), text, rest }
}

/** The time left, or that so far where nobody knows. */
export function leftOf({
  remainingMs,
  elapsedMs,
}: {
  readonly remainingMs: number | undefined
  readonly elapsedMs: number
}): string {
  return remainingMs === undefined ? `${showDuration(elapsedMs)} so far` : `${showDuration(remainingMs)} left`
}
