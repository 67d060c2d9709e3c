/** A small run with a journal, whose checkpoints are of two sizes. */
import type { Schedule } from '@checkpoint-schedules/core'
import { runAdjoint, type RunEvent } from '@checkpoint-schedules/driver'
import type { Journal, Store } from '@checkpoint-schedules/model'

export const N = 14

const decayed = (u: Float64Array) => u.map((x) => x - 0.01 * x * x)

/** What a run may be given. */
export interface DecayOptions {
  readonly schedule: Schedule
  readonly journal?: Journal | undefined
  readonly stores?: Readonly<Record<string, Store>> | undefined
  readonly cells?: number
  readonly buffers?: number
  readonly fingerprint?: string
  readonly signal?: AbortSignal | undefined
  /** Called before each step of the adjoint. */
  readonly reversing?: (n: number) => void
}

/** Runs it; the bits of all results are a text. */
export async function decay(options: DecayOptions) {
  const {
    schedule,
    journal,
    stores,
    cells = 5,
    buffers = 2,
    fingerprint = 'decay',
    signal,
    reversing,
  } = options
  const events: RunEvent[] = []
  const { finalState, adjoints } = await runAdjoint({
    schedule,
    model: {
      step: decayed,
      tape: (u: Float64Array) => ({ state: decayed(u), tape: u }),
      adjoint: (a: Float64Array, u: Float64Array, n: number) => {
        reversing?.(n)
        return a.map((x, i) => x * (1 - 0.02 * u[i]!))
      },
      fingerprint,
    },
    initialState: new Float64Array(cells).map((_, i) => 1 + (i % 7)),
    terminalAdjoint: new Float64Array(cells).fill(1),
    steps: N,
    buffers,
    signal,
    onEvent: (event) => events.push(event),
    ...(journal && { journal }),
    ...(stores && { stores }),
  })
  return { bits: [...finalState, ...adjoints[0]!].join(), events }
}
