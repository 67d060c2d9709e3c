/** What it would take to finish a run, from its journal: the schedule is replayed up to the last durable point. */
import type { Action, Schedule } from '@checkpoint-schedules/core'
import type { JournalSummary } from '@checkpoint-schedules/storage-fs'
import { loadSchedules } from '../discovery/load.js'

/** Steps that are still to be taken. */
export interface StepsLeft {
  readonly forwardSteps: number
  readonly adjointSteps: number
  /** The most forward steps that making what was in memory can take. */
  readonly recovery: number
}

// Journals come from anywhere, and theirs may be a run of years: this many actions are counted at once.
const MOST_ACTIONS = 1_000_000

/** @returns `undefined` where the schedule is not installed, the number of steps is not known yet, or too much would be replayed. */
export async function stepsLeft({ identity, last }: JournalSummary): Promise<StepsLeft | undefined> {
  const steps = last?.position.steps ?? identity.steps
  const { entries } = await loadSchedules()
  const factory = [...entries.values()].find(({ definition }) => definition.name === identity.schedule)
  if (steps === null || factory === undefined) return undefined
  const schedule: Schedule = factory(identity.options)
  const position = last?.position ?? { actions: 0, at: null }
  const left = { forwardSteps: 0, adjointSteps: 0 }
  let index = 0
  for (const action of schedule.start({ steps, adjoints: identity.adjoints })) {
    if (index >= position.actions) add(left, action, steps, index === position.actions ? position.at : null)
    index += 1
    if (index > MOST_ACTIONS) return undefined
  }
  return { ...left, recovery: position.actions === 0 && position.at === null ? 0 : steps }
}

function add(
  left: { forwardSteps: number; adjointSteps: number },
  action: Action,
  steps: number,
  at: number | null,
): void {
  if (action.type === 'Forward') left.forwardSteps += Math.min(action.n1, steps) - (at ?? action.n0)
  else if (action.type === 'Reverse') left.adjointSteps += (at ?? action.n1) - action.n0
}
