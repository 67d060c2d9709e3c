/** From a budget in bytes to a schedule: sizes are known from the arrays, times are measured where the choice depends on them. */
import { optionError, type Schedule, show } from '@checkpoint-schedules/core'
import type { Awaitable, Store } from '@checkpoint-schedules/model'
import { type Bytes, chooseSchedule, measureModel } from '@checkpoint-schedules/planner'
import type { Held } from './held.js'
import type { HeldAdjoint, StepModel } from './step-model.js'
import { TERMS_AT_ONCE } from './terms.js'

/** The bytes of arrays that a run may hold: in memory, or in memory and on disk. */
export type ArrayBudget = Bytes | { readonly RAM: Bytes; readonly DISK?: Bytes | undefined }

/** What a schedule is chosen for. */
export interface BudgetSettings<X, State, Params> {
  readonly budget: ArrayBudget
  readonly families: readonly unknown[] | Readonly<Record<string, unknown>> | undefined
  readonly steps: number | undefined
  readonly stores: Readonly<Record<string, Store>> | undefined
  readonly buffers: number | undefined
  readonly signal: AbortSignal | undefined
  /** Whether the choice must be the same in another process. */
  readonly mustRepeat: boolean
  readonly sizes: { readonly state: number; readonly params: number }
  readonly model: StepModel<X, State, Params>
  readonly initialState: Held<State>
  readonly terminalAdjoint: (final: Held<State>) => Awaitable<HeldAdjoint<X, State, Params>>
}

/** What was chosen: a schedule, and the `buffers` that it was chosen for. */
export interface Chosen {
  readonly schedule: Schedule
  readonly buffers: number
}

const example =
  "such as { budget: '64MB', families: [multistage], steps: 1000 }, with multistage of @checkpoint-schedules/multistage"

/** @throws `INVALID_OPTION`: something is missing, or nothing fits; the message says what would. */
export async function chooseWithin<X, State, Params>(
  settings: BudgetSettings<X, State, Params>,
): Promise<Chosen> {
  const { families, steps, stores = {}, signal, sizes, model, initialState, terminalAdjoint } = settings
  if (families === undefined)
    throw optionError(
      'valueAndGradient',
      `families is missing: a budget needs the schedules to choose from, ${example}.`,
    )
  if (steps === undefined)
    throw optionError(
      'valueAndGradient',
      `steps is missing: a budget needs the number of steps, ${example}. If isDone finds the end, pass a schedule for an unknown number ` +
        'of steps, such as online({ snapshots: 20 }) of @checkpoint-schedules/online.',
    )
  const budget = asRecord(settings.budget)
  const { RAM: _, ...slow } = stores
  const isMeasured = !settings.mustRepeat && (Object.values(families).length > 1 || budget.DISK !== undefined)
  const costs = isMeasured
    ? (await measureModel({ model, initialState, terminalAdjoint, stores: slow, steps, samples: 3, signal }))
        .costs
    : undefined
  return chooseSchedule({
    steps,
    budget,
    sizes: {
      state: sizes.state,
      tape: sizes.state,
      // Its terms are at most doubles.
      adjoint: sizes.state + sizes.params + 8 * TERMS_AT_ONCE,
    },
    ...(costs !== undefined && { costs }),
    ...(settings.buffers !== undefined && { overlap: settings.buffers }),
    families,
    signal,
  })
}

function asRecord(budget: ArrayBudget): { readonly RAM: Bytes; readonly DISK?: Bytes | undefined } {
  if (typeof budget === 'string' || typeof budget === 'number') return { RAM: budget }
  if (typeof budget === 'object' && budget !== null && budget.RAM !== undefined) return budget
  throw optionError(
    'valueAndGradient',
    `budget must be bytes, such as '64MB' or { RAM: '64MB', DISK: '2GB' }; got ${show(budget)}.`,
  )
}
