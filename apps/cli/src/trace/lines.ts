/** The lines of a file or of stdin, one by one: memory use does not grow with their number. */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { fileError, systemFileError } from '../files/file-error.js'

const CHUNK_BYTES = 2 ** 16
/** An action takes about 60 characters; a line this long is something else. */
const LONGEST_LINE = 4096

/** @param path - `-` is stdin. @throws `INVALID_FILE` */
export function* linesOf(path: string): Generator<string, void, undefined> {
  const name = path === '-' ? 'stdin' : path
  const file = path === '-' ? 0 : opened(path)
  const decoder = new TextDecoder('utf-8', { fatal: true })
  const chunk = new Uint8Array(CHUNK_BYTES)
  let rest = ''
  let line = 0
  try {
    for (let count = read(file, chunk, name); count > 0; count = read(file, chunk, name)) {
      let text: string
      try {
        text = rest + decoder.decode(chunk.subarray(0, count), { stream: true })
      } catch {
        throw fileError(name, `is not text: line ${line + 1} has bytes that are not UTF-8`)
      }
      const lines = text.split('\n')
      rest = lines.pop()!
      for (const one of lines) {
        line += 1
        if (one.length > LONGEST_LINE) throw tooLong(name, line)
        yield one.endsWith('\r') ? one.slice(0, -1) : one
      }
      if (rest.length > LONGEST_LINE) throw tooLong(name, line + 1)
    }
    if (rest !== '') yield rest
  } finally {
    if (file !== 0) closeSync(file)
  }
}

function opened(path: string): number {
  try {
    const file = openSync(path, 'r')
    if (fstatSync(file).isDirectory()) {
      closeSync(file)
      throw fileError(path, 'expected a file with actions; it is a directory')
    }
    return file
  } catch (error) {
    throw systemFileError(path, 'a file with actions', error)
  }
}

function read(file: number, chunk: Uint8Array, name: string): number {
  for (;;) {
    try {
      return readSync(file, chunk)
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      if (code === 'EOF') return 0
      // A pipe without data yet.
      if (code !== 'EAGAIN') throw systemFileError(name, 'a file with actions', error)
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10)
    }
  }
}

function tooLong(name: string, line: number) {
  return fileError(
    name,
    `line ${line} has more than ${LONGEST_LINE} characters; expected one action per line`,
  )
}
