/** Stdout: data, in large pieces, no faster than the reader takes them. */
import { systemFileError } from '../files/file-error.js'
import { reportFailure } from './exit.js'
import { inOneLine } from './printable.js'

/** Characters gathered before they are written. */
const CHUNK = 1 << 16

/**
 * A reader that has seen enough, such as `head`, ends the process without a word; Node would report EPIPE. A full disk is told in a
 * sentence. Nobody has to read stderr.
 */
export function endOnClosedOutput(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit()
    process.exit(reportFailure(systemFileError('stdout', 'a place for all of the output', error)))
  })
  process.stderr.on('error', () => undefined)
}

/** Writes text and waits until it is taken. Where it cannot be, the handler above ends the process. */
export function write(text: string): Promise<void> {
  return new Promise((resolve) => {
    process.stdout.write(text, (error) => {
      if (!error) resolve()
    })
  })
}

/** Writes each line with a line end, and no other one. Memory: one piece, however many lines there are. */
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
