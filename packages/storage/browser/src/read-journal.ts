/** Reads and removes journals without running anything. */
import type { RunIdentity } from '@checkpoint-schedules/model'
import { alternatingLog, type LastPoint, lastPointOf, parseLog } from '@checkpoint-schedules/storage-slots'
import { inUse, type Kind, media, storeFailed } from './browser-medium.js'
import { type Database, openDatabase, rangeOf } from './indexed-db/database.js'
import { logIn } from './indexed-db/indexed-db-run.js'
import { HOME, journalName } from './names.js'
import { removeEntry } from './opfs/handles.js'
import { checkSecure } from './secure-context.js'
import { PATIENCE_MS, takeLock } from './web-lock.js'

/** A summary of a journal. */
export interface JournalSummary {
  readonly name: string
  /** Where it is. */
  readonly kind: Kind
  readonly identity: RunIdentity
  /** What the caller recorded there. It is untrusted, so check it. */
  readonly note: unknown
  /** The last durable point; `undefined` if there is none yet. */
  readonly last: LastPoint | undefined
}

/**
 * How far the run of a journal got, even while it is active; `undefined` if there is none that could be resumed. Nothing is changed.
 *
 * @throws `INVALID_OPTION`
 * @throws `INVALID_FILE`: the journal was written by another version.
 * @throws `STORE_FAILED`: it cannot be read.
 * @example
 * ```ts
 * import { readJournal } from '@checkpoint-schedules/storage-browser'
 *
 * const offerToResume = async () => {
 *   const found = await readJournal('my-run')
 *   return found?.last && `${found.last.position.reversed} steps reversed`
 * }
 * ```
 */
export async function readJournal(name: string): Promise<JournalSummary | undefined> {
  const run = journalName('readJournal', name)
  try {
    for (const kind of ['OPFS', 'IndexedDB'] as const) {
      const bytes = await logOf[kind](run)
      const log = bytes && parseLog(media[kind], bytes)
      if (log !== undefined && !log.isFinished) return { name, kind, ...log.head, last: lastPointOf(log) }
    }
  } catch (error) {
    throw storeFailed(`the journal ${name} cannot be read`, error, { name })
  }
  return undefined
}

/**
 * Removes a journal, so that its run starts over. Does nothing if there is none.
 *
 * @throws `INVALID_OPTION`
 * @throws `STORE_FAILED`: another tab or worker is running it.
 * @example
 * ```ts
 * import { removeJournal } from '@checkpoint-schedules/storage-browser'
 *
 * const startOver = () => removeJournal('my-run')
 * ```
 */
export async function removeJournal(name: string): Promise<void> {
  const run = journalName('removeJournal', name)
  try {
    checkSecure()
    const unlock = await takeLock(run, PATIENCE_MS)
    if (unlock === undefined) throw inUse(`the journal ${name}`, { name })
    try {
      const home = await homeFolder()
      if (home !== undefined) await removeEntry(home, run)
      if (await hasRecords(run)) await inDatabase((database) => database.remove([rangeOf(run)]))
    } finally {
      unlock()
    }
  } catch (error) {
    throw storeFailed(`the journal ${name} cannot be removed`, error, { name })
  }
}

/** Where there is anything of a journal of this name. */
export async function kindOfJournal(name: string): Promise<Kind | undefined> {
  const run = journalName('bestJournal', name)
  if ((await folderOf(run)) !== undefined) return 'OPFS'
  return (await hasRecords(run)) ? 'IndexedDB' : undefined
}

const logOf: Readonly<Record<Kind, (run: string) => Promise<Uint8Array | undefined>>> = {
  async OPFS(run) {
    const folder = await folderOf(run)
    if (folder === undefined) return undefined
    const refuse = () => Promise.reject(new Error('it is only read'))
    return alternatingLog({
      async read(name) {
        const file = await (await absent(folder.getFileHandle(name)))?.getFile()
        return file && new Uint8Array(await file.arrayBuffer())
      },
      write: refuse,
      empty: refuse,
    }).read()
  },
  IndexedDB: async (run) =>
    (await hasRecords(run)) ? inDatabase((database) => logIn(database, run).read()) : undefined,
}

/** The folder of a run, where there is one. */
async function folderOf(run: string): Promise<FileSystemDirectoryHandle | undefined> {
  const home = await homeFolder()
  return home && absent(home.getDirectoryHandle(run))
}

async function homeFolder(): Promise<FileSystemDirectoryHandle | undefined> {
  try {
    const root = await navigator.storage.getDirectory()
    return await absent(root.getDirectoryHandle(HOME))
  } catch {
    return undefined // without OPFS nothing is in it
  }
}

async function hasRecords(run: string): Promise<boolean> {
  try {
    return (await inDatabase((database) => database.names(run))).length > 0
  } catch {
    return false // without IndexedDB nothing is in it
  }
}

async function inDatabase<T>(work: (database: Database) => Promise<T>): Promise<T> {
  const database = await openDatabase()
  try {
    return await work(database)
  } finally {
    database.close()
  }
}

/** `undefined` instead of `NotFoundError`. */
async function absent<T>(found: Promise<T>): Promise<T | undefined> {
  return found.catch((error: Error) => {
    if (error.name === 'NotFoundError') return undefined
    throw error
  })
}
