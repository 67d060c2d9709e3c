/**
 * The one error class of the project. A message names the call, the rule, what was received and the way
 * out; `code` is stable and meant for programs.
 */

/** What went wrong, for programs. Each code has a heading in the documentation. */
export type ErrorCode =
  /** An option, argument or flag is missing, unknown, of the wrong type, or out of its range. */
  | 'INVALID_OPTION'
  /** More adjoint calculations were asked for than the schedule permits. */
  | 'ADJOINTS_NOT_PERMITTED'
  /** `start({ steps })` does not agree with the schedule's plan. */
  | 'STEPS_MISMATCH'
  /** The run of an online schedule must be told where the forward ends before it can continue. */
  | 'NOT_FINALIZED'
  /** The forward has taken as many steps as `maxSteps` permits, and `isDone` has not ended it. */
  | 'MAX_STEPS_REACHED'
  /** `finalize` was called at the wrong time or with the wrong number. */
  | 'INVALID_FINALIZE'
  /** A text or a JSON value is not an action. */
  | 'INVALID_ACTION'
  /** A schedule broke a law of the abstract machine. */
  | 'BROKEN_LAW'
  /** A schedule uses a storage for which no store was given. */
  | 'MISSING_STORE'
  /** The codec cannot hold a value. */
  | 'INVALID_VALUE'
  /** A state or a tape takes more bytes than its schedule was planned for; `details` say in which step and storage. */
  | 'LARGER_THAN_PLANNED'
  /** The user's model threw; `cause` is what it threw, `details` say in which phase and step. */
  | 'MODEL_FAILED'
  /** A promise of the user's model did not settle within the grace period after an abort; `details` say in which phase and step. */
  | 'MODEL_STUCK'
  /** The same computation gave something else, or a store did; `details` give the step and the field, or the part. */
  | 'NOT_REPRODUCIBLE'
  /** A store threw; `cause` is what it threw, `details` say in which action. */
  | 'STORE_FAILED'
  /** There is a journal of another run: another schedule, model, or start. */
  | 'JOURNAL_MISMATCH'
  /** A file is missing, truncated, of the wrong type, or not what it claims to be. */
  | 'INVALID_FILE'

const brand = Symbol.for('checkpoint-schedules.error')

/**
 * Every error that these packages raise themselves.
 *
 * @example
 * ```ts
 * import { CheckpointScheduleError } from '@checkpoint-schedules/core'
 *
 * new CheckpointScheduleError('STORE_FAILED', 'myStore: the bucket is gone.').code // 'STORE_FAILED'
 * ```
 */
export class CheckpointScheduleError extends Error {
  override readonly name = 'CheckpointScheduleError'
  /** What went wrong, for programs. */
  readonly code: ErrorCode
  /** The facts that the message is made from. */
  readonly details: Readonly<Record<string, unknown>>
  readonly [brand] = true

  constructor(
    code: ErrorCode,
    message: string,
    settings: { details?: Record<string, unknown>; cause?: unknown } = {},
  ) {
    super(message, settings)
    this.code = code
    this.details = settings.details ?? {}
  }
}

/**
 * The error of an option: `call: sentence.`
 *
 * @example
 * ```ts
 * import { optionError } from '@checkpoint-schedules/core'
 *
 * optionError('mine', 'period must divide steps.').message // 'mine: period must divide steps.'
 * ```
 */
export function optionError(
  call: string,
  sentence: string,
  details: Record<string, unknown> = {},
): CheckpointScheduleError {
  return new CheckpointScheduleError('INVALID_OPTION', `${call}: ${sentence}`, {
    details: { call, ...details },
  })
}

/**
 * Whether `value` is an error of this project, from any copy of `core`.
 *
 * @example
 * ```ts
 * import { isCheckpointScheduleError } from '@checkpoint-schedules/core'
 *
 * isCheckpointScheduleError(new Error('something else')) // false
 * ```
 */
export function isCheckpointScheduleError(value: unknown): value is CheckpointScheduleError {
  return typeof value === 'object' && value !== null && brand in value
}

/**
 * The message of any thrown value, an error or not; never throws.
 *
 * @example
 * ```ts
 * import { messageOf } from '@checkpoint-schedules/core'
 *
 * messageOf(new Error('the disk is full')) // 'the disk is full'
 * messageOf(Object.create(null)) // 'an object'
 * ```
 */
export function messageOf(thrown: unknown): string {
  if (typeof thrown === 'string') return thrown
  try {
    // By its message, not by `instanceof`: errors may be of another realm.
    const message = (thrown as { message?: unknown } | null | undefined)?.message
    return typeof message === 'string' ? message : show(thrown)
  } catch {
    return 'an error whose message cannot be read'
  }
}

/**
 * How a received value is shown in a message: short, on one line, never with side effects.
 *
 * @example
 * ```ts
 * import { show } from '@checkpoint-schedules/core'
 *
 * show('a text') // '"a text"'
 * ```
 */
export function show(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return JSON.stringify(value.length > 60 ? `${value.slice(0, 57)}…` : value)
    case 'number':
      return Object.is(value, -0) ? '-0' : String(value)
    case 'bigint':
      return `${value}n (a bigint)`
    case 'boolean':
    case 'undefined':
      return String(value)
    case 'function':
    case 'symbol':
      return `a ${typeof value}`
    default:
      if (value === null) return 'null'
      if (Array.isArray(value)) return `an array of ${value.length}`
      return 'an object'
  }
}
