/** A model on which steps are timed: it keeps the rules of who owns what, and everything is released. */
import { CheckpointScheduleError, messageOf } from '@checkpoint-schedules/core'
import {
  type Awaitable,
  type Codec,
  independentCopy,
  isPromise,
  type Model,
} from '@checkpoint-schedules/model'
import { HeldValues } from './held-values.js'

export interface Codecs<State, Tape, Adjoint> {
  readonly state: Codec<State>
  readonly tape: Codec<Tape>
  readonly adjoint: Codec<Adjoint>
}

export class ModelProbe<State, Tape, Adjoint> {
  readonly values = new HeldValues()
  readonly #model: Model<State, Tape, Adjoint>
  readonly #codecs: Codecs<State, Tape, Adjoint>
  #state: State
  #n = 0

  /** @param state - Handed over. */
  constructor(model: Model<State, Tape, Adjoint>, codecs: Codecs<State, Tape, Adjoint>, state: State) {
    this.#model = model
    this.#codecs = codecs
    this.#state = this.values.keep(state, codecs.state)
  }

  /** The step at which the state is. */
  get n(): number {
    return this.#n
  }

  get state(): State {
    return this.#state
  }

  /** Back to the start. */
  async restart(state: State): Promise<void> {
    await this.values.release(this.#state, this.#codecs.state)
    this.#state = this.values.keep(state, this.#codecs.state)
    this.#n = 0
  }

  /** Takes this many steps; returns milliseconds for each. */
  async step(count: number): Promise<number> {
    const { values } = this
    return timed(count, async () => {
      for (let i = 0; i < count; i++) {
        const returned = this.#call('step', () => this.#model.step(this.#state, this.#n))
        const next = isPromise(returned) ? await this.#wait('step', returned) : returned
        values.give(this.#state)
        this.#state = values.keep(next, this.#codecs.state)
        this.#n += 1
      }
    })
  }

  /** Takes this many steps with a tape, and reverses them; returns milliseconds for each and the adjoint. */
  async reverse(
    count: number,
    adjointAtEnd: () => Promise<Adjoint>,
  ): Promise<{ taped: number; adjoint: number; tapeBytes: number; adjointBytes: number }> {
    const { values } = this
    const { tape: tapeCodec, adjoint: adjointCodec, state: stateCodec } = this.#codecs
    const tapes: Tape[] = []
    const taped = await timed(count, async () => {
      for (let i = 0; i < count; i++) {
        const returned = this.#call('tape', () => this.#model.tape(this.#state, this.#n))
        const { state, tape } = isPromise(returned) ? await this.#wait('tape', returned) : returned
        values.give(this.#state)
        this.#state = values.keep(state, stateCodec)
        tapes.push(values.keep(tape, tapeCodec))
        this.#n += 1
      }
    })
    let adjoint = values.keep(await adjointAtEnd(), adjointCodec)
    const adjointBytes = adjointCodec.byteLength(adjoint)
    const time = await timed(count, async () => {
      for (let i = count - 1; i >= 0; i--) {
        const [tape, n] = [tapes[i]!, this.#n - count + i]
        const returned = this.#call('adjoint', () => this.#model.adjoint(adjoint, tape, n))
        const next = isPromise(returned) ? await this.#wait('adjoint', returned) : returned
        values.give(adjoint)
        adjoint = values.keep(next, adjointCodec)
      }
    })
    const tapeBytes = Math.max(...tapes.map((tape) => tapeCodec.byteLength(tape)))
    for (const tape of tapes) await values.release(tape, tapeCodec)
    await values.release(adjoint, adjointCodec)
    return { taped, adjoint: time, tapeBytes, adjointBytes }
  }

  /** A tape of the step at which the state is; the state is then one step on. */
  async tape(): Promise<Tape> {
    const returned = this.#call('tape', () => this.#model.tape(this.#state, this.#n))
    const { state, tape } = isPromise(returned) ? await this.#wait('tape', returned) : returned
    this.values.give(this.#state)
    this.#state = this.values.keep(state, this.#codecs.state)
    this.#n += 1
    return this.values.keep(tape, this.#codecs.tape)
  }

  copyOfState(): Awaitable<State> {
    return independentCopy(this.#codecs.state, this.#state)
  }

  #call<T>(phase: string, call: () => T): T {
    try {
      return call()
    } catch (error) {
      throw failed(phase, this.#n, error)
    }
  }

  async #wait<T>(phase: string, promise: PromiseLike<T>): Promise<T> {
    try {
      return await promise
    } catch (error) {
      throw failed(phase, this.#n, error)
    }
  }
}

function failed(phase: string, step: number, cause: unknown): CheckpointScheduleError {
  return new CheckpointScheduleError(
    'MODEL_FAILED',
    `measureModel: model.${phase} failed at step ${step}: ${messageOf(cause)}`,
    { cause, details: { phase, step } },
  )
}

/** Milliseconds that the work takes, divided by `count`. */
export async function timed(count: number, work: () => Promise<void>): Promise<number> {
  const start = performance.now()
  await work()
  return (performance.now() - start) / count
}
