/**
 * Knows which function of the model is under way: what it throws can be told from the driver's own errors, what is wrong with the value
 * that it returned is reported with its name, and a promise that never settles cannot hold up an aborted run.
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
  readonly #signal: AbortSignal | undefined
  readonly #graceMs: number
  #reject: ((error: unknown) => void) | undefined
  #timer: ReturnType<typeof setTimeout> | undefined
  /** Whether a promise of the model was given up: what the model was given may still be in use. */
  isStuck = false

  /** @param graceMs - How long a promise of the model may stay pending after an abort. */
  constructor(signal: AbortSignal | undefined, graceMs: number) {
    this.#graceMs = graceMs
    if (signal === undefined || graceMs === Infinity) return
    this.#signal = signal
    signal.addEventListener('abort', this.#startGrace, { once: true })
  }

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

  /** What the model's promise becomes; after an abort it must settle within the grace period. */
  wait<T>(promise: PromiseLike<T>): PromiseLike<T> {
    if (this.#signal === undefined) return promise
    return new Promise<T>((resolve, reject) => {
      this.#reject = reject
      if (this.#signal!.aborted) this.#startGrace()
      promise.then(
        (value) => {
          this.#endGrace()
          return resolve(value)
        },
        (error: unknown) => {
          this.#endGrace()
          return reject(error)
        },
      )
    })
  }

  /** The run is over: lets go of the signal. */
  end(): void {
    this.#signal?.removeEventListener('abort', this.#startGrace)
  }

  /** The error as the user should see it: with phase and step if the model has caused it, else as it is. */
  explain(error: unknown): unknown {
    if (this.#phase === undefined) return error
    const [phase, step] = [this.#phase, this.#step]
    if (!this.#hasReturned)
      return new CheckpointScheduleError(
        'MODEL_FAILED',
        `${this.#name} failed at step ${step}: ${messageOf(error)}`,
        { cause: error, details: { phase, step } },
      )
    const details = isCheckpointScheduleError(error) ? error.details : {}
    return new CheckpointScheduleError(
      'INVALID_VALUE',
      `${this.#name} at step ${step} returned what cannot be used: ${messageOf(error)}`,
      { cause: error, details: { ...details, phase, step } },
    )
  }

  get #name(): string {
    return this.#phase === 'terminalAdjoint' ? this.#phase : `model.${this.#phase}`
  }

  readonly #startGrace = (): void => {
    if (this.#reject !== undefined) this.#timer ??= setTimeout(() => this.#giveUp(), this.#graceMs)
  }

  #endGrace(): void {
    this.#reject = undefined
    clearTimeout(this.#timer)
    this.#timer = undefined
  }

  #giveUp(): void {
    const [phase, step, reject] = [this.#phase, this.#step, this.#reject]
    const error = new CheckpointScheduleError(
      'MODEL_STUCK',
      `the run was aborted, and ${this.#name} has not settled its promise of step ${step} within ${this.#graceMs} ms since. ` +
        'The run ends without it, and releases nothing that the model was given. If a step may take that long, pass a larger graceMs.',
      { cause: this.#signal!.reason, details: { phase, step, graceMs: this.#graceMs } },
    )
    this.isStuck = true
    this.leave()
    this.#endGrace()
    reject!(error)
  }
}
