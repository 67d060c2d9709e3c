/** Colours, where they are wanted: on terminals, unless NO_COLOR says no or FORCE_COLOR says yes. */
import { isatty } from 'node:tty'
import picocolors from 'picocolors'

/** The colours for what is written to `stream`. */
export function coloursFor(
  stream: NodeJS.WriteStream & { readonly fd: number },
): ReturnType<typeof picocolors.createColors> {
  const { NO_COLOR, FORCE_COLOR, TERM } = process.env
  const wanted = FORCE_COLOR ? FORCE_COLOR !== '0' : isatty(stream.fd) && TERM !== 'dumb'
  return picocolors.createColors(wanted && !NO_COLOR)
}
