/** Stdout: data, in large pieces, no faster than the reader takes them. */

/** Characters gathered before they are written. */
const CHUNK = 1 << 16

/** A reader that has seen enough, such as `head`, ends the process without a word. Node would report EPIPE. */
export function endQuietlyOnClosedPipe(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0)
    throw error
  })
}

/** Writes text and waits until it is taken. */
export function write(text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    process.stdout.write(text, (error) => {
      if (error === null || error === undefined) resolve()
      // The handler above ends the process on a closed pipe.
      else if ((error as NodeJS.ErrnoException).code !== 'EPIPE') reject(error)
    })
  })
}

/** Writes each line with a line end. Memory: one piece, however many lines there are. */
export async function writeLines(lines: Iterable<string>): Promise<void> {
  let piece = ''
  for (const line of lines) {
    piece += line + '\n'
    if (piece.length < CHUNK) continue
    await write(piece)
    piece = ''
  }
  if (piece !== '') await write(piece)
}
