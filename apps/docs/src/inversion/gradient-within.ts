/** One gradient within a budget in bytes: the planner chooses the schedule, and a journal keeps the run. */
import type { Schedule } from '@checkpoint-schedules/core'
import { type Progress, runAdjoint, type RunStatistics } from '@checkpoint-schedules/driver'
import { heterogeneous } from '@checkpoint-schedules/heterogeneous'
import { multistage } from '@checkpoint-schedules/multistage'
import { chooseSchedule } from '@checkpoint-schedules/planner'
import { hRevolve } from '@checkpoint-schedules/revolve'
import { bestJournal, readJournal, removeJournal } from '@checkpoint-schedules/storage-browser'
import type { WaveProblem } from './problem.js'

const families = { multistage, hRevolve, heterogeneous } as const

/** Steps and transfers, as the planner counts them. Not measured, so that a budget means the same schedule on every device. */
const costs = { forwardStep: 1, adjointStep: 2, write: { DISK: 2 }, read: { DISK: 2 } }

/** Bytes for everything in memory that a gradient holds, and for checkpoints in the browser's private files. */
export interface Budget {
  readonly memory: number
  readonly disk: number
}

/** The schedule of a gradient: enough to make it again, and what was predicted. */
export interface Chosen {
  readonly family: keyof typeof families
  readonly options: object
  readonly budget: Budget
}

export interface GradientTask {
  readonly problem: WaveProblem
  readonly budget: Budget
  /** Bytes. */
  readonly sizes: { readonly state: number; readonly tape: number; readonly adjoint: number }
  /** The journal's name; `undefined` where the browser keeps nothing. */
  readonly journal: string | undefined
  readonly signal: AbortSignal
  readonly onChosen: (chosen: Chosen, resumedAt: number | undefined) => void
  readonly onProgress: (progress: Progress) => void
}

export interface Gradient {
  readonly value: number
  readonly byVelocity: Float64Array
  readonly chosen: Chosen
  readonly statistics: RunStatistics
}

/** Resumes the journal's run under its own schedule, if there is one; else plans within the budget. */
export async function gradientWithin(task: GradientTask): Promise<Gradient> {
  const begun = task.journal === undefined ? undefined : await readJournal(task.journal)
  if (begun?.last !== undefined && begun.identity.model === task.problem.model.fingerprint) {
    const chosen = begun.note as Chosen
    const schedule = remade(chosen)
    if (schedule !== undefined) return run(task, schedule, chosen, begun.last.position.reversed)
  }
  // Of another point of the search, or of an earlier version of this page.
  if (begun !== undefined) await removeJournal(task.journal!)
  const { memory: RAM, disk: DISK } = task.budget
  const { schedule, family, options } = await chooseSchedule({
    steps: task.problem.steps!,
    budget: DISK === 0 ? { RAM } : { RAM, DISK },
    sizes: task.sizes,
    costs,
    families,
  })
  return run(task, schedule, { family: family as Chosen['family'], options, budget: task.budget }, undefined)
}

/** `undefined` if this page does not make such schedules. What a browser kept is checked like any other input. */
function remade(chosen: unknown): Schedule | undefined {
  const { family, options } = (chosen ?? {}) as Partial<Record<keyof Chosen, unknown>>
  if (typeof family !== 'string' || !Object.hasOwn(families, family)) return undefined
  const make = families[family as Chosen['family']] as (options: unknown) => Schedule
  try {
    return make(options)
  } catch {
    return undefined
  }
}

async function run(
  { problem, journal, signal, onChosen, onProgress }: GradientTask,
  schedule: Schedule,
  chosen: Chosen,
  resumedAt: number | undefined,
): Promise<Gradient> {
  onChosen(chosen, resumedAt)
  const { model, initialState, terminalAdjoint } = problem
  const steps = problem.steps!
  const { finalState, adjoints, statistics } = await runAdjoint({
    schedule,
    model,
    initialState,
    terminalAdjoint,
    signal,
    onProgress,
    journal:
      journal === undefined
        ? undefined
        : await bestJournal(journal, { everySeconds: 1, everySteps: Math.ceil(steps / 2), note: chosen }),
  })
  const [value, byVelocity] = [problem.objective(finalState), problem.gradient(adjoints[0]!)]
  return { value: await value, byVelocity: await byVelocity, chosen, statistics }
}
