/** Where each adjoint calculation begins: a copy of the caller's value, or what the caller's function makes of the final state. */
import { CheckpointScheduleError } from '@checkpoint-schedules/core'
import { type Awaitable, type Codec, independentCopy, isPromise, shares } from '@checkpoint-schedules/model'
import { Contents } from '../values/contents.js'
import { checkFirst } from '../values/measured.js'
import type { ModelGuard } from './model-guard.js'
import { named } from '../values/named.js'
import type { RunAdjointOptions } from './run-options.js'
import type { Owner } from '../values/working-storage.js'

type Make<State, Adjoint> = (finalState: State, k: number, steps: number) => Awaitable<Adjoint>

export class TerminalAdjoints<State, Adjoint> {
  readonly #given: RunAdjointOptions<State, unknown, Adjoint>['terminalAdjoint']
  readonly #codecs: { readonly state: Codec<State>; readonly adjoint: Codec<Adjoint> }
  readonly #guard: ModelGuard
  readonly #seen: Owner<State>
  readonly #contents: Contents
  // Of a codec with `dispose`: what the function returned before, which was handed over.
  #before: Adjoint | undefined

  /** @param seen - Holds the copy of the final state that the function sees. */
  constructor(
    { terminalAdjoint }: Pick<RunAdjointOptions<State, unknown, Adjoint>, 'terminalAdjoint'>,
    codecs: { readonly state: Codec<State>; readonly adjoint: Codec<Adjoint> },
    guard: ModelGuard,
    seen: Owner<State>,
  ) {
    this.#seen = seen
    this.#given = terminalAdjoint
    this.#codecs = codecs
    this.#guard = guard
    this.#contents = new Contents(codecs.adjoint)
  }

  /** Looks at what the caller gave, before any work. @throws `INVALID_VALUE` */
  check(): void {
    const given = this.#given
    if (typeof given === 'function' || given === undefined) return
    named('terminalAdjoint', () => checkFirst(this.#codecs.adjoint, given))
    this.#contents.put(0, given)
  }

  /** The adjoint that calculation k begins with; it is the run's alone. */
  async make(final: State, k: number, steps: number): Promise<Adjoint> {
    const given = this.#given
    const { adjoint } = this.#codecs
    if (typeof given === 'function') return this.#made(given as Make<State, Adjoint>, final, k, steps)
    if (!this.#contents.isSame(0, given))
      throw new CheckpointScheduleError(
        'INVALID_VALUE',
        'terminalAdjoint was changed while the run was under way. Leave it as it is until the run has ended, or pass a copy.',
      )
    return named('terminalAdjoint', () => independentCopy(adjoint, given))
  }

  async #made(make: Make<State, Adjoint>, final: State, k: number, steps: number): Promise<Adjoint> {
    const { state, adjoint } = this.#codecs
    // What needs no release is copied before and after, so that the function may change the state, return it, or return one object always.
    const isCopied = state.dispose === undefined
    if (isCopied) this.#seen.put(await independentCopy(state, final), steps)
    this.#guard.enter('terminalAdjoint', steps)
    const making = make(isCopied ? this.#seen.value : final, k, steps)
    const made = isPromise(making) ? await this.#guard.wait(making) : making
    this.#guard.returned()
    await this.#seen.drop()
    checkFirst(adjoint, made)
    if (adjoint.dispose === undefined) {
      const own = await independentCopy(adjoint, made)
      this.#guard.leave()
      return own
    }
    if (shares(made, final, true) || (made === this.#before && typeof made === 'object'))
      throw new TypeError(
        'it must be a value of its own, as the run releases it: not the final state, nor what was returned before. Return a copy.',
      )
    this.#before = made
    this.#guard.leave()
    return made
  }
}
