/** The log and the values of a journal, in a directory. */
import { constants, open, readdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { type Flush, type JournalFiles, MOST_LOG_BYTES } from '@checkpoint-schedules/storage-slots'
import { LOG, NEW_LOG } from './own-files.js'

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
  const create = (name: string, bytes: Uint8Array, flush: Flush) =>
    written(name, O_CREAT | O_EXCL | O_WRONLY, bytes, flush)
  const read = async (name: string, most: number) => {
    const file = await openToRead(name)
    if (file === undefined) return undefined
    try {
      const facts = await file.stat()
      if (!facts.isFile()) throw new Error(`${name} is not a regular file`)
      if (facts.size > most) throw new Error(`${name} has ${facts.size} bytes; at most ${most} were expected`)
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
  }
  const remove = async (names: readonly string[]) => {
    for (const name of names) await rm(join(directory, name), { force: true })
  }
  return {
    log: {
      read: () => read(LOG, MOST_LOG_BYTES),
      async readStart(count) {
        const file = await openToRead(LOG)
        if (file === undefined) return undefined
        try {
          const bytes = new Uint8Array(count)
          const { bytesRead } = await file.read(bytes, 0, count, 0)
          return bytes.subarray(0, bytesRead)
        } finally {
          await file.close()
        }
      },
      append: (bytes, flush) => written(LOG, O_APPEND | O_WRONLY, bytes, flush),
      async replace(bytes, flush, confirm) {
        await remove([NEW_LOG])
        await create(NEW_LOG, bytes, flush)
        await confirm()
        await rename(join(directory, NEW_LOG), join(directory, LOG))
        if (flush === 'flushed') await flushNames()
      },
    },
    create,
    read,
    remove,
    list: () => readdir(directory),
    flushNames,
  }
}
