/** The small files of a journal: its log and its values. In a power cut, unflushed data may be lost in part and in any order. */
import { constants, open, readdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'

/** Whether the bytes must be on the disk when the promise resolves. */
export type Flush = 'flushed' | 'unflushed'

/** What a journal needs from a directory. File names are our own, never taken from content. */
export interface JournalFiles {
  /** Creates a file with these bytes; fails if it exists. */
  create(name: string, bytes: Uint8Array, flush: Flush): Promise<void>
  /** Appends bytes to an existing file. */
  append(name: string, bytes: Uint8Array, flush: Flush): Promise<void>
  /** The bytes of a file; `undefined` if there is none. @throws if it has more than `most` bytes */
  read(name: string, most: number): Promise<Uint8Array | undefined>
  /** The first bytes of a file, at most `count`; `undefined` if there is none. */
  readStart(name: string, count: number): Promise<Uint8Array | undefined>
  /** Replaces a file with this one, atomically. */
  rename(from: string, to: string): Promise<void>
  /** Removes those of the files that exist. */
  remove(names: readonly string[]): Promise<void>
  list(): Promise<string[]>
  /** Makes the names of files durable. */
  flushNames(): Promise<void>
}

const { O_APPEND, O_CREAT, O_EXCL, O_NOFOLLOW, O_NONBLOCK, O_RDONLY, O_WRONLY } = constants
const PIECE_BYTES = 2 ** 26 // one call accepts less than 2 GiB

/** The files of a directory on disk. */
export function filesIn(directory: string, flushNames: () => Promise<void>): JournalFiles {
  const written = async (name: string, flags: number, bytes: Uint8Array, flush: Flush) => {
    const file = await open(join(directory, name), flags | O_NOFOLLOW, 0o600)
    try {
      for (let at = 0; at < bytes.length;) {
        const { bytesWritten } = await file.write(bytes, at, Math.min(PIECE_BYTES, bytes.length - at))
        at += bytesWritten
      }
      if (flush === 'flushed') await file.datasync()
    } finally {
      await file.close()
    }
  }
  const openToRead = async (name: string) => {
    try {
      return await open(join(directory, name), O_RDONLY | O_NOFOLLOW | O_NONBLOCK) // opening a pipe would block
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
      throw error
    }
  }
  return {
    create: (name, bytes, flush) => written(name, O_CREAT | O_EXCL | O_WRONLY, bytes, flush),
    append: (name, bytes, flush) => written(name, O_APPEND | O_WRONLY, bytes, flush),
    async read(name, most) {
      const file = await openToRead(name)
      if (file === undefined) return undefined
      try {
        const facts = await file.stat()
        if (!facts.isFile()) throw new Error(`${name} is not a regular file`)
        if (facts.size > most)
          throw new Error(`${name} has ${facts.size} bytes; at most ${most} were expected`)
        const bytes = new Uint8Array(facts.size)
        for (let at = 0; at < bytes.length;) {
          const { bytesRead } = await file.read(bytes, at, Math.min(PIECE_BYTES, bytes.length - at), at)
          if (bytesRead === 0) throw new Error(`${name} ends at byte ${at}`)
          at += bytesRead
        }
        return bytes
      } finally {
        await file.close()
      }
    },
    async readStart(name, count) {
      const file = await openToRead(name)
      if (file === undefined) return undefined
      try {
        const bytes = new Uint8Array(count)
        const { bytesRead } = await file.read(bytes, 0, count, 0)
        return bytes.subarray(0, bytesRead)
      } finally {
        await file.close()
      }
    },
    rename: (from, to) => rename(join(directory, from), join(directory, to)),
    async remove(names) {
      for (const name of names) await rm(join(directory, name), { force: true })
    },
    list: () => readdir(directory),
    flushNames,
  }
}
