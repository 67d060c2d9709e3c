/** The records of a run in IndexedDB. */
import type { JournalEvent } from '@checkpoint-schedules/model'
import {
  type FileThread,
  type JournalFiles,
  type LogFile,
  MOST_LOG_BYTES,
} from '@checkpoint-schedules/storage-slots'
import { inUse, storeFailed } from '../browser-medium.js'
import { HOME, isStoreName } from '../names.js'
import { checkSecure } from '../secure-context.js'
import { PATIENCE_MS, type Release, sweepDead, takeLock } from '../web-lock.js'
import { type Database, openDatabase, rangeOf } from './database.js'
import { indexedDbThread } from './indexed-db-thread.js'

/** The file that has the log. */
export const LOG = 'journal.log'

/** What a run asks for. */
export interface IndexedDbAsking {
  readonly run: string
  /** The run may be that of a tab which is just closing. */
  readonly isPatient: boolean
  readonly signal?: AbortSignal | undefined
  readonly tell?: ((event: JournalEvent) => void) | undefined
}

export class IndexedDbRun {
  /** For errors. */
  readonly path: string
  readonly #run: string
  readonly #database: Database
  readonly #unlock: Release

  private constructor(run: string, database: Database, unlock: Release) {
    this.path = pathOf(run)
    this.#run = run
    this.#database = database
    this.#unlock = unlock
  }

  /** Takes the run, which nobody else can have then. @throws `STORE_FAILED` */
  static async take({ run, isPatient, signal, tell }: IndexedDbAsking): Promise<IndexedDbRun> {
    const path = pathOf(run)
    let unlock: Release | undefined
    try {
      signal?.throwIfAborted()
      checkSecure()
      unlock = await takeLock(run)
      if (unlock === undefined && isPatient) {
        tell?.({
          type: 'waiting',
          message: `${path} is in use by another tab or worker, which may be closing.`,
        })
        unlock = await takeLock(run, PATIENCE_MS)
      }
      if (unlock === undefined) throw inUse(path, { run })
      const database = await openDatabase()
      const others = (await database.names()).filter((name) => isStoreName(name) && name !== run)
      await sweepDead(others, (name) => database.remove([rangeOf(name)]))
      signal?.throwIfAborted()
      return new IndexedDbRun(run, database, unlock)
    } catch (error) {
      unlock?.()
      signal?.throwIfAborted()
      throw storeFailed(`${path} cannot be used`, error, { run })
    }
  }

  /** A thread for checkpoints. @param durability - `strict` for those of a journal */
  newThread(durability: IDBTransactionDurability = 'strict'): FileThread {
    return indexedDbThread(this.#database, this.#run, durability)
  }

  /** The files of a journal: each a record. */
  get journalFiles(): JournalFiles {
    const [database, run] = [this.#database, this.#run]
    return {
      log: logIn(database, run),
      create: async (name, bytes, flush) => {
        await database.change(durabilityOf(flush), (records) => records.add(bytes, [run, name, 0]))
      },
      async read(name, most) {
        const bytes: unknown = await database.read((records) => records.get([run, name, 0]))
        if (!(bytes instanceof Uint8Array)) return undefined
        if (bytes.length > most)
          throw new Error(`${name} has ${bytes.length} bytes; at most ${most} were expected`)
        return bytes
      },
      remove: (names) => database.remove(names.map((name) => rangeOf(run, name))),
      list: () => database.names(run),
      flushNames: async () => undefined,
    }
  }

  /** Leaves the run, whose records are removed unless they are kept. */
  async release(keep: boolean): Promise<void> {
    try {
      if (!keep) await this.#database.remove([rangeOf(this.#run)])
    } catch (error) {
      throw storeFailed(`${this.path} cannot be released`, error, { run: this.#run })
    } finally {
      this.#database.close()
      this.#unlock()
    }
  }
}

/** The log: a record for each piece that was appended. */
export function logIn(database: Database, run: string): LogFile {
  const range = rangeOf(run, LOG)
  let length: number | undefined
  const read = async (): Promise<Uint8Array | undefined> => {
    const found: unknown[] = await database.read((records) => records.getAll(range))
    const pieces = found.filter((it) => it instanceof Uint8Array)
    length = pieces.reduce((sum, piece) => sum + piece.length, 0)
    if (length > MOST_LOG_BYTES)
      throw new Error(`the log has ${length} bytes; at most ${MOST_LOG_BYTES} were expected`)
    if (found.length === 0) return undefined
    const bytes = new Uint8Array(length)
    let at = 0
    for (const piece of pieces) {
      bytes.set(piece, at)
      at += piece.length
    }
    return bytes
  }
  return {
    read,
    readStart: async (count) => (await read())?.subarray(0, count),
    async append(bytes, flush) {
      if (length === undefined) await read()
      const at = length!
      await database.change(durabilityOf(flush), (records) => records.put(bytes, [run, LOG, at]))
      length = at + bytes.length
    },
    async replace(bytes, flush, confirm) {
      await confirm()
      // In one transaction.
      await database.change(durabilityOf(flush), (records) => {
        records.delete(range)
        return records.put(bytes, [run, LOG, 0])
      })
      length = bytes.length
    },
  }
}

const pathOf = (run: string) => `IndexedDB/${HOME}/${run}`

function durabilityOf(flush: 'flushed' | 'unflushed'): IDBTransactionDurability {
  return flush === 'flushed' ? 'strict' : 'relaxed'
}
