/** Whether a directory may be taken, and from which run: one that a dead run left is free, one that a run may be using is not. */
import { link, lstat, readdir, rename, rm } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { CheckpointScheduleError } from '@checkpoint-schedules/core'
import type { JournalEvent } from '@checkpoint-schedules/model'
import { hasHead } from '@checkpoint-schedules/storage-slots'
import { filesIn } from './journal-files.js'
import { showsLife } from './lease.js'
import { isLive, lifeOf, type Marker, ownMarker, readMarker } from './marker.js'
import { isMarkerName, isOwnName, isStaleMarkerName, LOG, MARKER, staleMarkerName } from './own-files.js'

/** What a run needs a directory for: checkpoints that end with it, or a journal that outlives it. */
export type Purpose = 'store' | 'journal'

/** The request for a directory. */
export interface Asking {
  readonly purpose: Purpose
  /** For a journal: its owner's lease in seconds. */
  readonly lease?: number | undefined
  /** Take the journal even from an owner that may be active. */
  readonly takeOver?: boolean | undefined
  readonly signal?: AbortSignal | undefined
  readonly tell?: ((event: JournalEvent) => void) | undefined
}

/** What was found in a directory. */
export interface Claim {
  /** How many directories the previous run had made. */
  readonly made: number
  /** The previous run may still be active on another host: its files are only read, until it must have noticed. */
  readonly isShared: boolean
}

const LEASE_SECONDS = 30
/** The longest lease. */
export const MOST_LEASE_SECONDS = 86_400

/** Frees a directory that no run is using. @throws `STORE_FAILED` if it is in use, or not ours. */
export async function claim(path: string, asking: Asking): Promise<Claim> {
  if ((await lstat(path)).isSymbolicLink())
    throw refused(path, 'is a link; pass the directory that it points to')
  const marker = await readMarker(path)
  const names = await readdir(path)
  const hasJournal = names.includes(LOG)
  if (!marker) {
    if (asking.purpose === 'journal' && hasJournal && (await isOurJournal(path))) {
      // A process died while taking the journal over: the marker of the previous run has already been renamed.
      const before = marker === undefined ? await setAsideMarker(path, names) : undefined
      const isShared = before === undefined || lifeOf(before) === 'unknown'
      // Or the marker was removed or damaged: only watching shows whether its owner is active.
      if (isShared) await waitForOwner(path, before, asking)
      if (marker === null) await setAside(path, null)
      return { made: before?.made ?? 0, isShared }
    }
    if (marker === null)
      throw refused(
        path,
        `has a ${MARKER} that cannot be read: a run is just starting there, or was interrupted; pass another one`,
      )
    return { made: await unmarked(path, names), isShared: false }
  }
  const isAtWork = isLive(marker)
  if (hasJournal && asking.purpose === 'store' && !isAtWork) {
    throw refused(
      path,
      'holds the journal of a run that can be resumed; pass another one, or remove it with cleanDirectory',
    )
  }
  if (marker.kept && !(hasJournal && asking.purpose === 'journal')) {
    throw refused(
      path,
      'holds the checkpoints that a run was asked to keep; pass another one, or remove them with cleanDirectory',
    )
  }
  const isShared = lifeOf(marker) === 'unknown'
  if (isAtWork && !(isShared && hasJournal && asking.purpose === 'journal')) throw inUse(path, marker)
  if (isShared) await waitForOwner(path, marker, asking)
  await setAside(path, marker)
  return { made: marker.made, isShared }
}

/** Waits until the lease of an owner that may be active has expired. @throws `STORE_FAILED`: it is active. */
async function waitForOwner(path: string, marker: Marker | undefined, asking: Asking): Promise<void> {
  const { takeOver = false, signal, tell } = asking
  const who = marker === undefined ? 'A process' : `Process ${marker.pid} on ${show(marker.host)}`
  if (!takeOver) {
    if (marker !== undefined && marker.owner === undefined)
      throw inUse(path, marker, 'It was started by an older version, which gives no sign of life.')
    const seconds = Math.min(marker?.lease ?? LEASE_SECONDS, MOST_LEASE_SECONDS)
    tell?.({
      type: 'waiting',
      message: `${who} may be active in ${path}: it is watched for ${seconds} s and considered dead if it shows no sign of life. Pass takeOver if you know that it has ended.`,
    })
    if (await showsLife(path, seconds, signal)) throw inUse(path, (await readMarker(path)) ?? marker)
  }
  tell?.({
    type: 'taken-over',
    message: takeOver
      ? `The journal in ${path} is taken over. ${who} ends before its next durable point if it is active.`
      : `The journal in ${path} is taken over: ${who.toLowerCase()} has shown no sign of life.`,
  })
}

