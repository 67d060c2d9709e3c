/** The checkpoints of a storage in objects: each is a file of its own. Requests need no thread, because the client works in the background. */
import {
  type Done,
  fastChecksum,
  type FileThread,
  HEADER_BYTES,
  type Request,
  seal,
  sealedSum,
} from '@checkpoint-schedules/storage-slots'
import type { ObjectFiles } from './object-files.js'

/** @param closing - What the end of a storage waits for. */
export function objectThread(files: ObjectFiles, closing: () => Promise<void>): FileThread {
  return {
    request: (request) => carryOut(files, closing, request),
    end: async () => undefined,
  }
}

async function carryOut(files: ObjectFiles, closing: () => Promise<void>, request: Request): Promise<Done> {
  switch (request.do) {
    case 'write': {
      const { path, front, parts } = request
      seal(front, sumOf(front, parts))
      await files.write(nameOf(path), [front, ...parts.map((part) => new Uint8Array(part))])
      return { parts: [...parts] }
    }
    case 'read':
      return read(files, request)
    case 'remove':
      files.remove(request.paths.map(nameOf))
      return {}
    case 'reopen':
      return { size: Infinity } // there is no file of slots
    case 'close':
      await closing()
      return {}
    case 'create':
    case 'sync': // what has been put is durable
      return {}
  }
}

async function read(
  files: ObjectFiles,
  { path, frontBytes, partBytes, reuse }: Extract<Request, { do: 'read' }>,
): Promise<Done> {
  const name = nameOf(path)
  const total = partBytes.reduce((sum, bytes) => sum + bytes, frontBytes)
  files.check(name, total) // before anything is allocated
  const front = new Uint8Array(frontBytes)
  const parts = partBytes.map((bytes, i) => reuse[i] ?? new ArrayBuffer(bytes))
  const buffers = [front, ...parts.map((part) => new Uint8Array(part))]
  let sum = 0
  // It may have been changed on its way: then it is read once more.
  for (let reads = 0; reads < 2; reads++) {
    await files.read(name, buffers)
    sum = sumOf(front, parts)
    if (sum === sealedSum(front)) break
  }
  return { front, parts, sum }
}

function sumOf(front: Uint8Array, parts: readonly ArrayBuffer[]): number {
  return parts.reduce(
    (sum, part) => fastChecksum(new Uint8Array(part), sum),
    fastChecksum(front.subarray(HEADER_BYTES)),
  )
}

/** The name of a file from its path, which errors show. */
function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}
