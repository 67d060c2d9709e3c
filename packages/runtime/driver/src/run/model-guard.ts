/** Knows which function of the model is under way, so that what it throws can be told from the driver's own errors. */
import { CheckpointScheduleError } from '@checkpoint-schedules/core'
import { messageOf } from '../checkpoints/checkpoints.js'
import type { Model } from '@checkpoint-schedules/model'

/** The functions of a model, and the one that makes the terminal adjoint. */
export type Phase =
  | Exclude<keyof Model<unknown, unknown, unknown>, 'codecs' | 'fingerprint'>
  | 'terminalAdjoint'

export class ModelGuard {
  #phase: Phase | undefined
  #step = 0

  /** The model's function is called next. */
  enter(phase: Phase, step: number): void {
    this.#phase = phase
    this.#step = step
  }

  /** It returned. */
  leave(): void {
    this.#phase = undefined
  }

  /** The error as the user should see it: with phase and step if the model threw it, else as it is. */
  explain(error: unknown): unknown {
    if (this.#phase === undefined) return error
    const [phase, step] = [this.#phase, this.#step]
    const name = phase === 'terminalAdjoint' ? phase : `model.${phase}`
    return new CheckpointScheduleError(
      'MODEL_FAILED',
      `${name} failed at step ${step}: ${messageOf(error)}`,
      {
        cause: error,
        details: { phase, step },
      },
    )
  }
}
