/** The directory of one run: taken exclusively, shared by the storages of the run, left as it was found. */
import { link, lstat, mkdir, open, readdir, rename, rm, rmdir } from 'node:fs/promises'
import { hostname } from 'node:os'
import { dirname, join } from 'node:path'
import process from 'node:process'
import { setTimeout } from 'node:timers/promises'
import { CheckpointScheduleError } from '@checkpoint-schedules/core'
import { createMarker, isLive, type Marker, ownMarker, readMarker, replaceMarker } from './marker.js'
import { isMarkerName, isOwnName, LOG, MARKER, staleMarkerName } from './own-files.js'
import { storeFailed } from './store-errors.js'

/** What a run wants a directory for: checkpoints that end with it, or a journal that outlives it. */
export type Purpose = 'store' | 'journal'

const MOST_LOOKS = 10

export class RunDirectory {
  readonly path: string
  // The topmost directory that had to be made.
  readonly #made: string | undefined
  #storages = 0

  private constructor(path: string, made: string | undefined) {
    this.path = path
    this.#made = made
  }

  /**
   * Takes the directory for a run of this process. What a dead run left is removed, except for its journal, which only a journal may
   * find there.
   *
   * @throws `STORE_FAILED`
   */
  static async take(path: string, purpose: Purpose): Promise<RunDirectory> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await RunDirectory.#takeNow(path, purpose)
      } catch (error) {
        // Another run took the directory, or left it, between two of our looks: we look again.
        if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || attempt === MOST_LOOKS)
          throw storeFailed(`the directory ${path} cannot be used`, error, { directory: path })
        await setTimeout(attempt)
      }
    }
  }

  static async #takeNow(path: string, purpose: Purpose): Promise<RunDirectory> {
    const made = await mkdir(path, { recursive: true, mode: 0o700 })
    const takenOver = made === undefined ? await makeFree(path, purpose) : false
    await createMarker(path, ownMarker(made !== undefined || takenOver)).catch((error: unknown) =>
      refuseSecond(path, error),
    )
    if (purpose === 'journal' && (await readdir(path)).includes(LOG)) await removeOwn(path, isMarkerName)
    else await removeOwn(path)
    return new RunDirectory(path, made ?? (takenOver ? path : undefined))
  }

  /** A number for a storage of this run. */
  nextStorage(): number {
    return this.#storages++
  }

  /** Makes the names of new files durable. */
  async flush(): Promise<void> {
    if (process.platform === 'win32') return // directories cannot be opened there
    const directory = await open(this.path)
    try {
      await directory.sync()
    } finally {
      await directory.close()
    }
  }

  /** Gives the directory back: empty and, if it was made for the run, gone; or kept and marked so. */
  async release(keep: boolean): Promise<void> {
    try {
      if (keep) return await replaceMarker(this.path, ownMarker(this.#made !== undefined, true))
      await removeOwn(this.path) // what the storages left because they failed
      await rm(join(this.path, MARKER), { force: true })
      await this.#removeMade()
    } catch (error) {
      throw storeFailed(`the directory ${this.path} cannot be given back`, error, { directory: this.path })
    }
  }

  async #removeMade(): Promise<void> {
    if (this.#made === undefined) return
    for (let path = this.path; path.length >= this.#made.length; path = dirname(path)) {
      try {
        await rmdir(path)
      } catch (error) {
        // Someone put files of their own beside ours, or was faster: theirs to decide.
        if (['ENOTEMPTY', 'EEXIST', 'ENOENT'].includes((error as NodeJS.ErrnoException).code ?? '')) return
        throw error
      }
    }
  }
}

/** Refuses a directory that is in use or not ours. A dead run's is set free; says whether that run had made it. */
async function makeFree(path: string, purpose: Purpose): Promise<boolean> {
  if ((await lstat(path)).isSymbolicLink())
    throw refused(path, 'is a link; pass the directory that it points to')
  const marker = await readMarker(path)
  if (marker === null)
    throw refused(
      path,
      `has a ${MARKER} that cannot be read: a run is just starting there, or was cut off; pass another one`,
    )
  if (marker === undefined) {
    const names = await readdir(path)
    if (names.length === 0) return false
    // Somebody died while taking a dead run's directory over: its marker has another name already.
    const stale = names.every(isOwnName) ? names.filter(isMarkerName) : []
    for (const name of stale) {
      const left = await readMarker(path, name)
      if (left) return left.made
    }
    // Or while writing its first marker, and nothing else is there yet.
    if (stale.length === names.length) return false
    throw refused(path, 'holds files that are not ours; pass a directory that is empty or does not exist')
  }
  const hasJournal = (await readdir(path)).includes(LOG)
  if (hasJournal && purpose === 'store' && !isLive(marker)) {
    throw refused(
      path,
      'holds the journal of a run that can be resumed; pass another one, or remove it by cleanDirectory',
    )
  }
  if (marker.kept && !(hasJournal && purpose === 'journal')) {
    throw refused(
      path,
      'holds the checkpoints that a run was asked to keep; pass another one, or remove them by cleanDirectory',
    )
  }
  if (isLive(marker)) throw inUse(path, marker)
  // Two may find the same dead run. Renaming is done by one of them; who renamed a new marker instead puts it back.
  const stale = staleMarkerName(process.pid)
  await rename(join(path, MARKER), join(path, stale))
  const renamed = await readMarker(path, stale)
  if (renamed && isLive(renamed)) {
    await link(join(path, stale), join(path, MARKER))
    await rm(join(path, stale))
    throw inUse(path, renamed)
  }
  return marker.made
}

/** Our files except the marker. The directory must be ours. */
async function removeOwn(path: string, which = isOwnName): Promise<void> {
  for (const name of await readdir(path)) {
    if (which(name) && name !== MARKER) await rm(join(path, name), { force: true })
  }
}

async function refuseSecond(path: string, error: unknown): Promise<never> {
  if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  throw inUse(path, (await readMarker(path)) ?? undefined)
}

function refused(path: string, why: string): CheckpointScheduleError {
  return new CheckpointScheduleError('STORE_FAILED', `storage-fs: the directory ${path} ${why}.`, {
    details: { directory: path },
  })
}

/** The error for a directory that a run holds. */
export function inUse(path: string, marker: Marker | undefined): CheckpointScheduleError {
  const { pid, host } = marker ?? {}
  const isOurs = pid === process.pid && host === hostname()
  const who = isOurs
    ? `a run of this process (${pid})`
    : marker
      ? `process ${pid} on ${host}, since ${marker.since}`
      : 'another process'
  return new CheckpointScheduleError(
    'STORE_FAILED',
    `storage-fs: the directory ${path} is in use by ${who}. ` +
      'Pass a directory of its own for each run at a time (the storages of one run share one fileStore), or wait ' +
      'for that run to end; if its host is gone for good, delete the directory.',
    { details: { directory: path, pid, host } },
  )
}
