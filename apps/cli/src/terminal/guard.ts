/** The only way to the terminal: everything that this process, including models, writes to stdout and stderr passes through `printable`. */
import { printable } from './printable.js'

const direct = process.stderr.write.bind(process.stderr)

let isInPlace = false

/** Installs the guard, once. */
export function guardTerminal(): void {
  if (isInPlace) return
  isInPlace = true
  for (const stream of [process.stdout, process.stderr]) {
    const write = stream.write.bind(stream) as (text: string, ...rest: unknown[]) => boolean
    stream.write = (chunk: string | Uint8Array, ...rest: unknown[]) =>
      write(printable(typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString()), ...rest)
  }
}

/** Stderr without the guard, for output that moves the cursor. Never write foreign text to it. */
export function unguardedStderr(): NodeJS.WriteStream {
  return Object.create(process.stderr, { write: { value: direct } }) as NodeJS.WriteStream
}
