/** The checkpoints of a storage in IndexedDB: each is a record, as if its place in a file were a key. The browser works in the background. */
import {
  type Done,
  fastChecksum,
  type FileThread,
  HEADER_BYTES,
  type Request,
  seal,
} from '@checkpoint-schedules/storage-slots'
import { type Database, rangeOf } from './database.js'

interface StoredCheckpoint {
  readonly front: Uint8Array
  readonly parts: ArrayBuffer[]
}

/** @param durability - `strict` for checkpoints that a journal needs. */
export function indexedDbThread(
  database: Database,
  run: string,
  durability: IDBTransactionDurability,
): FileThread {
  const keyOf = (path: string, at: number) => [run, nameOf(path), at]

  const carryOut = async (request: Request): Promise<Done> => {
    switch (request.do) {
      case 'write': {
        const { path, at, front, parts } = request
        seal(front, sumOf(front, parts))
        // `put` copies at once, so that the buffers are free.
        const stored: StoredCheckpoint = { front, parts: [...parts] }
        await database.change(durability, (records) => records.put(stored, keyOf(path, at)))
        return { parts: [...parts] }
      }
      case 'read': {
        const { path, at, frontBytes, partBytes } = request
        const found: unknown = await database.read((records) => records.get(keyOf(path, at)))
        if (!isCheckpoint(found, frontBytes, partBytes))
          throw Object.assign(new Error('its record is missing, or another one'), { code: 'TRUNCATED' })
        return { ...found, sum: sumOf(found.front, found.parts) }
      }
      case 'remove':
        await database.remove(request.paths.map((path) => rangeOf(run, nameOf(path))))
        return {}
      case 'reopen':
        return { size: Infinity } // keys may be anything
      case 'create':
      case 'sync': // `strict` has done it
      case 'close':
        return {}
    }
  }

  // One request after another, as a thread does.
  let last: Promise<unknown> = Promise.resolve()
  return {
    request(request) {
      const done = last.then(() => carryOut(request))
      last = done.catch(() => undefined)
      return done
    },
    end: async () => undefined,
  }
}

function sumOf(front: Uint8Array, parts: readonly ArrayBuffer[]): number {
  return parts.reduce(
    (sum, part) => fastChecksum(new Uint8Array(part), sum),
    fastChecksum(front.subarray(HEADER_BYTES)),
  )
}

function isCheckpoint(
  value: unknown,
  frontBytes: number,
  partBytes: readonly number[],
): value is StoredCheckpoint {
  const { front, parts } = (value ?? {}) as Partial<StoredCheckpoint>
  return (
    front instanceof Uint8Array &&
    front.length === frontBytes &&
    Array.isArray(parts) &&
    parts.length === partBytes.length &&
    parts.every((part, i) => part instanceof ArrayBuffer && part.byteLength === partBytes[i])
  )
}

/** The name of a file from its path, which errors show. */
function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}
