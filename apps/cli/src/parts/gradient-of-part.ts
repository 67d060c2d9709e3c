/** The gradient of one part, under a journal if there is a directory for it. */
import { join } from 'node:path'
import { CheckpointScheduleError } from '@checkpoint-schedules/core'
import type { Progress, RunEvent } from '@checkpoint-schedules/driver'
import { fileJournal } from '@checkpoint-schedules/storage-fs'
import { withCheckpointStores } from '../run/checkpoint-stores.js'
import { gradientOf, withSchedule } from '../run/gradient-of.js'
import { forEachArray } from '../run/gradient.js'
import { heedingJournal } from '../run/heeding.js'
import type { ModelArguments } from '../run/model-arguments.js'
import { type Inputs, prepare } from '../run/prepare.js'
import { tell } from '../terminal/tell.js'
import { type KeptJournal, keptJournal } from './kept-journal.js'
import type { PartResult } from './part-files.js'

/** What all parts of a process have in common. */
export interface GradientWork {
  readonly args: ModelArguments
  readonly inputs: Inputs
  /** Seconds between saves to the journal. */
  readonly everySeconds: number
  readonly takeOver: boolean
  readonly checkpointDir: string | undefined
}

/** A result that is not safe yet. */
export interface ComputedPart extends PartResult {
  /** Ends the journal once the result is safe, or cannot be made so. */
  readonly end: KeptJournal['end']
}

/**
 * Computes a part.
 *
 * @param journal - The directory of its journal.
 * @throws `STORE_FAILED`: another process is computing it.
 */
export async function gradientOfPart(
  work: GradientWork,
  part: number,
  journal: string | undefined,
  signal: AbortSignal,
  onProgress: (progress: Progress) => void,
): Promise<ComputedPart> {
  const { args, inputs, checkpointDir } = work
  const prepared = await prepare(args, { inputs, range: { first: part, count: 1 } })
  const ownDir = checkpointDir === undefined ? undefined : join(checkpointDir, `part-${part}`)
  const run = await withSchedule(args, prepared, { journal, checkpointDir: ownDir }, signal)
  const kept = journal === undefined ? undefined : journalIn(journal, work, signal)
  try {
    const onEvent = ({ type, message }: RunEvent) => {
      if (type !== 'started-over') tell(`part ${part}: ${message}`)
    }
    const resources = { journal: kept?.journal, signal, onProgress, onEvent }
    const isInJournal = kept !== undefined && ownDir === undefined
    const { objective: value, gradient } = isInJournal
      ? await gradientOf(run, { stores: {}, ...resources })
      : await withCheckpointStores(run.schedule, run.steps, ownDir, signal, ({ stores }) =>
          gradientOf(run, { stores, ...resources }),
        )
    checkFinite(part, value, gradient)
    const { fingerprint: model } = run.instance.model
    return { part, value, gradient, model, end: async (outcome) => kept?.end(outcome) }
  } catch (error) {
    await kept?.end('unfinished')
    throw error
  }
}

function journalIn(directory: string, work: GradientWork, signal: AbortSignal): KeptJournal {
  const { everySeconds, takeOver } = work
  const files = fileJournal(directory, { everySeconds, takeOver, note: { program: PROGRAM } })
  return keptJournal(heedingJournal(files, signal))
}

const PROGRAM = 'checkpoint-schedules gradient'

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
