/** A real run: Burgers' equation under the chosen schedule, within a memory budget. Works in any page, and in Node alike. */
import type { OptionDescriptors, Schedule } from '@checkpoint-schedules/core'
import {
  memoryStore,
  type Progress,
  runAdjoint,
  type RunStatistics,
  type Store,
} from '@checkpoint-schedules/driver'
import { burgers1d } from '@checkpoint-schedules/models'

/** Grid points of the live model: a state has 8 bytes for each. */
export const POINTS = 127
export const STATE_BYTES = 8 * POINTS
/** Most steps of a live run. */
export const MOST_LIVE_STEPS = 20_000

/** What to run. */
export interface LiveSettings {
  readonly schedule: Schedule
  readonly steps: number
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: Progress) => void
  /** Called with each state and adjoint as it is computed; the run waits for its promise. */
  readonly onValue?: (what: 'solution' | 'adjoint', value: Float64Array, n: number) => void | Promise<void>
}

export interface LiveResult {
  readonly objective: number
  readonly gradient: Float64Array
  readonly finalState: Float64Array
  readonly statistics: RunStatistics
}

/**
 * The options with as many checkpoints in memory as fit in the budget, for schedules with such an option.
 *
 * @throws if no checkpoint fits in the budget
 */
export function withinBudget(
  descriptors: OptionDescriptors,
  options: Readonly<Record<string, unknown>>,
  ramBytes: number,
): Record<string, unknown> {
  const counts = Object.entries(descriptors).filter(
    ([, it]) => it.kind === 'integer' && it.unit === 'checkpoints',
  )
  const [name] = counts.find(([, it]) => it.short === 'ram') ?? counts[0] ?? []
  if (name === undefined) return { ...options }
  const slots = Math.floor(ramBytes / STATE_BYTES)
  if (slots === 0)
    throw new Error(`no checkpoint fits: a state has ${STATE_BYTES} bytes. Enter at least that much memory.`)
  return { ...options, [name]: slots }
}

/** Runs it; the gradient is that of the final energy with respect to the initial condition. */
export async function runBurgers({
  schedule,
  steps,
  signal,
  onProgress,
  onValue,
}: LiveSettings): Promise<LiveResult> {
  const problem = burgers1d({ points: POINTS, steps })
  const { model, initialState, terminalAdjoint } = problem
  const stores: Record<string, Store> = Object.fromEntries(
    Object.keys(schedule.limits(steps)).map((storage) => [storage, memoryStore()]),
  )
  const shown =
    onValue === undefined
      ? model
      : {
          ...model,
          step: async (u: Float64Array, n: number) => {
            await onValue('solution', u, n)
            return model.step(u, n)
          },
          tape: async (u: Float64Array, n: number) => {
            await onValue('solution', u, n)
            return model.tape(u, n)
          },
          adjoint: async (adjoint: Float64Array, tape: Float64Array, n: number) => {
            const before = await model.adjoint(adjoint, tape, n)
            await onValue('adjoint', before, n)
            return before
          },
        }
  const { finalState, adjoints, statistics } = await runAdjoint({
    schedule,
    model: shown,
    initialState,
    terminalAdjoint,
    steps,
    stores,
    signal,
    onProgress,
  })
  const objective = await problem.objective(finalState)
  return { objective, gradient: await problem.gradient(adjoints[0]!), finalState, statistics }
}
