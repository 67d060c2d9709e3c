/**
 * The index of a journal: one object that says where everything is, and has the log.
 *
 * ```
 * 3b1e… {"format":"checkpoint-schedules objects","version":1,"generation":7,"next":41,"reserved":105,"files":[…],"garbage":[…],"bytes":…,"crc":…}
 * 7d1f… {"format":"checkpoint-schedules journal", …                         the log, as in files: a line for each durable point
 * ```
 *
 * Two keys take turns. Its bytes are untrusted: it counts only if both checksums and its shape are right, and every number is bounded.
 */
import {
  fastChecksum,
  isCount,
  isDataName,
  isObject,
  jsonLine,
  MOST_LOG_BYTES,
  valueOfLine,
} from '@checkpoint-schedules/storage-slots'
import { checkVersion, FORMAT, VERSION } from './format.js'
import { type FileObjects, isWriter } from './object-files.js'
import { areWriters } from './register.js'

/** What an index says. */
export interface JournalIndex {
  /** Counts from 1, for each writer. */
  readonly generation: number
  /** The writer's objects from this number on are of no file. */
  readonly next: number
  /** The writer had no objects from this number on, before a later index. */
  readonly reserved: number
  /** Writers that were replaced, the latest first. */
  readonly over: readonly string[]
  /** Those of them whose indexes may still be there. */
  readonly replaced: readonly string[]
  readonly files: ReadonlyMap<string, FileObjects>
  readonly garbage: readonly FileObjects[]
  readonly log: Uint8Array
}

// More objects than any run has, so that deleting them comes to an end.
const MOST_OBJECTS = 2 ** 24
const MOST_BYTES = 2 * MOST_LOG_BYTES

/** The two keys of a writer's indexes. */
export const indexKeys = (prefix: string, writer: string) =>
  [0, 1].map((turn) => `${prefix}/${writer}/index-${turn}`) as [string, string]

/** The bytes of an index. */
export function indexBytes({ files, garbage, log, ...rest }: JournalIndex): Uint8Array {
  const listed = ({ writer, first, bytes, pieceBytes }: FileObjects) => [writer, first, bytes, pieceBytes]
  const head = jsonLine({
    format: FORMAT,
    version: VERSION,
    ...rest,
    files: Array.from(files, ([name, objects]) => [name, ...listed(objects)]),
    garbage: garbage.map(listed),
    bytes: log.length,
    crc: fastChecksum(log),
  })
  const all = new Uint8Array(head.length + log.length)
  all.set(head)
  all.set(log, head.length)
  return all
}

/** What the bytes say; `undefined` if they are not a whole index. @throws `INVALID_FILE`: another version wrote it */
export function parseIndex(data: Uint8Array): JournalIndex | undefined {
  if (data.length > MOST_BYTES) return undefined
  const end = data.indexOf(0x0a)
  const head = valueOfLine(new TextDecoder().decode(data.subarray(0, Math.max(0, end))))
  if (!isObject(head) || head['format'] !== FORMAT) return undefined
  checkVersion(head['version'])
  const { generation, next, reserved, over, replaced, files, garbage, bytes, crc } = head
  const log = data.subarray(end + 1)
  if (log.length !== bytes || fastChecksum(log) !== crc) return undefined
  if (!isCount(generation) || !isCount(next) || !isCount(reserved)) return undefined
  if (next > reserved || reserved - next > MOST_OBJECTS) return undefined
  if (!areWriters(over) || !areWriters(replaced)) return undefined
  if (!Array.isArray(files) || !Array.isArray(garbage)) return undefined
  const found = new Map<string, FileObjects>()
  for (const file of files) {
    if (!Array.isArray(file)) return undefined
    const [name, ...listed] = file as unknown[]
    const objects = objectsOf(listed)
    if (typeof name !== 'string' || !isDataName(name) || objects === undefined || found.has(name))
      return undefined
    found.set(name, objects)
  }
  const unused = garbage.map(objectsOf)
  if (!unused.every((it) => it !== undefined)) return undefined
  return { generation, next, reserved, over, replaced, files: found, garbage: unused, log }
}

function objectsOf(listed: unknown): FileObjects | undefined {
  if (!Array.isArray(listed) || listed.length !== 4) return undefined
  const [writer, first, bytes, pieceBytes] = listed as unknown[]
  if (!isWriter(writer) || !isCount(first) || !isCount(bytes) || !isCount(pieceBytes)) return undefined
  if (pieceBytes < 1 || bytes / pieceBytes > MOST_OBJECTS) return undefined
  return { writer, first, bytes, pieceBytes }
}
