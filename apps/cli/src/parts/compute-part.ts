/** One part: computed under its journal and written, unless it is there. */
import { existsSync } from 'node:fs'
import { rm, rmdir } from 'node:fs/promises'
import { isCheckpointScheduleError } from '@checkpoint-schedules/core'
import type { Progress } from '@checkpoint-schedules/driver'
import { cleanDirectory } from '@checkpoint-schedules/storage-fs'
import { tell } from '../terminal/tell.js'
import { gradientOfPart, type GradientWork } from './gradient-of-part.js'
import { openPart, writePart } from './part-files.js'
import { journalPath, partPath, type Sum } from './sum-directory.js'

/** What all parts of a process have in common. */
export interface PartWork extends GradientWork {
  readonly sum: Sum
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
  const { sum } = work
  if (await isDone(sum, part)) return 'done before'
  const { end, ...result } = await gradientOfPart(work, part, journalPath(sum, part), signal, onProgress)
  let outcome: 'finished' | 'unfinished' = 'unfinished'
  try {
    await writePart(sum, result)
    outcome = 'finished'
  } finally {
    await end(outcome)
  }
  return 'computed'
}

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
export async function removeJournal(directory: string): Promise<void> {
  if (!existsSync(directory)) return
  await cleanDirectory(directory).catch(() => undefined)
  await rmdir(directory).catch(() => undefined) // empty and without a marker: a kill came between the two
}
