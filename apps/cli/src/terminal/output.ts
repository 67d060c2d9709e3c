/** Stdout: data in large chunks, no faster than the reader takes them. */
import { systemFileError } from '../files/file-error.js'
import { reportFailure } from './exit.js'
import { inOneLine } from './printable.js'

/** Characters collected before they are written. */
const CHUNK = 1 << 16

/**
 * If the reader has seen enough, as `head` does, the process ends silently; Node would report EPIPE. A full disk is reported in a
 * sentence. A closed stderr is ignored.
 */
export function endOnClosedOutput(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit()
    process.exit(reportFailure(systemFileError('stdout', 'a place for all of the output', error)))
  })
  process.stderr.on('error', () => undefined)
}

/** Writes text and waits until it is accepted. If it cannot be written, the handler above ends the process. */
export function write(text: string): Promise<void> {
  return new Promise((resolve) => {
    process.stdout.write(text, (error) => {
      if (!error) resolve()
    })
  })
}

/** Writes each line with one line end. Memory: one chunk, for any number of lines. */
export async function writeLines(lines: Iterable<string>): Promise<void> {
  let piece = ''
  for (const line of lines) {
    piece += inOneLine(line) + '\n'
    if (piece.length < CHUNK) continue
    await write(piece)
    piece = ''
  }
  if (piece !== '') await write(piece)
}
