/**
 * One database has the files of all runs: records under [run, file, position].
 *
 * ```
 * ["journal-my-run", "journal.log",       0]   bytes, and what is appended under further positions
 * ["journal-my-run", "storage-0.slots", 8192]   a checkpoint
 * ```
 */
import { storeFailed } from '../browser-medium.js'
import { HOME } from '../names.js'
import { plainError } from '../plain-error.js'

const VERSION = 1
const FILES = 'files'

/** All records of a run, or of one of its files. */
export function rangeOf(...prefix: [run: string, file?: string]): IDBKeyRange {
  return IDBKeyRange.bound(prefix, [...prefix, []]) // arrays come after numbers and texts
}

/** Opens the database. @throws `STORE_FAILED` */
export async function openDatabase(): Promise<Database> {
  try {
    if (typeof indexedDB === 'undefined') throw new Error('there is no IndexedDB here')
    return new Database(
      await new Promise<IDBDatabase>((resolve, reject) => {
        const request = indexedDB.open(HOME, VERSION)
        request.addEventListener('upgradeneeded', () => void request.result.createObjectStore(FILES))
        request.addEventListener('success', () => resolve(request.result))
        request.addEventListener('error', () => reject(coded(request.error)))
        request.addEventListener('blocked', () =>
          reject(new Error('another tab has it open in an older version')),
        )
      }),
    )
  } catch (error) {
    throw storeFailed('IndexedDB cannot be used', error, {})
  }
}

export class Database {
  readonly #database: IDBDatabase

  constructor(database: IDBDatabase) {
    this.#database = database
  }

  /** Asks the records in a transaction; the result of the last request, once all is done. `strict`: once it is on the disk. */
  change<T>(
    durability: IDBTransactionDurability,
    ask: (records: IDBObjectStore) => IDBRequest<T>,
  ): Promise<T> {
    return this.#transact('readwrite', durability, ask)
  }

  read<T>(ask: (records: IDBObjectStore) => IDBRequest<T>): Promise<T> {
    return this.#transact('readonly', 'default', ask)
  }

  /** Removes what is in the ranges. */
  async remove(ranges: readonly IDBKeyRange[]): Promise<void> {
    if (ranges.length === 0) return
    await this.change('relaxed', (records) => ranges.map((range) => records.delete(range)).at(-1)!)
  }

  /** The different values at a place of the keys: the runs, or the files of a run. */
  async names(...prefix: [] | [run: string]): Promise<string[]> {
    const names: string[] = []
    const place = prefix.length
    await this.#transact('readonly', 'default', (records) => {
      const range = IDBKeyRange.bound(prefix, [...prefix, []], true)
      const request = records.openKeyCursor(range)
      request.addEventListener('success', () => {
        const cursor = request.result
        if (cursor === null) return
        const name = (cursor.key as string[])[place]!
        names.push(name)
        cursor.continue([...prefix, name, []])
      })
      return request
    })
    return names
  }

  close(): void {
    this.#database.close()
  }

  #transact<T>(
    mode: IDBTransactionMode,
    durability: IDBTransactionDurability,
    ask: (records: IDBObjectStore) => IDBRequest<T>,
  ): Promise<T> {
    return new Promise((resolve, reject) => {
      try {
        const transaction = this.#database.transaction(FILES, mode, { durability })
        const request = ask(transaction.objectStore(FILES))
        transaction.addEventListener('complete', () => resolve(request.result))
        transaction.addEventListener('abort', () => reject(coded(transaction.error ?? request.error)))
      } catch (error) {
        reject(coded(error))
      }
    })
  }
}

function coded(error: unknown): Error {
  const { message, code } = plainError(error ?? new Error('the transaction was aborted'))
  return Object.assign(new Error(message), { code })
}
