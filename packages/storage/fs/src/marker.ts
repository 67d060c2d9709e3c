/**
 * The marker of a run's directory: the lock, and the process that holds it.
 *
 * Within one space of process numbers (a host since its start, or a container), the start time distinguishes a process from a later one
 * with the same number. Linux provides all of this exactly; elsewhere the host's name stands for the space, and any live process with that
 * number counts as the holder. What happens in another space cannot be known from here.
 */
import { constants, type FileHandle, link, open, rename, rm } from 'node:fs/promises'
import { readFileSync, readlinkSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { MARKER, staleMarkerName } from './own-files.js'

const FORMAT = 'checkpoint-schedules run'
const MOST_BYTES = 4096
const MOST_LEVELS = 1000

/** The content of a marker. */
export interface Marker {
  readonly format: typeof FORMAT
  readonly version: 1
  /** Identifies the owner uniquely; `undefined` in markers of older versions. */
  readonly owner: number | undefined
  readonly pid: number
  readonly host: string
  /** The space of process numbers on that host; `null` if unknown. */
  readonly space: string | null
  /** When the process started, in its system's units; `null` if unknown. */
  readonly started: string | null
  /** When the run began, for people to read. */
  readonly since: string
  /** Whether the run has ended and kept its files. */
  readonly kept: boolean
  /** How many directories were made for the run, this one and its parents, so that cleaning removes them. */
  readonly made: number
  /** Seconds without a sign of life after which the owner is considered dead; `undefined` if it gives none. */
  readonly lease: number | undefined
}

/** A marker in the name of this process. */
export function ownMarker(made: number, over: Partial<Marker> = {}): Marker {
  const { pid } = process
  return {
    format: FORMAT,
    version: 1,
    owner: newOwner(),
    pid,
    host: hostname(),
    space: ownSpace(),
    started: startOf(pid) ?? null,
    since: new Date().toISOString(),
    kept: false,
    made,
    lease: undefined,
    ...over,
  }
}

/** A random number, unique to this owner. */
function newOwner(): number {
  const [high, low] = crypto.getRandomValues(new Uint32Array(2))
  return (high! % 2 ** 16) * 2 ** 32 + low!
}

/** Creates the marker, exclusively and atomically: a kill leaves it whole or not at all. @throws EEXIST if there is one. */
export async function createMarker(directory: string, marker: Marker): Promise<void> {
  const draft = await draftMarker(directory, marker)
  try {
    await link(draft, join(directory, MARKER))
  } catch (error) {
    // Some file systems do not support links.
    if (!['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS'].includes((error as NodeJS.ErrnoException).code ?? ''))
      throw error
    await writeMarker(join(directory, MARKER), marker)
  } finally {
    await rm(draft, { force: true })
  }
}

/** Replaces the existing marker atomically. */
export async function replaceMarker(directory: string, marker: Marker): Promise<void> {
  await rename(await draftMarker(directory, marker), join(directory, MARKER))
}

let drafts = 0

async function draftMarker(directory: string, marker: Marker): Promise<string> {
  const path = join(directory, `${staleMarkerName(marker.owner ?? 0)}.${drafts++}`)
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

/** The marker in a directory; `undefined` if there is none, `null` if the file is not one of our markers. */
export async function readMarker(directory: string, name = MARKER): Promise<Marker | null | undefined> {
  const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = constants // opening a pipe of this name would block
  let file: FileHandle
  try {
    file = await open(join(directory, name), O_RDONLY | O_NOFOLLOW | O_NONBLOCK)
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

/** What is known of the process that a marker names. */
export type Life = 'ended' | 'at work' | 'unknown'

/** Whether the process that a marker names is active. For another host or container that is unknown. */
export function lifeOf({ pid, host, space, started, kept }: Marker): Life {
  if (kept) return 'ended'
  if (host !== hostname() || space !== ownSpace()) return 'unknown'
  try {
    process.kill(pid, 0)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return 'ended'
  }
  const now = startOf(pid)
  return now !== undefined && (started === null || now === null || started === now) ? 'at work' : 'ended'
}

/** Whether the process that a marker names is, or may be, active. */
export function isLive(marker: Marker): boolean {
  return lifeOf(marker) !== 'ended'
}

function parseMarker(text: string): Marker | null {
  let value: (Omit<Partial<Marker>, 'made'> & { made?: unknown }) | null
  try {
    value = JSON.parse(text) as typeof value
  } catch {
    return null
  }
  if (typeof value !== 'object' || value?.format !== FORMAT || value.version !== 1) return null
  const { owner, pid, host, space = ownSpace(), started, since, kept, lease } = value
  const made = Number(value.made) // older versions recorded only whether it was made
  if (!Number.isSafeInteger(pid) || pid! <= 0 || pid! > 2 ** 31 || typeof host !== 'string') return null
  if ((typeof started !== 'string' && started !== null) || typeof since !== 'string') return null
  if (typeof kept !== 'boolean' || !(Number.isInteger(made) && made >= 0 && made < MOST_LEVELS)) return null
  if (typeof space !== 'string' && space !== null) return null
  if (owner !== undefined && !(Number.isSafeInteger(owner) && owner >= 0)) return null
  if (lease !== undefined && !(typeof lease === 'number' && lease > 0)) return null
  return { format: FORMAT, version: 1, owner, pid: pid!, host, space, started, since, kept, made, lease }
}

/**
 * When a process started: field 22 of /proc/PID/stat; the name before it, in parentheses, may contain anything. `null`: unknown.
 * `undefined`: it has ended and is a zombie until its parent notices (in a container without an init, that never happens).
 */
function startOf(pid: number): string | null | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return ['Z', 'X'].includes(fields[0]!) ? undefined : (fields[19] ?? null)
  } catch {
    return null
  }
}

let space: string | null | undefined

/** Identifies the processes that see each other's numbers: the system's boot, and the container. */
function ownSpace(): string | null {
  if (space !== undefined) return space
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim()
    space = `${boot} ${readlinkSync('/proc/self/ns/pid')}`
  } catch {
    space = null
  }
  return space
}
