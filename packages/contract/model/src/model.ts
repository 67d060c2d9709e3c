/** The model contract: what a time-stepping model must offer to be differentiated under a schedule. */
import type { Awaitable } from './awaitable.js'
import type { Codec } from './codec.js'

/**
 * A time-stepping model with its hand-written (or generated) adjoint. Step `n` carries the state from the start of
 * step n to the start of step n+1.
 *
 * Ownership: `step`, `tape` and `advance` own the state that they are given: they may overwrite and return it, or release it and
 * return another one; what the driver stores is a copy. If they throw, the driver releases it. The same holds for `adjoint` and
 * the adjoint that it is given. A tape belongs to the driver: nothing may be written to its memory, by a later step or by the one that
 * returned it, and `adjoint` and `tangent` must leave it as it is: it may be used again. Steps must be deterministic: the driver takes some of them more than once.
 *
 * Parameter gradients ride in the adjoint's type, parameter directions in the tangent's: both are the same type.
 */
export interface Model<State, Tape, Adjoint> {
  /** Step n. */
  step(state: State, n: number): Awaitable<State>
  /** Step n, and what its adjoint needs: the values at which the step was linearised. */
  tape(state: State, n: number): Awaitable<{ readonly state: State; readonly tape: Tape }>
  /** The adjoint of step n: from the adjoint at the start of step n+1 to the one at the start of step n. */
  adjoint(adjoint: Adjoint, tape: Tape, n: number): Awaitable<Adjoint>
  /** The steps n0 … n1-1 at once, bit-for-bit identical to one by one. The driver chooses how many, so that a call takes about 10 ms. */
  advance?(state: State, n0: number, n1: number): Awaitable<State>
  /** The tangent of step n, for `dotProductTest` and `secondOrder`. */
  tangent?(tangent: Adjoint, tape: Tape, n: number): Awaitable<Adjoint>
  /**
   * The derivative of `adjoint` in the direction (`tangent`, `second`), for `secondOrder`: what `adjoint` makes of `second`, plus how its
   * result for `adjoint` changes as the state and the parameters of step n move along `tangent`. Owns `second`; leaves the rest as it is.
   */
  curvature?(second: Adjoint, adjoint: Adjoint, tangent: Adjoint, tape: Tape, n: number): Awaitable<Adjoint>
  /**
   * Whether the forward ends at the start of step n, for runs whose number of steps is unknown: asked at n = 0, 1, 2, … until it holds.
   * Needs a schedule that is online; not asked if `steps` was passed.
   */
  isDone?(state: State, n: number): Awaitable<boolean>
  /** Sees the state at n = 0 … N, once each, in order, never during recomputation. Must not change it, nor keep it: a step may overwrite it. */
  observe?(state: State, n: number): Awaitable<void>
  /**
   * Sees the adjoint at n = N … 0, once each, in order, in each adjoint calculation; `k` counts them from 0. Must not change it. What is
   * summed outside the state or the adjoint is lost when a journaled run is resumed: keep running sums in them.
   */
  observeAdjoint?(adjoint: Adjoint, n: number, k: number): Awaitable<void>
  /** How states, tapes and adjoints are copied, measured, released and written; by default `treeCodec`. */
  readonly codecs?: {
    readonly state?: Codec<State>
    readonly tape?: Codec<Tape>
    readonly adjoint?: Codec<Adjoint>
  }
  /** Identifies the model and its parameters: a journal made with another one is refused. */
  readonly fingerprint?: string
}

/** What a forward alone needs of a model: `step`. Other members of a model are allowed. */
export type ForwardModel<State> = Pick<Model<State, any, any>, 'step'> & Partial<Model<State, any, any>>
