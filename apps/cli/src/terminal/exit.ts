/** Exit codes, and how a failure is told: one sentence on stderr, never a stack trace of bad input. */
import { type ErrorCode, isCheckpointScheduleError } from '@checkpoint-schedules/core'
import { CommanderError } from 'commander'

export const OK = 0
export const FAILED = 1
export const BAD_INPUT = 2
export const INTERRUPTED = 130

/** The user pressed Ctrl-C. */
export class Interruption extends Error {
  constructor(hint = 'nothing was written.') {
    super(`interrupted; ${hint}`)
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

/** Tells what went wrong on stderr and returns the exit code. */
export function reportFailure(error: unknown): number {
  if (error instanceof CommanderError && error.exitCode === 0) return OK // help and version are no failures
  process.stderr.write(`checkpoint-schedules: ${describe(error)}\n`)
  // A model that did not heed Ctrl-C is told of first, then what is left of the run.
  const reason = isCheckpointScheduleError(error) ? error.cause : error
  if (reason !== error && reason instanceof Interruption)
    process.stderr.write(`checkpoint-schedules: ${reason.message}\n`)
  if (reason instanceof Interruption) return INTERRUPTED
  return isCheckpointScheduleError(error) && badInput.has(error.code) ? BAD_INPUT : FAILED
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const isOurs = isCheckpointScheduleError(error) || error instanceof Interruption
  // A fault of ours, or of a model: the stack helps whoever looks for it, and only them.
  if (!isOurs && process.env['CHECKPOINT_SCHEDULES_DEBUG']) return error.stack ?? error.message
  return error.message
}
