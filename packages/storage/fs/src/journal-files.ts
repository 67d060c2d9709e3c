/** The small files of a journal: its log and its values. What is not flushed may be lost by a power cut, in part and in any order. */
import { constants, open, readdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'

/** Whether the bytes must be on the disk when the promise resolves. */
export type Flush = 'flushed' | 'unflushed'

/** What a journal asks of a directory. Names are our own, never from content. */
export interface JournalFiles {
  /** Makes a file with these bytes, exclusively. */
  create(name: string, bytes: Uint8Array, flush: Flush): Promise<void>
  /** Adds bytes to the end of a file that is there. */
  append(name: string, bytes: Uint8Array, flush: Flush): Promise<void>
  /** The bytes of a file; `undefined` where there is none. @throws where it has more than `most` */
  read(name: string, most: number): Promise<Uint8Array | undefined>
  /** The first bytes of a file, as many as there are up to `count`; `undefined` where there is none. */
  readStart(name: string, count: number): Promise<Uint8Array | undefined>
  /** Puts the file in the place of another one, all at once. */
  rename(from: string, to: string): Promise<void>
  /** Removes the files that are there. */
  remove(names: readonly string[]): Promise<void>
  list(): Promise<string[]>
  /** Makes the names of files durable. */
  flushNames(): Promise<void>
}

const { O_APPEND, O_CREAT, O_EXCL, O_NOFOLLOW, O_NONBLOCK, O_RDONLY, O_WRONLY } = constants
const PIECE_BYTES = 2 ** 26 // one call takes less than 2 GiB

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
      return await open(join(directory, name), O_RDONLY | O_NOFOLLOW | O_NONBLOCK) // a pipe would never open
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
        if (!facts.isFile()) throw new Error(`${name} is no file`)
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
