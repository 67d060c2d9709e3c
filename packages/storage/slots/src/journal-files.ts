/** What a journal needs of the place where it is kept. In a power cut, unflushed data may be lost in part and in any order. */

/** Whether the bytes must be durable when the promise resolves. */
export type Flush = 'flushed' | 'unflushed'

/** The small files of a journal: its log and its values. File names are our own, never taken from content. */
export interface JournalFiles {
  readonly log: LogFile
  /** Creates a file with these bytes, which it may give away; fails if it exists. */
  create(name: string, bytes: Uint8Array, flush: Flush): Promise<void>
  /** The bytes of a file; `undefined` if there is none. @throws if it has more than `most` bytes */
  read(name: string, most: number): Promise<Uint8Array | undefined>
  /** Removes those of the files that exist. */
  remove(names: readonly string[]): Promise<void>
  list(): Promise<string[]>
  /** Makes the names of files durable. */
  flushNames(): Promise<void>
}

/** The log of a journal. */
export interface LogFile {
  /** A log larger than this is rewritten with its last point; by default 4 MiB. Small where appending is as costly as replacing. */
  readonly rewriteBytes?: number
  /** Its bytes; `undefined` if there is none. @throws if it has more than `MOST_LOG_BYTES` */
  read(): Promise<Uint8Array | undefined>
  /** Its first bytes, at most `count`; `undefined` if there is none. */
  readStart(count: number): Promise<Uint8Array | undefined>
  /** Appends bytes to an existing log. */
  append(bytes: Uint8Array, flush: Flush): Promise<void>
  /** Replaces it, or creates it, atomically. `confirm` is called just before the new bytes count. */
  replace(bytes: Uint8Array, flush: Flush, confirm: () => Promise<void>): Promise<void>
}
