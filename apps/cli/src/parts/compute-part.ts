/** One part: computed under its journal and written, unless it is there. */
import { existsSync } from 'node:fs'
import { rm, rmdir } from 'node:fs/promises'
import { join } from 'node:path'
import { CheckpointScheduleError, isCheckpointScheduleError } from '@checkpoint-schedules/core'
import type { Progress, RunEvent } from '@checkpoint-schedules/driver'
import { cleanDirectory, fileJournal } from '@checkpoint-schedules/storage-fs'
import { withCheckpointStores } from '../run/checkpoint-stores.js'
import { gradientOf, withSchedule } from '../run/gradient-of.js'
import { forEachArray } from '../run/gradient.js'
import { heedingJournal } from '../run/heeding.js'
import type { ModelArguments } from '../run/model-arguments.js'
import { type Inputs, prepare } from '../run/prepare.js'
import { tell } from '../terminal/tell.js'
import { keptJournal } from './kept-journal.js'
import { openPart, writePart } from './part-files.js'
import { journalPath, partPath, type Sum } from './sum-directory.js'

/** What all parts of a process have in common. */
export interface PartWork {
  readonly args: ModelArguments
  readonly inputs: Inputs
  readonly sum: Sum
  /** Seconds between saves to the journal. */
  readonly everySeconds: number
  readonly takeOver: boolean
  readonly checkpointDir: string | undefined
}

/**
 * Makes sure that a part is done. Returns whether it had been before. A damaged one is computed again.
 *
 * @throws `INVALID_FILE`: there is a part of another sum in its place.
 * @throws `STORE_FAILED`: another process is computing it.
 */
export async function computePart(
  work: PartWork,
  part: number,
  signal: AbortSignal,
  onProgress: (progress: Progress) => void,
): Promise<'computed' | 'done before'> {
  const { args, inputs, sum, everySeconds, takeOver, checkpointDir } = work
  if (await isDone(sum, part)) return 'done before'
  const prepared = await prepare(args, { inputs, range: { first: part, count: 1 } })
  const directory = journalPath(sum, part)
  const ownDir = checkpointDir === undefined ? undefined : join(checkpointDir, `part-${part}`)
  const run = await withSchedule(args, prepared, { journal: directory, checkpointDir: ownDir }, signal)
  const files = fileJournal(directory, { everySeconds, takeOver, note: { program: PROGRAM } })
  const { journal, end } = keptJournal(heedingJournal(files, signal))
  let outcome: 'finished' | 'unfinished' = 'unfinished'
  try {
    const onEvent = ({ type, message }: RunEvent) => {
      if (type !== 'started-over') tell(`part ${part}: ${message}`)
    }
    const resources = { journal, signal, onProgress, onEvent }
    const { objective, gradient } =
      ownDir === undefined
        ? await gradientOf(run, { stores: {}, ...resources })
        : await withCheckpointStores(run.schedule, run.steps, ownDir, signal, ({ stores }) =>
            gradientOf(run, { stores, ...resources }),
          )
    checkFinite(part, objective, gradient)
    const { fingerprint: model } = run.instance.model
    await writePart(sum, { part, value: objective, gradient, model })
    outcome = 'finished'
  } finally {
    await end(outcome)
  }
  return 'computed'
}

const PROGRAM = 'checkpoint-schedules gradient'

/** Whether the part is there, in full. What is damaged is removed, and so is the journal of a process that died after writing. */
export async function isDone(sum: Sum, part: number): Promise<boolean> {
  const reader = await openPart(sum, part)
  if (reader === undefined) return false
  try {
    for await (const _ of reader.arrays());
  } catch (error) {
    if (!isCheckpointScheduleError(error) || error.code !== 'INVALID_FILE') throw error
    tell(`${partPath(sum, part)} is damaged; part ${part} is computed again.`)
    await rm(partPath(sum, part), { recursive: true })
    return false
  }
  await removeJournal(journalPath(sum, part))
  return true
}

/** Removes the journal of a part that is done; one in use stays, as its process is about to see that. */
async function removeJournal(directory: string): Promise<void> {
  if (!existsSync(directory)) return
  await cleanDirectory(directory).catch(() => undefined)
  await rmdir(directory).catch(() => undefined) // empty and without a marker: a kill came between the two
}

function checkFinite(part: number, value: number, gradient: unknown): void {
  const refuse = (what: string) => {
    throw new CheckpointScheduleError(
      'INVALID_VALUE',
      `part ${part}: ${what}, so it is not written; check the model, its options and its time step.`,
    )
  }
  if (!Number.isFinite(value)) refuse(`its objective is ${value}`)
  forEachArray(gradient, (numbers) => {
    const at = numbers.findIndex((number) => !Number.isFinite(number))
    if (at >= 0) refuse(`value ${at} of its gradient is ${numbers[at]}`)
  })
}
