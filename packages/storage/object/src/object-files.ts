/**
 * Files over objects. An object is written once, under a key that nothing had before, and never changed: so it does not matter when a
 * request that seemed lost has its effect. A file is a name for one or more of them.
 *
 * ```
 * storage-0-3.overflow ──> objects 17 18 19        pieces of at most `pieceBytes`; their keys end with their numbers
 * value-4.bin          ──> object 20
 * ```
 */
import { aFewAtATime, cut, paste } from './pieces.js'
import type { RetryingClient } from './retrying.js'

/** How many pieces of a file are under way at once. */
const WIDTH = 4
/** How many files are deleted at once. */
const LANES = 8

/** The objects of a file. */
export interface FileObjects {
  /** The writer, which the keys begin with. */
  readonly writer: string
  /** The number of the first one. */
  readonly first: number
  readonly bytes: number
  readonly pieceBytes: number
}

/** What a file was when its record was made durable: see `JournalObjects`. */
export interface Held extends FileObjects {
  /** The last generation of the index that names it; 0 for that of an earlier writer, -1: none. */
  named: number
}

export interface ObjectFilesSettings {
  readonly client: RetryingClient
  readonly prefix: string
  /** Begins the keys of what is written. Nobody has had it before. */
  readonly writer: string
  readonly partBytes: number
  /** Ends requests at once. */
  readonly signal?: AbortSignal | undefined
  /** Called before numbers below `bound` are used for the first time. */
  readonly reserve?: (bound: number) => Promise<void>
}

/** A random name for a writer. */
export function newWriter(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

export const isWriter = (value: unknown): value is string =>
  typeof value === 'string' && /^[0-9a-f]{32}$/.test(value)

export function countOf({ bytes, pieceBytes }: Omit<FileObjects, 'writer' | 'first'>): number {
  return Math.max(1, Math.ceil(bytes / pieceBytes)) // an empty file has an object, too
}

export class ObjectFiles {
  readonly #settings: ObjectFilesSettings
  readonly files = new Map<string, Held>()
  /** Objects of no file, which are not known to be gone. */
  readonly garbage = new Set<Held>()
  #next = 0
  // Deletions: each waits for those before it in its lane.
  readonly #lanes: Promise<void>[] = []
  #turn = 0
  readonly #doomed = new Set<Held>()
  #failure: unknown

  constructor(settings: ObjectFilesSettings) {
    this.#settings = settings
  }

  /** The number of the next object. */
  get next(): number {
    return this.#next
  }

  /** Writes a file, in place of one that has the name already. The buffers must stay as they are until it has settled. */
  async write(name: string, buffers: readonly Uint8Array[]): Promise<void> {
    const { client, writer, partBytes: pieceBytes, reserve, signal } = this.#settings
    const bytes = buffers.reduce((sum, { length }) => sum + length, 0)
    const count = countOf({ bytes, pieceBytes })
    const first = this.#next
    this.#next += count
    const objects: Held = { writer, first, bytes, pieceBytes, named: -1 }
    // Known from now on, so that an index has it even if the write is not over.
    const before = this.files.get(name)
    this.files.set(name, objects)
    if (before !== undefined) this.discard(before)
    const pieces = bytes === 0 ? [new Uint8Array(0)].values() : cut(buffers, pieceBytes)
    try {
      await reserve?.(this.#next)
      await aFewAtATime(count, WIDTH, async (i) =>
        client.put(this.#keyOf(objects, i), pieces.next().value, signal),
      )
    } catch (error) {
      if (this.files.get(name) === objects) this.remove([name])
      throw error
    }
  }

  /** The objects of a file of this length. @throws an error with the code `TRUNCATED`: it is missing, or has another length. */
  check(name: string, length: number): FileObjects {
    const objects = this.files.get(name)
    if (objects === undefined) throw truncated('it is not there')
    if (objects.bytes !== length) throw truncated(`it has ${objects.bytes} bytes, not ${length}`)
    return objects
  }

  /** Reads a file of exactly this length into the buffers. @throws an error with the code `TRUNCATED`: it is missing, or has another length. */
  async read(name: string, buffers: readonly Uint8Array[]): Promise<void> {
    const { client, signal } = this.#settings
    const length = buffers.reduce((sum, it) => sum + it.length, 0)
    const objects = this.check(name, length)
    const { bytes, pieceBytes } = objects
    await aFewAtATime(countOf(objects), WIDTH, async (i) => {
      const key = this.#keyOf(objects, i)
      const from = i * pieceBytes
      const size = Math.min(pieceBytes, bytes - from)
      const piece = await client.getExactly(key, size, signal)
      if (piece === undefined) throw truncated(`the object ${key} is missing`)
      if (piece.length !== size) throw truncated(`the object ${key} has ${piece.length} bytes, not ${size}`)
      paste(piece, from, buffers)
    })
  }

  /** The files are no longer there; their objects are deleted when it is time. */
  remove(names: Iterable<string>): void {
    for (const name of names) {
      const objects = this.files.get(name)
      this.files.delete(name)
      if (objects !== undefined) this.discard(objects)
    }
  }

  discard(objects: Held): void {
    this.garbage.add(objects)
    if (objects.named < 0) this.#delete(objects)
  }

  /** Deletes, in the background, garbage that no index from this generation on names. */
  sweep(oldest: number): void {
    for (const objects of this.garbage) if (objects.named < oldest) this.#delete(objects)
  }

  /** Resolves when the deletions have; those that failed are made again first. @throws if one fails again */
  async swept(oldest: number): Promise<void> {
    await Promise.all(this.#lanes)
    this.sweep(oldest)
    await Promise.all(this.#lanes)
    const left = [...this.garbage].filter(({ named }) => named < oldest)
    if (left.length > 0) throw this.#failure
  }

  #delete(objects: Held): void {
    if (this.#doomed.has(objects)) return
    this.#doomed.add(objects)
    const lane = this.#turn++ % LANES
    this.#lanes[lane] = this.#deleteAfter(this.#lanes[lane], objects)
  }

  async #deleteAfter(earlier: Promise<void> | undefined, objects: Held): Promise<void> {
    await earlier
    try {
      await aFewAtATime(countOf(objects), WIDTH, (i) => this.#settings.client.delete(this.#keyOf(objects, i)))
      this.garbage.delete(objects)
    } catch (error) {
      this.#failure = error
    }
    this.#doomed.delete(objects)
  }

  #keyOf({ writer, first }: FileObjects, piece: number): string {
    return `${this.#settings.prefix}/${writer}/${first + piece}`
  }
}

function truncated(message: string): Error {
  return Object.assign(new Error(message), { code: 'TRUNCATED' })
}
