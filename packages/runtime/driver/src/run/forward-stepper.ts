/**
 * Takes forward steps: one by one, many at once, or taped. One plain loop for all of them, for synchronous and asynchronous models
 * alike; where the state stands is the loop's counter.
 */
import { show } from '@checkpoint-schedules/core'
import { type Awaitable, isPromise, type Model } from '@checkpoint-schedules/model'
import type { TapeWatch } from '../values/tape-watch.js'
import type { Owner } from '../values/working-storage.js'
import { type Rest, resumed } from './rest.js'
import type { ModelGuard } from './model-guard.js'
import type { NewStates } from './new-states.js'

/** `model.advance` is handed as many steps as take about this long (ms), so that the event loop is served. */
const ADVANCE_STRETCH = 10

/** Takes a tape over; its promise, if any, is awaited before the next step. */
export type Keep<Tape> = (n: number, tape: Tape) => Awaitable<void>

type Taped<State, Tape> = { readonly state: State; readonly tape: Tape }

/** What the stepper needs of the run around it. */
export interface StepperSettings<State, Tape, Adjoint> {
  readonly model: Model<State, Tape, Adjoint>
  readonly state: Owner<State>
  readonly guard: ModelGuard
  readonly watch: TapeWatch
  readonly newStates: NewStates<State, Tape, Adjoint>
  /** Called when the state stands at step n, `count` steps farther; its promise, if any, is awaited. */
  readonly arrived: (n: number, count: number) => Rest
}

export class ForwardStepper<State, Tape, Adjoint> {
  readonly #settings: StepperSettings<State, Tape, Adjoint>
  #stride = 1

  constructor(settings: StepperSettings<State, Tape, Adjoint>) {
    this.#settings = settings
  }

  /** From where the state stands to n1, or to where the model says that it is done; `keep` takes over a tape of each step. */
  advance(n1: number, keep?: Keep<Tape>): Rest {
    const rest = this.#loop(n1, keep)
    return rest === undefined ? undefined : resumed(rest, () => this.#loop(n1, keep))
  }

  #loop(n1: number, keep: Keep<Tape> | undefined): Rest {
    const { model, state, newStates } = this.#settings
    const isTaken = keep === undefined && model.advance !== undefined
    for (let n = state.at; n < newStates.endOf(n1); n = state.at) {
      const strideEnd = isTaken ? newStates.unwatched(newStates.endOf(n1)) : n
      const rest =
        keep !== undefined ? this.#tape(n, keep) : strideEnd > n ? this.#advance(n, strideEnd) : this.#step(n)
      if (rest !== undefined) return rest
    }
    return undefined
  }

  #step(n: number): Rest {
    const { model, state, guard } = this.#settings
    guard.enter('step', n)
    const next = model.step(state.value, n)
    if (isPromise(next)) return this.#becomesLater(guard.wait(next), n + 1, 1)
    this.#becomes(next, n + 1)
    return this.#passed(n + 1, 1)
  }

  #tape(n: number, keep: Keep<Tape>): Rest {
    const { model, state, guard, watch } = this.#settings
    watch.taping(state.value)
    guard.enter('tape', n)
    const next = model.tape(state.value, n)
    if (isPromise(next)) return this.#tapedLater(guard.wait(next), n, keep)
    const kept = this.#taped(next, n, keep)
    return isPromise(kept) ? this.#passedLater(kept, n + 1) : this.#passed(n + 1, 1)
  }

  #advance(n: number, n1: number): Rest {
    const { model, state, guard } = this.#settings
    const count = Math.min(n1 - n, this.#stride)
    const started = performance.now()
    guard.enter('advance', n)
    const next = model.advance!(state.value, n, n + count)
    if (isPromise(next)) return this.#becomesLater(guard.wait(next), n + count, count, started)
    this.#becomes(next, n + count)
    this.#adjustStride(count, started)
    return this.#passed(n + count, count)
  }

  #becomes(value: State, n: number): void {
    const { state, guard, watch } = this.#settings
    guard.returned()
    watch.stepped(value)
    state.become(value, n)
    guard.leave()
  }

  /** @param started - When a stride began. */
  async #becomesLater(next: PromiseLike<State>, n: number, count: number, started?: number): Promise<void> {
    this.#becomes(await next, n)
    if (started !== undefined) this.#adjustStride(count, started)
    await this.#passed(n, count)
  }

  #taped(result: Taped<State, Tape>, n: number, keep: Keep<Tape>): Awaitable<void> {
    const { state, guard, watch } = this.#settings
    guard.returned()
    if (typeof result !== 'object' || result === null)
      throw new TypeError(`it must be { state, tape }; got ${show(result)}.`)
    state.become(result.state, n + 1)
    watch.taped(n, result.state, result.tape)
    guard.leave()
    return keep(n, result.tape)
  }

  async #tapedLater(next: PromiseLike<Taped<State, Tape>>, n: number, keep: Keep<Tape>): Promise<void> {
    await this.#taped(await next, n, keep)
    await this.#passed(n + 1, 1)
  }

  async #passedLater(kept: PromiseLike<void>, n: number): Promise<void> {
    await kept
    await this.#passed(n, 1)
  }

  #adjustStride(count: number, started: number): void {
    const took = performance.now() - started
    if (took < ADVANCE_STRETCH / 2 && count === this.#stride) this.#stride *= 2
    else if (took > ADVANCE_STRETCH) this.#stride = Math.max(1, Math.floor(this.#stride / 2))
  }

  /** The state stands at step n: shows it if it is new, then lets the run have its turn. */
  #passed(n: number, count: number): Rest {
    const { newStates, arrived } = this.#settings
    const shown = newStates.passed(n)
    return isPromise(shown) ? shown.then(() => arrived(n, count)) : arrived(n, count)
  }
}
