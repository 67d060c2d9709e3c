/** Reads a journal without changing it. */
import { readdir, stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { CheckpointScheduleError } from '@checkpoint-schedules/core'
import type { RunIdentity } from '@checkpoint-schedules/model'
import { type LastPoint, lastPointOf, parseLog } from '@checkpoint-schedules/storage-slots'
import { filesIn } from './journal-files.js'
import { isLive, readMarker } from './marker.js'
import { isOwnName, LOG } from './own-files.js'
import { fileMedium, storeFailed } from './file-medium.js'

/** A summary of a journal. */
export interface JournalSummary {
  readonly directory: string
  readonly identity: RunIdentity
  /** What the caller recorded there. It is untrusted, so check it. */
  readonly note: unknown
  /** The last durable point; `undefined` if there is none yet. */
  readonly last:
    | (LastPoint & {
        /** When it was made. */
        readonly time: Date
      })
    | undefined
  readonly isFinished: boolean
  /** The process that is, or may be, running it, if there is one. */
  readonly process: number | undefined
  /** Bytes of the directory's files. */
  readonly bytes: number
}

/**
 * Reads the journal of a run, finished or not, even while the run is active. Nothing is changed and no code is loaded.
 *
 * @throws `STORE_FAILED`: there is no such directory, or it cannot be read.
 * @throws `INVALID_FILE`: it holds no journal.
 * @example
 * ```ts
 * import { readJournal } from '@checkpoint-schedules/storage-fs'
 *
 * const summary = await readJournal('/tmp/my-run').catch(() => undefined) // undefined: nothing is there
 * ```
 */
export async function readJournal(directory: string): Promise<JournalSummary> {
  const path = resolve(directory)
  try {
    const names = await readdir(path)
    const bytes = await filesIn(path, async () => undefined).log.read()
    const log = bytes && parseLog(fileMedium, bytes)
    if (log === undefined) {
      throw new CheckpointScheduleError(
        'INVALID_FILE',
        `readJournal: ${path} holds no journal that can be read.`,
        {
          details: { directory: path },
        },
      )
    }
    const marker = await readMarker(path)
    const facts = await Promise.all(
      names.filter(isOwnName).map((name) => stat(join(path, name)).catch(() => undefined)),
    )
    const last = lastPointOf(log)
    return {
      directory: path,
      ...log.head,
      last: last && { ...last, time: (await stat(join(path, LOG))).mtime },
      isFinished: log.isFinished,
      process: marker && isLive(marker) ? marker.pid : undefined,
      bytes: facts.reduce((sum, fact) => sum + (fact?.size ?? 0), 0),
    }
  } catch (error) {
    throw storeFailed(`the journal in ${path} cannot be read`, error, { directory: path })
  }
}
