/** Exit codes, and how a failure is reported: one sentence on stderr, never a stack trace for bad input. */
import { type ErrorCode, isCheckpointScheduleError } from '@checkpoint-schedules/core'
import { CommanderError } from 'commander'
import { tell } from './tell.js'

export const OK = 0
export const FAILED = 1
export const BAD_INPUT = 2
export const INTERRUPTED = 130

/** The user pressed Ctrl-C. `kept` says what is left of the work, and what to do with it. */
export class Interruption extends Error {
  constructor(kept = 'nothing was written.') {
    super(`interrupted; ${kept}`)
  }
}

const badInput: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'JOURNAL_MISMATCH',
  'INVALID_OPTION',
  'ADJOINTS_NOT_PERMITTED',
  'STEPS_MISMATCH',
  'MISSING_STORE',
  'INVALID_FILE',
])

/** Reports on stderr what went wrong and returns the exit code. */
export function reportFailure(error: unknown): number {
  if (error instanceof CommanderError && error.exitCode === 0) return OK // help and version are not failures
  tell(...describe(error))
  // First the error of a model that ignored Ctrl-C, then what is left of the run.
  const reason = isCheckpointScheduleError(error) ? error.cause : error
  if (reason !== error && reason instanceof Interruption) tell(...describe(reason))
  if (reason instanceof Interruption) return INTERRUPTED
  return isCheckpointScheduleError(error) && badInput.has(error.code) ? BAD_INPUT : FAILED
}

function describe(error: unknown): [sentence: string, ...stack: string[]] {
  if (!(error instanceof Error)) return [textOf(error)]
  const isOurs = isCheckpointScheduleError(error) || error instanceof Interruption
  // A bug of ours or of a model: show the stack only to someone debugging it.
  if (!isOurs && process.env['CHECKPOINT_SCHEDULES_DEBUG']) return stackOf(error)
  return [error.message]
}

function stackOf({ stack, message }: Error): [sentence: string, ...stack: string[]] {
  const [first = message, ...lines] = (stack ?? message).split('\n')
  return [first, ...lines]
}

// A thrown value may have no text at all.
function textOf(thrown: unknown): string {
  try {
    return String(thrown)
  } catch {
    return 'a value was thrown that has no text.'
  }
}
