/**
 * The thread that reads and writes: it handles files and checksums, and knows nothing about steps or codecs.
 *
 * It is JavaScript with types in comments, because the same file must run from `src` (tests) and from `dist`, and Node 20 cannot
 * run TypeScript. Requests are carried out one after another. Within a request, the checksum of a piece is computed while the
 * next piece is being transferred, so it costs no time if the disk is the slower of the two.
 */
import fs from 'node:fs'
import { parentPort } from 'node:worker_threads'
import { crc32 } from 'node:zlib'

/**
 * @typedef {import('./beat.js').FileRequest} Request
 * @typedef {import('@checkpoint-schedules/storage-slots').Done} Done
 * @typedef {(
 *   fd: number, bytes: Uint8Array, from: number, count: number, position: number,
 *   done: (error: Error | null, count: number) => void,
 * ) => void} Transfer
 */

const PIECE_BYTES = 4 * 2 ** 20 // one call accepts less than 2 GiB, and transfers overlap with checksums
const SMALL_BYTES = 2 * 2 ** 20 // a part up to this size is transferred faster than the thread pool responds
const HEADER_BYTES = 64
const { O_CREAT, O_EXCL, O_NOFOLLOW, O_RDONLY, O_RDWR, O_WRONLY } = fs.constants

/** @type {Map<string, number>} */
const files = new Map()
/** @type {Promise<void>} */
let last = Promise.resolve()

parentPort?.on('message', (/** @type {{ id: number, request: Request }} */ { id, request }) => {
  last = answer(last, id, request)
})

/** @param {Promise<void>} before @param {number} id @param {Request} request */
async function answer(before, id, request) {
  await before
  try {
    const done = await carryOut(request)
    parentPort?.postMessage({ id, done }, done.parts ?? [])
  } catch (error) {
    const { message, code } = /** @type {NodeJS.ErrnoException} */ (error)
    parentPort?.postMessage({ id, failed: { message, code } }, [])
  }
}

/** @param {Request} request @returns {Promise<Done>} */
async function carryOut(request) {
  switch (request.do) {
    case 'create':
      files.set(request.path, create(request.path))
      return {}
    case 'reopen': {
      const fd = fs.openSync(request.path, O_CREAT | O_NOFOLLOW | O_RDWR, 0o600)
      files.set(request.path, fd)
      return { size: fs.fstatSync(fd).size }
    }
    case 'write':
      return request.alone
        ? during(create(request.path), (fd) => write(fd, request))
        : write(opened(request.path), request)
    case 'read': {
      const fd = files.get(request.path)
      return fd === undefined
        ? during(fs.openSync(request.path, O_RDONLY | O_NOFOLLOW), (fd) => read(fd, request))
        : read(fd, request)
    }
    case 'sync':
      for (const path of request.paths) {
        const fd = files.get(path)
        if (fd === undefined)
          await during(fs.openSync(path, O_RDWR | O_NOFOLLOW), async (fd) => fs.fdatasyncSync(fd))
        else fs.fdatasyncSync(fd)
      }
      return {}
    case 'remove':
      for (const path of request.paths) {
        close(path)
        fs.rmSync(path, { force: true })
      }
      return {}
    case 'close':
      for (const path of files.keys()) close(path)
      return {}
    case 'beat':
      beat(request.path, request.everyMs)
      return {}
  }
}

/** @param {number} fd @param {Extract<Request, { do: 'write' }>} request @returns {Promise<Done>} */
async function write(fd, { at, front, parts }) {
  let crc = crc32(front.subarray(HEADER_BYTES))
  let position = at + front.length
  for (const part of parts) {
    const bytes = new Uint8Array(part)
    for (let from = 0; from < bytes.length; from += PIECE_BYTES) {
      const piece = bytes.subarray(from, from + PIECE_BYTES)
      const written = inFull(bytes.length > SMALL_BYTES ? fs.write : writeNow, fd, piece, position + from)
      crc = crc32(piece, crc)
      await written
    }
    position += bytes.length
  }
  // The header is written last, so that an interrupted write does not look complete.
  const view = new DataView(front.buffer, front.byteOffset, HEADER_BYTES)
  view.setUint32(HEADER_BYTES - 8, crc, true)
  view.setUint32(HEADER_BYTES - 4, crc32(front.subarray(0, HEADER_BYTES - 4)), true)
  for (let done = 0; done < front.length;)
    done += fs.writeSync(fd, front, done, front.length - done, at + done)
  return { parts: [...parts] }
}

