/** Progress on stderr, unless it is not wanted. */
import type { Progress } from '@checkpoint-schedules/driver'
import {
  type Standing,
  type TerminalProgress,
  terminalProgress,
} from '@checkpoint-schedules/terminal-progress'
import { unguardedStderr } from '../terminal/guard.js'

/** @param label - What is running, such as `gradient`. */
export function reportProgress(label: string, isWanted: boolean): TerminalProgress {
  return isWanted ? terminalProgress({ label, stream: stream() }) : silent<Progress>()
}

/** @param detail - The part of the line that is left out first. */
export function reportStanding<S extends Standing>(
  label: string,
  isWanted: boolean,
  detail: (standing: S) => string,
): TerminalProgress<S> {
  return isWanted ? terminalProgress({ label, detail, stream: stream() }) : silent<S>()
}

// It writes over its own line, and writes only our own words.
const stream = unguardedStderr

function silent<S extends Standing>(): TerminalProgress<S> {
  return Object.assign((_standing: S) => undefined, { stop: () => undefined })
}
