/** The one way to the terminal: all that this process writes to stdout and stderr, models included, passes `printable`. */
import { printable } from './printable.js'

const direct = process.stderr.write.bind(process.stderr)

let isInPlace = false

/** Puts the guard in place, once. */
export function guardTerminal(): void {
  if (isInPlace) return
  isInPlace = true
  for (const stream of [process.stdout, process.stderr]) {
    const write = stream.write.bind(stream) as (text: string, ...rest: unknown[]) => boolean
    stream.write = (chunk: string | Uint8Array, ...rest: unknown[]) =>
      write(printable(typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString()), ...rest)
  }
}

/** Stderr without the guard, for what moves the cursor. Nothing foreign may be written there. */
export function unguardedStderr(): NodeJS.WriteStream {
  return Object.create(process.stderr, { write: { value: direct } }) as NodeJS.WriteStream
}
