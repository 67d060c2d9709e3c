/**
 * The lease of a journal's owner: a file with a count that the owner increases as long as it lives.
 *
 * ```
 * owner    1    2    3    4    5    killed
 * other                       watches …      the count is unchanged for a whole lease, by its own clock: expired
 * ```
 *
 * Hosts that share a file system need not agree on the time: clocks are never compared; a host only watches whether the file changes. An
 * owner that was too slow, or suspended, learns from the marker that it was replaced, before its next durable point.
 */
import { constants, open, readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { FileWorker } from './file-worker.js'
import { isLeaseName, LOG, leaseName, MARKER } from './own-files.js'

/** Renewals during one lease. */
const BEATS = 6
const MOST_BYTES = 4096

/** The lease of one owner. The thread that renews it starts with the first renewal, so short runs need none. */
export class Lease {
  readonly #path: string
  readonly #timer: ReturnType<typeof setTimeout>
  #thread: FileWorker | undefined

  private constructor(path: string, everyMs: number) {
    this.#path = path
    this.#timer = setTimeout(() => {
      this.#thread = new FileWorker()
      // If the lease cannot be renewed, it expires: another run may then replace this one, but cannot corrupt it.
      this.#thread.request({ do: 'beat', path, everyMs }).catch(() => undefined)
    }, everyMs)
    this.#timer.unref()
  }

  static async take(directory: string, owner: number, seconds: number): Promise<Lease> {
    const path = join(directory, leaseName(owner))
    const { O_CREAT, O_EXCL, O_WRONLY, O_NOFOLLOW } = constants
    await (await open(path, O_CREAT | O_EXCL | O_WRONLY | O_NOFOLLOW, 0o600)).close()
    return new Lease(path, (1000 * seconds) / BEATS)
  }

  async end(): Promise<void> {
    clearTimeout(this.#timer)
    await this.#thread?.terminate()
    await rm(this.#path, { force: true })
  }
}

/** Watches a directory for the duration of its owner's lease. Returns whether the owner showed a sign of life. */
export async function showsLife(
  directory: string,
  seconds: number,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  const before = await signsOfLife(directory)
  const beat = (1000 * seconds) / BEATS
  const started = performance.now()
  // One extra renewal: a file system may show a change late.
  while (performance.now() - started < beat * (BEATS + 1)) {
    await wait(beat, undefined, { signal }).catch((error: unknown) => {
      signal?.throwIfAborted()
      throw error
    })
    if ((await signsOfLife(directory)) !== before) return true
  }
  return false
}

/** Everything that an owner changes: its marker, its lease, and the length of the log. */
async function signsOfLife(directory: string): Promise<string> {
  const names = (await readdir(directory)).filter((name) => name === MARKER || isLeaseName(name)).toSorted()
  const signs = await Promise.all(names.map(async (name) => [name, await contentOf(join(directory, name))]))
  const log = await stat(join(directory, LOG)).catch(() => undefined)
  return JSON.stringify([signs, log?.size, log?.ino])
}

// Opened each time, because network file systems check for changes on opening.
async function contentOf(path: string): Promise<string | undefined> {
  try {
    const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
    try {
      const bytes = new Uint8Array(MOST_BYTES)
      const { bytesRead } = await file.read(bytes, 0, MOST_BYTES, 0)
      return new TextDecoder('latin1').decode(bytes.subarray(0, bytesRead))
    } finally {
      await file.close()
    }
  } catch {
    return undefined
  }
}
