/** The steps left in a run, from its journal: the schedule is replayed up to the last durable point. */
import type { Action, Schedule } from '@checkpoint-schedules/core'
import type { JournalSummary } from '@checkpoint-schedules/storage-fs'
import { loadSchedules } from '../discovery/load.js'

/** The steps left. */
export interface StepsLeft {
  readonly forwardSteps: number
  readonly adjointSteps: number
  /** At most this many more forward steps are needed to recover what was in memory. */
  readonly recovery: number
}

// Journals are untrusted, and a run may be enormous: at most this many actions are counted.
const MOST_ACTIONS = 1_000_000
/** Beyond this many steps, planning takes too long for some schedules. */
const MOST_STEPS = 2 ** 22

/** @returns `undefined` if the schedule is not installed, the number of steps is not known yet, or there are too many actions to replay. */
export async function stepsLeft({ identity, last }: JournalSummary): Promise<StepsLeft | undefined> {
  const steps = last?.position.steps ?? identity.steps
  const { entries } = await loadSchedules()
  const factory = [...entries.values()].find(({ definition }) => definition.name === identity.schedule)
  if (steps === null || steps > MOST_STEPS || factory === undefined) return undefined
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
