/**
 * Knows which function of the model is under way, so that what it throws can be told from the driver's own errors, and what is wrong
 * with the value that it returned is told with its name.
 */
import { CheckpointScheduleError, isCheckpointScheduleError, messageOf } from '@checkpoint-schedules/core'
import type { Model } from '@checkpoint-schedules/model'

/** The functions of a model, and the one that makes the terminal adjoint. */
export type Phase =
  | Exclude<keyof Model<unknown, unknown, unknown>, 'codecs' | 'fingerprint'>
  | 'terminalAdjoint'

export class ModelGuard {
  #phase: Phase | undefined
  #step = 0
  #hasReturned = false

  /** The model's function is called next. */
  enter(phase: Phase, step: number): void {
    this.#phase = phase
    this.#step = step
    this.#hasReturned = false
  }

  /** It returned; its value is looked at next. */
  returned(): void {
    this.#hasReturned = true
  }

  /** It returned, and its value was taken over. */
  leave(): void {
    this.#phase = undefined
  }

  /** The error as the user should see it: with phase and step if the model has caused it, else as it is. */
  explain(error: unknown): unknown {
    if (this.#phase === undefined) return error
    const [phase, step] = [this.#phase, this.#step]
    const name = phase === 'terminalAdjoint' ? phase : `model.${phase}`
    if (!this.#hasReturned)
      return new CheckpointScheduleError(
        'MODEL_FAILED',
        `${name} failed at step ${step}: ${messageOf(error)}`,
        { cause: error, details: { phase, step } },
      )
    const details = isCheckpointScheduleError(error) ? error.details : {}
    return new CheckpointScheduleError(
      'INVALID_VALUE',
      `${name} at step ${step} returned what cannot be used: ${messageOf(error)}`,
      { cause: error, details: { ...details, phase, step } },
    )
  }
}
