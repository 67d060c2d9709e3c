/** Colours: used on terminals, unless NO_COLOR turns them off; FORCE_COLOR turns them on elsewhere. */
import { isatty } from 'node:tty'
import picocolors from 'picocolors'
import { marked } from './printable.js'

type Stream = NodeJS.WriteStream & { readonly fd: number }
type Colour = 'bold' | 'dim' | 'green' | 'yellow' | 'magenta' | 'cyan'

/** Paints text in each colour. */
export type Colours = Readonly<Record<Colour, (text: string) => string>>

/** The colours for what is written to `stream`. */
export function coloursFor(stream: Stream): Colours {
  const { bold, dim, green, yellow, magenta, cyan } = directColoursFor(stream)
  return {
    bold: marked(bold),
    dim: marked(dim),
    green: marked(green),
    yellow: marked(yellow),
    magenta: marked(magenta),
    cyan: marked(cyan),
  }
}

/** The same as plain escape sequences, for output that bypasses the guard. */
export function directColoursFor({ fd }: Stream): Colours {
  const { NO_COLOR, FORCE_COLOR, TERM } = process.env
  const wanted = FORCE_COLOR ? FORCE_COLOR !== '0' : isatty(fd) && TERM !== 'dumb'
  return picocolors.createColors(wanted && !NO_COLOR)
}
