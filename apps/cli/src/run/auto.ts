/** `run --schedule auto`: measures the model and the disk, and takes the schedule that is predicted to be fastest within the bytes given. */
import type { AnyScheduleFactory, Schedule } from '@checkpoint-schedules/core'
import type { Store } from '@checkpoint-schedules/driver'
import { type Candidate, type Measurement, measureModel, planSchedule } from '@checkpoint-schedules/planner'
import { loadSchedules } from '../discovery/load.js'
import { tell } from '../terminal/tell.js'
import { showBytes, showCounted, showDuration } from '../terminal/units.js'
import { withPlanner } from '../terminal/with-planner.js'
import type { AutoBudget } from './auto-flags.js'
import { journalIn } from './journal-summary.js'
import { BUFFERS } from './memory-budget.js'
import type { Instance } from './prepare.js'

/** What was chosen. */
export interface AutoChoice {
  readonly name: string
  readonly schedule: Schedule
  readonly buffers: number
}

export interface AutoRequest {
  readonly budget: AutoBudget
  readonly instance: Instance
  readonly steps: number
  /** Runs work with a store for the disk. */
  readonly withStore: <T>(work: (store: Store) => Promise<T>) => Promise<T>
  readonly signal: AbortSignal
}

/** Measures, plans, and says in two lines which schedule and why. */
export async function choose({
  budget,
  instance,
  steps,
  withStore,
  signal,
}: AutoRequest): Promise<AutoChoice> {
  const { ram, disk } = budget
  const { model, initialState, terminalAdjoint } = instance
  const measure = (stores: Record<string, Store>) =>
    measureModel({ model: unobserved(model), initialState, terminalAdjoint, stores, steps, signal })
  const measured = disk === undefined ? await measure({}) : await withStore((DISK) => measure({ DISK }))
  const { entries } = await loadSchedules()
  const { candidates } = await withPlanner(
    planSchedule({
      steps,
      budget: { RAM: ram.bytes, DISK: disk?.bytes },
      sizes: measured.sizes,
      costs: measured.costs,
      families: Object.fromEntries(entries),
      signal,
    }),
  )
  const [best, next] = candidates
  tell(...inTwoLines(best!, next, measured))
  return { name: best!.family, schedule: best!.schedule, buffers: best!.buffers }
}

/** The schedule of a journal: a resumed run must not choose again. `undefined` if there is none yet. */
export async function chosenBefore(
  directory: string,
  schedules: ReadonlyMap<string, AnyScheduleFactory>,
): Promise<AutoChoice | undefined> {
  const found = await journalIn(directory).catch(() => undefined)
  if (found?.last === undefined) return undefined
  const { schedule: family, options } = found.identity
  for (const [name, factory] of schedules) {
    if (factory.definition.name !== family) continue
    tell(`auto: ${name}, as in the journal.`)
    return { name, schedule: factory(options), buffers: BUFFERS }
  }
  return undefined
}

function inTwoLines(best: Candidate, next: Candidate | undefined, { costs }: Measurement): [string, string] {
  const { checkpoints, wallTime, peakBytes, recomputeFactor } = best
  const places = [
    checkpoints.RAM > 0
      ? `${showCounted(checkpoints.RAM, 'checkpoint')} in memory`
      : 'no checkpoint in memory',
    ...(checkpoints.DISK > 0
      ? [`${showCounted(checkpoints.DISK, 'checkpoint')} on disk (${showBytes(peakBytes.DISK)})`]
      : []),
  ]
  const otherwise = next === undefined ? '' : `; next best: ${next.family}, ${showDuration(next.wallTime)}`
  const disk =
    Object.keys(costs.write).length > 0
      ? `, write ${short(costs.write['DISK']!)}, read ${short(costs.read['DISK']!)}`
      : ''
  // In short runs code is still being compiled, and the steps that were measured are not.
  const time = wallTime < 1000 ? 'a second or less' : showDuration(wallTime)
  return [
    `auto: ${best.family}, ${places.join(', ')}; ${showBytes(peakBytes.RAM)} of memory in all; about ${time}.`,
    `Why: each step is taken ${recomputeFactor.toFixed(2)} times on average; measured: step ${short(costs.forwardStep)}, with tape ${short(costs.tapedStep)}, adjoint ${short(costs.adjointStep)}${disk}${otherwise}.`,
  ]
}

/** `12 us`, `3.4 ms`, `1.2 s`. */
function short(milliseconds: number): string {
  if (milliseconds < 1) return `${Number((milliseconds * 1000).toPrecision(2))} us`
  return milliseconds < 999.5 ? `${Number(milliseconds.toPrecision(2))} ms` : showDuration(milliseconds)
}

// What watches the run must not see the steps that are measured.
function unobserved(model: Instance['model']): Instance['model'] {
  return Object.create(model, {
    observe: { value: undefined },
    observeAdjoint: { value: undefined },
  }) as Instance['model']
}
