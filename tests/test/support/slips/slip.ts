/** A model that breaks a rule of ownership, or comes close to it. */
import type { Model, RunAdjointOptions } from '@checkpoint-schedules/driver'

/** What the run must give: the numbers of the model without the slip, in full or in part an error. */
export type Outcome = 'right' | 'error' | 'right or error'

export interface Slip {
  /** The row of the table in the documentation. */
  readonly value: string
  /** What is done. */
  readonly what: string
  /** What is asked for under every schedule and store. An error must be seen under at least one. */
  readonly outcome: Outcome
  /** A fresh model, as it remembers things. */
  readonly make: () => SlipRun
}

/** The parts of a run; what is missing is that of the model without a slip. */
export interface SlipRun extends Partial<
  Pick<RunAdjointOptions<any, any, any>, 'initialState' | 'terminalAdjoint' | 'stores'>
> {
  readonly model?: Partial<Model<any, any, any>>
  /** The same without the slip; by default that of this file. */
  readonly reference?: Model<any, any, any>
  readonly adjoints?: number
  /** Called when the run has been started. */
  readonly meanwhile?: () => void
  /** Every storage has this store. */
  readonly store?: () => import('@checkpoint-schedules/driver').Store
  /** The numbers of a state or adjoint. */
  readonly numbers?: (value: any) => number[]
}

export const SIZE = 16
export const STEPS = 20

/** u' = u + u²/10 at each of the points. */
export function stepInPlace(u: Float64Array): Float64Array {
  for (let i = 0; i < u.length; i++) u[i]! += (u[i]! * u[i]!) / 10
  return u
}

export const stepped = (u: Float64Array) => stepInPlace(u.slice())

export const model: Model<Float64Array, Float64Array, Float64Array> = {
  step: stepInPlace,
  tape(u) {
    const tape = u.slice()
    return { state: stepInPlace(u), tape }
  },
  adjoint(a, u) {
    for (let i = 0; i < a.length; i++) a[i]! *= 1 + u[i]! / 5
    return a
  },
}

export const start = () => Float64Array.from({ length: SIZE }, (_, i) => 0.1 + i / 100)
export const seed = () => Float64Array.from({ length: SIZE }, (_, i) => 1 + i / 10)