/** @param {number} fd @param {Extract<Request, { do: 'read' }>} request @returns {Promise<Done>} */
async function read(fd, { at, frontBytes, partBytes, reuse }) {
  const end = partBytes.reduce((sum, bytes) => sum + bytes, at + frontBytes)
  const { size } = fs.fstatSync(fd)
  if (size < end) throw truncated(size, end) // before anything is allocated
  const front = new Uint8Array(frontBytes)
  for (let done = 0; done < frontBytes;) {
    const count = fs.readSync(fd, front, done, frontBytes - done, at + done)
    if (count === 0) throw truncated(at + done, end)
    done += count
  }
  let crc = crc32(front.subarray(HEADER_BYTES))
  const parts = partBytes.map((bytes, i) => reuse[i] ?? new ArrayBuffer(bytes))
  /** @type {Uint8Array | undefined} */
  let arrived // its checksum is computed while the next piece is read
  let position = at + frontBytes
  for (const part of parts) {
    const bytes = new Uint8Array(part)
    for (let from = 0; from < bytes.length; from += PIECE_BYTES) {
      const piece = bytes.subarray(from, from + PIECE_BYTES)
      const coming = inFull(bytes.length > SMALL_BYTES ? fs.read : readNow, fd, piece, position + from)
      if (arrived !== undefined) crc = crc32(arrived, crc)
      await coming
      arrived = piece
    }
    position += bytes.length
  }
  if (arrived !== undefined) crc = crc32(arrived, crc)
  return { front, parts, sum: crc }
}

/**
 * Reads or writes all of `bytes`, continuing after a short call.
 *
 * @param {Transfer} transfer
 * @param {number} fd
 * @param {Uint8Array} bytes
 * @param {number} position
 * @returns {Promise<void>}
 */
function inFull(transfer, fd, bytes, position) {
  return new Promise((resolve, reject) => {
    const goOn = (/** @type {number} */ done) => {
      transfer(fd, bytes, done, bytes.length - done, position + done, (error, count) => {
        if (error) reject(error)
        else if (count === 0) reject(truncated(position + done, position + bytes.length))
        else if (done + count < bytes.length) goOn(done + count)
        else resolve()
      })
    }
    goOn(0)
  })
}

/** @type {Transfer} */
function writeNow(fd, bytes, from, count, position, done) {
  done(null, fs.writeSync(fd, bytes, from, count, position))
}

/** @type {Transfer} */
function readNow(fd, bytes, from, count, position, done) {
  done(null, fs.readSync(fd, bytes, from, count, position))
}

/** @param {string} path @param {number} everyMs */
function beat(path, everyMs) {
  let count = 0
  const timer = setInterval(renew, everyMs)
  renew()

  function renew() {
    try {
      // Opened and closed each time, so that other hosts see the change; never created, because another owner may have removed it.
      const fd = fs.openSync(path, O_WRONLY | O_NOFOLLOW)
      try {
        fs.writeSync(fd, String((count += 1)).padStart(16, '0'), 0)
      } finally {
        fs.closeSync(fd)
      }
    } catch (error) {
      if (/** @type {NodeJS.ErrnoException} */ (error).code === 'ENOENT') clearInterval(timer)
    }
  }
}

/** @param {string} path */
function create(path) {
  return fs.openSync(path, O_CREAT | O_EXCL | O_NOFOLLOW | O_RDWR, 0o600)
}

/** @param {string} path */
function opened(path) {
  const fd = files.get(path)
  if (fd === undefined) throw new Error(`${path} is not open`)
  return fd
}

/** @param {string} path */
function close(path) {
  const fd = files.get(path)
  files.delete(path)
  if (fd !== undefined) fs.closeSync(fd)
}

/** @param {number} fd @param {(fd: number) => Promise<any>} work @returns {Promise<any>} */
async function during(fd, work) {
  try {
    return await work(fd)
  } finally {
    fs.closeSync(fd)
  }
}

/** @param {number} size @param {number} end */
function truncated(size, end) {
  return Object.assign(new Error(`the file ends at byte ${size}; the checkpoint at byte ${end}`), {
    code: 'TRUNCATED',
  })
}
