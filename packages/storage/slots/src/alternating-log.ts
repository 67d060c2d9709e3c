/**
 * A log where files cannot be renamed: two files that take turns.
 *
 * ```
 * journal-0.log    7c1f… {"generation":3,"bytes":412,"crc":…}    412 bytes    lines appended since      in use: the higher generation
 * journal-1.log    90ab… {"generation":2, …                                                             empty soon
 * ```
 *
 * Replacing the log writes the file that is not in use. Its first line says how many bytes must follow, and their checksum: only when all of
 * them are there does the file count, so that a kill leaves the old log or the new one.
 */
import { crc32 } from './crc32.js'
import type { Flush, LogFile } from './journal-files.js'
import { isCount, isObject } from './log-shapes.js'
import { jsonLine, MOST_LOG_BYTES, valueOfLine } from './journal-log.js'

/** The names of the two files. */
export const logNames = ['journal-0.log', 'journal-1.log'] as const

/** What the two files must offer. */
export interface LogBytes {
  /** The bytes of a file; `undefined` if there is none. @throws if it has more than `most` bytes */
  read(name: string, most: number): Promise<Uint8Array | undefined>
  /** Writes bytes at a position, creating the file if it is missing; what is beyond them stays. */
  write(name: string, at: number, bytes: Uint8Array, flush: Flush): Promise<void>
  /** Makes a file empty, creating it if it is missing. */
  empty(name: string): Promise<void>
}

interface Found {
  readonly file: number
  readonly generation: number
  /** The log: what the file has after its first line. */
  readonly log: Uint8Array
  /** Bytes in the file. */
  readonly end: number
}

const MOST_BYTES = MOST_LOG_BYTES + 1024

/**
 * The log in two such files.
 *
 * @example
 * ```ts
 * import { alternatingLog } from '@checkpoint-schedules/storage-slots'
 *
 * const files = new Map<string, Uint8Array>()
 * const log = alternatingLog({
 *   read: async (name) => files.get(name),
 *   async write(name, at, bytes) {
 *     const before = files.get(name) ?? new Uint8Array(0)
 *     files.set(name, Uint8Array.of(...before.subarray(0, at), ...bytes))
 *   },
 *   empty: async (name) => void files.set(name, new Uint8Array(0)),
 * })
 * await log.replace(Uint8Array.of(1, 2), 'flushed', async () => undefined)
 * await log.append(Uint8Array.of(3), 'flushed')
 * await log.read() // Uint8Array(3) [ 1, 2, 3 ]
 * ```
 */
export function alternatingLog(files: LogBytes): LogFile {
  let current: Omit<Found, 'log'> | undefined

  const find = async (): Promise<Found | undefined> => {
    let newest: Found | undefined
    for (const [file, name] of logNames.entries()) {
      const found = wholeLog(file, await files.read(name, MOST_BYTES))
      if (found !== undefined && found.generation > (newest?.generation ?? -1)) newest = found
    }
    current = newest
    return newest
  }

  return {
    async read() {
      const found = await find()
      if (found !== undefined) return found.log
      // Damaged, or from elsewhere: nobody can read it, but it is there.
      for (const name of logNames) {
        const bytes = await files.read(name, MOST_BYTES)
        if (bytes !== undefined && bytes.length > 0) return new Uint8Array(0)
      }
      return undefined
    },
    async readStart(count) {
      const { file } = current ?? (await find()) ?? {}
      const bytes = file === undefined ? undefined : await files.read(logNames[file]!, MOST_BYTES)
      return bytes?.subarray(bytes.indexOf(0x0a) + 1).subarray(0, count)
    },
    async append(bytes, flush) {
      if (current === undefined) throw new Error('the log is not there')
      await files.write(logNames[current.file]!, current.end, bytes, flush)
      current = { ...current, end: current.end + bytes.length }
    },
    async replace(bytes, flush, confirm) {
      const generation = (current?.generation ?? 0) + 1
      const file = current === undefined ? 0 : 1 - current.file
      const head = jsonLine({ generation, bytes: bytes.length, crc: crc32(bytes) })
      const all = new Uint8Array(head.length + bytes.length)
      all.set(head)
      all.set(bytes, head.length)
      // What an earlier generation left must not look like lines that were appended to this one.
      await files.empty(logNames[file]!)
      await confirm()
      await files.write(logNames[file]!, 0, all, flush)
      current = { file, generation, end: all.length }
      await files.empty(logNames[1 - file]!)
    },
  }
}

function wholeLog(file: number, bytes: Uint8Array | undefined): Found | undefined {
  const end = bytes?.indexOf(0x0a) ?? -1
  if (bytes === undefined || end === -1) return undefined
  const head = valueOfLine(new TextDecoder().decode(bytes.subarray(0, end)))
  if (!isObject(head)) return undefined
  const { generation, bytes: length, crc } = head
  if (!isCount(generation) || !isCount(length)) return undefined
  const log = bytes.subarray(end + 1)
  if (log.length < length || crc32(log.subarray(0, length)) !== crc) return undefined
  return { file, generation, log, end: bytes.length }
}
