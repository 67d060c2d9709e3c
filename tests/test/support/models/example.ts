/** A model with a start and an end, and how to look at what a run of it gives. */
import type { Awaitable, Model } from '@checkpoint-schedules/driver'

export interface Example<State, Tape, Adjoint> {
  readonly model: Model<State, Tape, Adjoint>
  readonly initialState: State
  /** Of calculation k. */
  readonly terminalAdjoint: (finalState: State, k: number) => Awaitable<Adjoint>
  /** How many steps it takes; a model with `isDone` finds out by itself. */
  readonly steps: number
  /** The plain data of a final state or an adjoint, where those are handles; it releases them. */
  readonly plain?: (result: State | Adjoint) => unknown
  /** Handles that are alive, beside that of the initial state. */
  readonly alive?: () => number
}

/** An example whose types nobody needs to know. */
export type AnyExample = Example<any, any, any>
