/**
 * The marker of a run's directory: the lock, and who holds it.
 *
 * A process is told from a later one of the same number by when it started. Linux says that exactly; elsewhere a living process of
 * that number counts as the holder.
 */
import { constants, type FileHandle, link, open, rename, rm } from 'node:fs/promises'
import { readFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { MARKER, staleMarkerName } from './own-files.js'

const FORMAT = 'checkpoint-schedules run'
const MOST_BYTES = 4096

/** What a marker says. */
export interface Marker {
  readonly format: typeof FORMAT
  readonly version: 1
  readonly pid: number
  readonly host: string
  /** When the process started, as its system counts; `null` where that is not known. */
  readonly started: string | null
  /** When the run began, for people. */
  readonly since: string
  /** The run has ended and its files were to be kept. */
  readonly kept: boolean
  /** The run made the directory, so that cleaning removes it. */
  readonly made: boolean
}

/** A marker in the name of this process. */
export function ownMarker(made: boolean, kept = false): Marker {
  const { pid } = process
  const since = new Date().toISOString()
  return { format: FORMAT, version: 1, pid, host: hostname(), started: startOf(pid), since, kept, made }
}

/** Makes the marker, exclusively and all at once: a kill leaves it whole or not at all. @throws EEXIST where there is one. */
export async function createMarker(directory: string, marker: Marker): Promise<void> {
  const draft = await draftMarker(directory, marker)
  try {
    await link(draft, join(directory, MARKER))
  } catch (error) {
    // Some file systems know no links.
    if (!['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS'].includes((error as NodeJS.ErrnoException).code ?? ''))
      throw error
    await writeMarker(join(directory, MARKER), marker)
  } finally {
    await rm(draft, { force: true })
  }
}

/** Puts another marker in the place of the one that is there, all at once. */
export async function replaceMarker(directory: string, marker: Marker): Promise<void> {
  await rename(await draftMarker(directory, marker), join(directory, MARKER))
}

let drafts = 0

async function draftMarker(directory: string, marker: Marker): Promise<string> {
  const path = join(directory, `${staleMarkerName(process.pid)}.${drafts++}`)
  await writeMarker(path, marker)
  return path
}

async function writeMarker(path: string, marker: Marker): Promise<void> {
  const { O_CREAT, O_EXCL, O_WRONLY, O_NOFOLLOW } = constants
  const file = await open(path, O_CREAT | O_EXCL | O_WRONLY | O_NOFOLLOW, 0o600)
  try {
    await file.writeFile(`${JSON.stringify(marker)}\n`)
  } finally {
    await file.close()
  }
}

/** The marker in a directory; `undefined` where there is none, `null` where the file is no marker of ours. */
export async function readMarker(directory: string, name = MARKER): Promise<Marker | null | undefined> {
  const { O_RDONLY, O_NOFOLLOW } = constants
  let file: FileHandle
  try {
    file = await open(join(directory, name), O_RDONLY | O_NOFOLLOW)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT') return undefined
    if (code === 'ELOOP') return null
    throw error
  }
  try {
    const facts = await file.stat()
    return facts.isFile() && facts.size <= MOST_BYTES ? parseMarker(await file.readFile('utf8')) : null
  } finally {
    await file.close()
  }
}

/** Whether the process that a marker names is at work; a process on another host may be, for all we know. */
export function isLive({ pid, host, started, kept }: Marker): boolean {
  if (kept) return false
  if (host !== hostname()) return true
  try {
    process.kill(pid, 0)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false
  }
  const now = startOf(pid)
  return started === null || now === null || started === now
}

function parseMarker(text: string): Marker | null {
  let value: Partial<Marker> | null
  try {
    value = JSON.parse(text) as Partial<Marker> | null
  } catch {
    return null
  }
  if (typeof value !== 'object' || value?.format !== FORMAT || value.version !== 1) return null
  const { pid, host, started, since, kept, made } = value
  if (!Number.isSafeInteger(pid) || pid! <= 0 || pid! > 2 ** 31 || typeof host !== 'string') return null
  if ((typeof started !== 'string' && started !== null) || typeof since !== 'string') return null
  if (typeof kept !== 'boolean' || typeof made !== 'boolean') return null
  return { format: FORMAT, version: 1, pid: pid!, host, started, since, kept, made }
}

// Field 22 of /proc/PID/stat; the name before it, in parentheses, may hold anything.
function startOf(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null
  } catch {
    return null
  }
}