/**
 * Moves the marker aside. Two processes may find the same dead run: only one of them renames its marker, and one that has renamed a
 * newer marker puts it back.
 */
async function setAside(path: string, found: Marker | null): Promise<void> {
  const mine = ownMarker(0)
  const stale = staleMarkerName(mine.owner!)
  await rename(join(path, MARKER), join(path, stale))
  const renamed = await readMarker(path, stale)
  const isSame = JSON.stringify(renamed) === JSON.stringify(found)
  if (isSame) return
  await link(join(path, stale), join(path, MARKER)).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error // its owner noticed that it was missing and has created it again
  })
  await rm(join(path, stale), { force: true })
  throw inUse(path, renamed ?? undefined)
}

/** A directory without a marker: empty, or left by a run that was killed while taking it. Returns how many directories were made. */
async function unmarked(path: string, names: readonly string[]): Promise<number> {
  if (names.length === 0) return 0
  // A process died while taking over a dead run's directory: its marker has already been renamed.
  const stale = names.every(isOwnName) ? names.filter(isMarkerName) : []
  for (const name of stale) {
    const left = await readMarker(path, name)
    if (left) return left.made
  }
  // Or it died while writing its first marker, when nothing else existed yet.
  if (stale.length === names.length) return 0
  throw refused(path, 'holds files that are not ours; pass a directory that is empty or does not exist')
}

/** The marker of the previous run, if it has been set aside. */
async function setAsideMarker(path: string, names: readonly string[]): Promise<Marker | undefined> {
  for (const name of names) {
    const left = isStaleMarkerName(name) ? await readMarker(path, name) : undefined
    if (left) return left
  }
  return undefined
}

/** Whether there is a log with a head like ours: that is as good as a marker. */
async function isOurJournal(path: string): Promise<boolean> {
  if ((await lstat(join(path, MARKER)).catch(() => undefined))?.isSymbolicLink()) return false
  const bytes = await filesIn(path, async () => undefined)
    .log.read()
    .catch(() => undefined)
  return bytes !== undefined && hasHead(bytes)
}

/** The error for a directory that cannot be a run's. */
export function refused(path: string, why: string): CheckpointScheduleError {
  return new CheckpointScheduleError('STORE_FAILED', `storage-fs: the directory ${path} ${why}.`, {
    details: { directory: path },
  })
}

/** The error for a directory that a run holds. */
export function inUse(path: string, marker: Marker | undefined, why = ''): CheckpointScheduleError {
  const { pid, host } = marker ?? {}
  return new CheckpointScheduleError(
    'STORE_FAILED',
    `storage-fs: the directory ${path} is in use by ${ownerOf(marker)}. ${why}${why && ' '}` +
      'Pass a separate directory for each concurrent run (the storages of one run share one fileStore), or wait ' +
      'for that run to end; if its host is gone for good, delete the directory, or take over its journal with takeOver.',
    { details: { directory: path, pid, host } },
  )
}

/** The process that holds a directory, in words. */
export function ownerOf(marker: Marker | undefined): string {
  if (marker === undefined) return 'another process'
  const { pid, host, since } = marker
  const isOurs = pid === process.pid && host === hostname() && lifeOf(marker) === 'at work'
  return isOurs ? `a run of this process (${pid})` : `process ${pid} on ${show(host)}, since ${show(since)}`
}

/** Text of a marker, which is untrusted. */
function show(text: string): string {
  return text.slice(0, 100).replaceAll(/[^ -~]/g, '?')
}
