/** The directory of one run: taken exclusively, shared by the storages of the run, and left as it was found. */
import { open, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import process from 'node:process'
import { setTimeout } from 'node:timers/promises'
import { CheckpointScheduleError } from '@checkpoint-schedules/core'
import { type Asking, claim, inUse, ownerOf } from './claim.js'
import { Lease } from './lease.js'
import { makeDirectory, removeDirectories, signDirectories } from './make-directory.js'
import { createMarker, type Marker, ownMarker, readMarker, replaceMarker } from './marker.js'
import { isJournalName, isOwnName, LOG, MARKER } from './own-files.js'
import { storeFailed } from './file-medium.js'

const MOST_LOOKS = 10

export class RunDirectory {
  readonly path: string
  /** The previous run may still be active on another host. */
  readonly isShared: boolean
  readonly #marker: Marker
  #lease: Lease | undefined
  #storages = 0

  private constructor(path: string, marker: Marker, isShared: boolean) {
    this.path = path
    this.isShared = isShared
    this.#marker = marker
  }

  /**
   * Takes the directory for a run of this process. Files that a dead run left are removed, except its journal, which only another
   * journal may take over.
   *
   * @throws `STORE_FAILED`
   */
  static async take(path: string, asking: Asking): Promise<RunDirectory> {
    for (let attempt = 1; ; attempt++) {
      asking.signal?.throwIfAborted()
      try {
        return await RunDirectory.#takeNow(path, asking)
      } catch (error) {
        asking.signal?.throwIfAborted()
        // Another run took or left the directory between two of our checks: check again.
        if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || attempt === MOST_LOOKS)
          throw storeFailed(`the directory ${path} cannot be used`, error, { directory: path })
        await setTimeout(attempt)
      }
    }
  }

  static async #takeNow(path: string, asking: Asking): Promise<RunDirectory> {
    const { purpose, lease } = asking
    const made = await makeDirectory(path)
    const found = await claim(path, asking)
    const marker = ownMarker(Math.max(made, found.made), { lease })
    await createMarker(path, marker).catch((error: unknown) => refuseSecond(path, error))
    await signDirectories(path, made)
    const taken = new RunDirectory(path, marker, found.isShared)
    const isResumable = purpose === 'journal' && (await readdir(path)).includes(LOG)
    await removeOwn(path, (name) => isOwnName(name) && !(isResumable && isJournalName(name)))
    if (lease !== undefined) taken.#lease = await Lease.take(path, marker.owner!, lease)
    return taken
  }

  /** Identifies the owner of this directory uniquely. */
  get owner(): number {
    return this.#marker.owner!
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

  /** Whether no other run has taken the directory over. A marker that was removed is created again. */
  async isOwned(): Promise<boolean> {
    const found = await readMarker(this.path)
    if (found?.owner === this.owner) return true
    if (found !== undefined) return false
    try {
      await createMarker(this.path, this.#marker)
      return true
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
      throw error
    }
  }

  /** @throws `STORE_FAILED`: another run has taken the directory over. */
  async confirm(): Promise<void> {
    if (await this.isOwned()) return
    const { path } = this
    const marker = await readMarker(path)
    throw new CheckpointScheduleError(
      'STORE_FAILED',
      `storage-fs: the journal in ${path} was taken over by ${ownerOf(marker ?? undefined)}. ` +
        'This run ends, so that only one continues; the other run has found its last durable point.',
      { details: { directory: path, pid: marker?.pid, host: marker?.host, reason: 'TAKEN_OVER' } },
    )
  }

  /** Releases the directory: emptied and, if it was made for the run, removed; or kept and marked as such. */
  async release(keep: boolean): Promise<void> {
    try {
      await this.#lease?.end()
      const found = await readMarker(this.path)
      if (found !== undefined && found?.owner !== this.owner) return // it belongs to another run
      if (keep) return await replaceMarker(this.path, { ...this.#marker, kept: true })
      await removeOwn(this.path) // files of storages that failed
      await removeDirectories(this.path, this.#marker.made, () =>
        rm(join(this.path, MARKER), { force: true }),
      )
    } catch (error) {
      throw storeFailed(`the directory ${this.path} cannot be released`, error, { directory: this.path })
    }
  }
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
