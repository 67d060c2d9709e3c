/** From a budget in bytes to a schedule: sizes are known from the arrays, times are measured where the choice depends on them. */
import { optionError, type Schedule, show } from '@checkpoint-schedules/core'
import type { Awaitable, Model, Store } from '@checkpoint-schedules/model'
import { type Bytes, chooseSchedule, measureModel } from '@checkpoint-schedules/planner'
import { TERMS_AT_ONCE } from './terms.js'

/** The bytes of arrays that a run may hold: in memory, or in memory and on disk. */
export type ArrayBudget = Bytes | { readonly RAM: Bytes; readonly DISK?: Bytes | undefined }

/** What a schedule is chosen for. */
export interface BudgetSettings<Carried, Adjoint> {
  /** The function that was called, for messages. */
  readonly name: string
  readonly budget: ArrayBudget
  readonly families: readonly unknown[] | Readonly<Record<string, unknown>> | undefined
  readonly steps: number | undefined
  readonly stores: Readonly<Record<string, Store>> | undefined
  readonly buffers: number | undefined
  readonly signal: AbortSignal | undefined
  /** Whether the choice must be the same in another process. */
  readonly mustRepeat: boolean
  readonly sizes: ArraySizes
  readonly model: Model<Carried, Carried, Adjoint>
  readonly initialState: Carried
  readonly terminalAdjoint: (final: Carried) => Awaitable<Adjoint>
}

/** Bytes of arrays. */
export interface ArraySizes {
  /** What is carried from step to step, and stored. */
  readonly carried: number
  /** An adjoint, without terms. */
  readonly adjoint: number
  /** What is held all the time. */
  readonly always: number
}

/** What was chosen: a schedule, and the `buffers` that it was chosen for. */
export interface Chosen {
  readonly schedule: Schedule
  readonly buffers: number
}

const example =
  "such as { budget: '64MB', families: [multistage], steps: 1000 }, with multistage of @checkpoint-schedules/multistage"

/** @throws `INVALID_OPTION`: something is missing, or nothing fits; the message says what would. */
export async function chooseWithin<Carried, Adjoint>(
  settings: BudgetSettings<Carried, Adjoint>,
): Promise<Chosen> {
  const { name, families, steps, stores = {}, signal, sizes, model, initialState, terminalAdjoint } = settings
  if (families === undefined)
    throw optionError(name, `families is missing: a budget needs the schedules to choose from, ${example}.`)
  if (steps === undefined)
    throw optionError(
      name,
      `steps is missing: a budget needs the number of steps, ${example}. If isDone finds the end, pass a schedule for an unknown number ` +
        'of steps, such as online({ snapshots: 20 }) of @checkpoint-schedules/online.',
    )
  const budget = asRecord(name, settings.budget)
  const { RAM: _, ...slow } = stores
  if (budget.DISK !== undefined && slow['DISK'] === undefined && !settings.mustRepeat)
    throw optionError(
      name,
      'the budget has a DISK, and there is no store for it: pass stores: { DISK: fileStore({ directory }) } of @checkpoint-schedules/storage-fs, ' +
        'or a journal, or leave DISK out of the budget.',
    )
  const isMeasured = !settings.mustRepeat && (Object.values(families).length > 1 || budget.DISK !== undefined)
  const costs = isMeasured
    ? (await measureModel({ model, initialState, terminalAdjoint, stores: slow, steps, samples: 3, signal }))
        .costs
    : undefined
  return chooseSchedule({
    steps,
    budget,
    sizes: {
      state: sizes.carried,
      tape: sizes.carried,
      // Its terms are at most doubles.
      adjoint: sizes.adjoint + 8 * TERMS_AT_ONCE + sizes.always,
    },
    ...(costs !== undefined && { costs }),
    ...(settings.buffers !== undefined && { overlap: settings.buffers }),
    families,
    signal,
  })
}

function asRecord(
  name: string,
  budget: ArrayBudget,
): { readonly RAM: Bytes; readonly DISK?: Bytes | undefined } {
  if (typeof budget === 'string' || typeof budget === 'number') return { RAM: budget }
  if (typeof budget === 'object' && budget !== null && budget.RAM !== undefined) return budget
  throw optionError(
    name,
    `budget must be bytes, such as '64MB' or { RAM: '64MB', DISK: '2GB' }; got ${show(budget)}.`,
  )
}
