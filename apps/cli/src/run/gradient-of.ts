/** A prepared run gets its schedule and is computed: what `run` and `gradient` share. */
import { tmpdir } from 'node:os'
import { dirname, resolve } from 'node:path'
import type { Schedule } from '@checkpoint-schedules/core'
import {
  type Journal,
  type Progress,
  runAdjoint,
  type RunEvent,
  type RunStatistics,
  type Store,
} from '@checkpoint-schedules/driver'
import { loadSchedules } from '../discovery/load.js'
import { tell } from '../terminal/tell.js'
import { showBytes } from '../terminal/units.js'
import { choose, chosenBefore } from './auto.js'
import { fileStoreIn, withDirectory } from './checkpoint-stores.js'
import type { MemoryBudget } from './memory-budget.js'
import type { ModelArguments } from './model-arguments.js'
import type { PreparedRun } from './prepare.js'

/** A run with its schedule. */
export interface ReadyRun extends PreparedRun {
  readonly schedule: Schedule
  readonly scheduleName: string
  readonly buffers: number | undefined
  /** The most bytes on disk, if the schedule was chosen for them. */
  readonly disk: MemoryBudget | undefined
}

/** Where a run keeps what. */
export interface RunDirectories {
  readonly journal: string | undefined
  readonly checkpointDir: string | undefined
}

/** The run with the schedule that was asked for, or with the one that `auto` chooses. */
export async function withSchedule(
  parsed: ModelArguments,
  prepared: PreparedRun,
  { journal, checkpointDir }: RunDirectories,
  signal: AbortSignal,
): Promise<ReadyRun> {
  const { schedule: wanted, instance, steps } = prepared
  if (!('ram' in wanted))
    return {
      ...prepared,
      schedule: wanted,
      scheduleName: parsed.schedule.name,
      buffers: undefined,
      disk: undefined,
    }
  const before =
    journal === undefined ? undefined : await chosenBefore(journal, (await loadSchedules()).entries)
  // The disk that the run will use.
  const parent = journal === undefined ? tmpdir() : dirname(resolve(journal))
  const chosen =
    before ??
    (await choose({
      budget: wanted,
      instance,
      steps: steps!,
      withStore: (work) =>
        withDirectory(checkpointDir, parent, async (directory) => work(await fileStoreIn(directory, signal))),
      signal,
    }))
  return {
    ...prepared,
    schedule: chosen.schedule,
    scheduleName: chosen.name,
    buffers: chosen.buffers,
    disk: wanted.disk,
  }
}

/** What a run works with. */
export interface RunResources {
  readonly stores: Readonly<Record<string, Store>>
  readonly journal: Journal | undefined
  readonly signal: AbortSignal
  readonly onProgress: (progress: Progress) => void
  readonly onEvent: (event: RunEvent) => void
}

/** A value, its gradient, and what they cost. */
export interface Gradient {
  readonly statistics: RunStatistics
  readonly objective: number
  readonly gradient: unknown
}

/** Computes the gradient. */
export async function gradientOf(
  { instance, schedule, steps, buffers, digests, memory, disk }: ReadyRun,
  { stores, journal, signal, onProgress, onEvent }: RunResources,
): Promise<Gradient> {
  const { initialState, terminalAdjoint } = instance
  const { finalState, adjoints, statistics } = await runAdjoint({
    schedule,
    model: withDigests(instance.model, digests),
    initialState,
    terminalAdjoint,
    steps,
    stores,
    buffers,
    journal,
    onEvent,
    signal,
    onProgress,
  })
  tellExcess(memory, statistics.peakLiveBytes)
  tellExcess(disk, statistics.storages['DISK']?.peakBytes ?? 0, 'on disk')
  const objective = await instance.objective(finalState)
  return { statistics, objective, gradient: await instance.gradient(adjoints[0]) }
}

// The memory of a run is predicted from its first step.
function tellExcess(memory: MemoryBudget | undefined, held: number, where = 'in memory'): void {
  if (memory === undefined || held <= memory.bytes) return
  const excess = `${held - memory.bytes} B (${showBytes(held - memory.bytes)})`
  tell(
    `the run held ${excess} more ${where} than ${memory.flag}: later states, tapes or adjoints are larger than the first, or the schedule keeps many tapes.`,
  )
}

/** The model, with digests in its fingerprint: to a journal it is a different one if its module or an input file has changed. */
function withDigests<T extends { readonly fingerprint?: string }>(model: T, digests: readonly string[]): T {
  if (digests.length === 0) return model
  const fingerprint = [...(model.fingerprint === undefined ? [] : [model.fingerprint]), ...digests].join(', ')
  return Object.create(model, { fingerprint: { value: fingerprint, enumerable: true } }) as T
}
