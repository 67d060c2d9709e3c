/** Takes adjoint steps in one plain loop, as `forward-stepper` takes forward ones; begins each adjoint calculation; calls `observeAdjoint`. */
import { isPromise, type Model } from '@checkpoint-schedules/model'
import { named } from '../values/named.js'
import { type Rest, resumed } from './rest.js'
import type { ModelGuard } from './model-guard.js'
import type { TerminalAdjoints } from './terminal-adjoints.js'
import type { Workspace } from './workspace.js'

/** What the stepper needs of the run around it. */
export interface AdjointSettings<State, Tape, Adjoint> {
  readonly model: Model<State, Tape, Adjoint>
  readonly work: Workspace<State, Tape, Adjoint>
  readonly guard: ModelGuard
  readonly terminal: TerminalAdjoints<State, Adjoint>
  /** Called after each step; its promise, if any, is awaited. */
  readonly arrived: () => Rest
}

export class AdjointStepper<State, Tape, Adjoint> {
  readonly #settings: AdjointSettings<State, Tape, Adjoint>

  constructor(settings: AdjointSettings<State, Tape, Adjoint>) {
    this.#settings = settings
  }

  /** From where the adjoint stands down to step n0; from the end if there is none yet. */
  reverse(n0: number): Rest {
    const { adjoint } = this.#settings.work
    if (!adjoint.held) return resumed(this.begin(), () => this.#loop(n0))
    const rest = this.#loop(n0)
    return rest === undefined ? undefined : resumed(rest, () => this.#loop(n0))
  }

  /** The adjoint at the end: the next calculation begins. */
  async begin(): Promise<void> {
    const { work, terminal } = this.#settings
    const { adjoint, course, final, results } = work
    const steps = course.end
    const value = await terminal.make(final.value, results.length, steps)
    named('terminalAdjoint', () => adjoint.put(value, steps))
    await this.#observe(steps)
  }

  #loop(n0: number): Rest {
    const { adjoint } = this.#settings.work
    while (adjoint.at > n0) {
      const rest = this.#step(adjoint.at - 1)
      if (rest !== undefined) return rest
    }
    return undefined
  }

  #step(n: number): Rest {
    const { model, guard, work } = this.#settings
    const { adjoint, taped, kept } = work
    let tape = taped.get(n) // a tape may be null, never undefined
    if (tape === undefined) tape = kept.get(n) as Tape
    guard.enter('adjoint', n)
    const next = model.adjoint(adjoint.value, tape, n)
    return isPromise(next) ? this.#becomesLater(guard.wait(next), tape, n) : this.#becomes(next, tape, n)
  }

  #becomes(value: Adjoint, tape: Tape, n: number): Rest {
    const { model, guard, work, arrived } = this.#settings
    guard.returned()
    work.watch.reversed(value, tape)
    work.adjoint.become(value, n)
    guard.leave()
    return model.observeAdjoint === undefined ? arrived() : this.#observe(n).then(arrived)
  }

  async #becomesLater(next: PromiseLike<Adjoint>, tape: Tape, n: number): Promise<void> {
    await this.#becomes(await next, tape, n)
  }

  async #observe(n: number): Promise<void> {
    const { model, guard, work } = this.#settings
    if (model.observeAdjoint === undefined) return
    guard.enter('observeAdjoint', n)
    const seen = model.observeAdjoint(work.adjoint.value, n, work.results.length)
    if (isPromise(seen)) await guard.wait(seen)
    guard.leave()
  }
}
