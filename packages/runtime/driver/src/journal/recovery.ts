/** Makes what a resumed run must have and the journal does not: one forward sweep over the steps that are needed. */
import { independentCopy } from '@checkpoint-schedules/model'
import type { ForwardStepper } from '../run/forward-stepper.js'
import { type Needed, type NeededCheckpoint, type Stop, stopsOf } from './rebuild.js'
import type { Workspace } from '../run/workspace.js'

export class Recovery<State, Tape, Adjoint> {
  readonly #work: Workspace<State, Tape, Adjoint>
  readonly #stepper: ForwardStepper<State, Tape, Adjoint>
  readonly #initialState: State

  constructor(
    work: Workspace<State, Tape, Adjoint>,
    stepper: ForwardStepper<State, Tape, Adjoint>,
    initialState: State,
  ) {
    this.#work = work
    this.#stepper = stepper
    this.#initialState = initialState
  }

  /**
   * Makes what is needed. Afterwards the run holds no working state, or the one of step `working`.
   *
   * @param isThere - Whether a checkpoint is in its store.
   */
  async sweep(
    needed: Needed,
    working: number | undefined,
    isThere: (checkpoint: NeededCheckpoint) => boolean,
  ): Promise<void> {
    const { state, codecs } = this.#work
    const sources = needed.checkpoints.filter((it) => it.kind === 'restart' && isThere(it))
    let aside: State | undefined
    const setAside = async () => {
      await this.#goTo(working!, sources)
      aside = await independentCopy(codecs.state, state.value)
    }
    let isSetAside = working === undefined
    try {
      for (const stop of stopsOf(needed, isThere)) {
        if (!isSetAside && working! <= stop.step) {
          await setAside()
          isSetAside = true
        }
        await this.#goTo(stop.step, sources)
        await this.#makeAt(stop)
      }
      if (!isSetAside) await this.#goTo(working!, sources)
      else {
        await state.drop()
        if (aside !== undefined) state.put(aside, working!)
        aside = undefined
      }
    } finally {
      if (aside !== undefined) await codecs.state.dispose?.(aside)
    }
  }

  /** Brings the state to step n: on from where it stands, or from a checkpoint that is nearer. */
  async #goTo(n: number, sources: readonly NeededCheckpoint[]): Promise<void> {
    const { state, checkpoints, codecs } = this.#work
    let nearest: NeededCheckpoint | undefined
    for (const source of sources)
      if (source.step <= n && source.step > (nearest?.step ?? -1)) nearest = source
    const stands = state.held && state.at <= n ? state.at : -1
    if (stands < (nearest?.step ?? 0)) {
      await state.drop()
      if (nearest === undefined) state.put(await independentCopy(codecs.state, this.#initialState), 0)
      else {
        const { storage, step } = nearest
        const { value, bytes } = await checkpoints.load({
          type: 'Copy',
          n: step,
          from: storage,
          to: 'FWD_RESTART',
        })
        state.put(value as State, step, bytes)
      }
    }
    await this.#stepper.advance(n)
  }

  async #makeAt({ step, states, tapes }: Stop): Promise<void> {
    const { state, checkpoints, codecs, taped, kept } = this.#work
    for (const storage of states)
      await checkpoints.put(storage, step, 'restart', await independentCopy(codecs.state, state.value))
    if (tapes.length === 0) return
    await this.#stepper.advance(step + 1, async (n, tape) => {
      for (const [i, place] of tapes.entries()) {
        const own = i === tapes.length - 1 ? tape : await independentCopy(codecs.tape, tape)
        if (place === 'ADJ_DEPS') taped.put(n, own)
        else if (place === 'WORKING_MEMORY') kept.put(n, own)
        else await checkpoints.put(place, n, 'dependency', own)
      }
    })
  }
}
