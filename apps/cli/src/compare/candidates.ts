/** Every schedule within a budget and what it takes, simulated action by action. */
import {
  type Action,
  type AnyScheduleFactory,
  type Budget,
  isCheckpointScheduleError,
  type Schedule,
} from '@checkpoint-schedules/core'
import { simulate } from '@checkpoint-schedules/simulator'

/** What a schedule takes: counts, and times in the unit of the costs. */
export interface Candidate {
  readonly name: string
  readonly options: object
  readonly forwardSteps: number
  readonly recomputeFactor: number
  /** Most held at once: checkpoints in memory and on disk, and tapes in working memory. */
  readonly ram: number
  readonly disk: number
  readonly tapes: number
  readonly writes: number
  readonly reads: number
  /** The sum over all steps and transfers. */
  readonly time: number
}

/** A schedule that is left out, and why. */
export interface Rejected {
  readonly name: string
  readonly why: string
}

/** Sorted by time, then by memory. */
export function candidatesFor(
  factories: Iterable<readonly [string, AnyScheduleFactory]>,
  budget: Budget,
): { candidates: Candidate[]; rejected: Rejected[] } {
  const candidates: Candidate[] = []
  const rejected: Rejected[] = []
  for (const [name, factory] of factories) {
    const { definition } = factory
    if (definition.adjoints === 0) continue
    const sets = definition.optionsWithin?.(budget) ?? 'does not declare how it uses a budget (optionsWithin)'
    if (typeof sets === 'string') {
      rejected.push({ name, why: sets })
      continue
    }
    for (const options of sets) {
      try {
        const schedule = factory(options)
        const excess = excessOf(schedule, budget)
        if (excess === undefined) candidates.push(measured(name, options, schedule, budget))
        else rejected.push({ name, why: excess })
      } catch (error) {
        if (!isCheckpointScheduleError(error)) throw error
        rejected.push({ name, why: error.message })
      }
    }
  }
  return {
    candidates: candidates.toSorted((a, b) => a.time - b.time || a.ram - b.ram || a.disk - b.disk),
    rejected,
  }
}

function excessOf(schedule: Schedule, { steps, ram, disk }: Budget): string | undefined {
  const budget: Readonly<Record<string, number>> = { RAM: ram, DISK: disk }
  for (const [storage, limit] of Object.entries(schedule.limits(steps))) {
    const most = limit ?? steps
    if (most > (budget[storage] ?? 0)) return `keeps up to ${most} checkpoints in ${storage}`
  }
  return undefined
}

function measured(name: string, options: object, schedule: Schedule, { steps, costs }: Budget): Candidate {
  let tapes = 0
  function* watched(actions: Iterable<Action>) {
    for (const action of actions) {
      if (action.type === 'Forward' && action.writeAdjDeps && action.storage === 'WORKING_MEMORY')
        tapes += Math.min(action.n1, steps) - action.n0
      yield action
    }
  }
  const { forwardSteps, recomputeFactor, peak, writes, reads, makespan } = simulate(
    watched(schedule.start({ steps })),
    { steps, costs, manifest: schedule.manifest },
  )
  const others = (counts: Readonly<Record<string, number>>) =>
    Object.entries(counts).reduce((sum, [storage, count]) => (storage === 'RAM' ? sum : sum + count), 0)
  const sum = (counts: Readonly<Record<string, number>>) => others(counts) + (counts['RAM'] ?? 0)
  const held = { ram: peak['RAM'] ?? 0, disk: others(peak), tapes }
  return {
    name,
    options,
    forwardSteps,
    recomputeFactor,
    ...held,
    writes: sum(writes),
    reads: sum(reads),
    time: makespan,
  }
}
