/** Colours: used on terminals, unless NO_COLOR turns them off; FORCE_COLOR turns them on elsewhere. */
import { isatty } from 'node:tty'
import picocolors from 'picocolors'
import { marked } from './printable.js'

type Stream = NodeJS.WriteStream & { readonly fd: number }
type Colour = 'bold' | 'dim' | 'green' | 'yellow' | 'magenta' | 'cyan'

/** Paints text in each colour. */
export type Colours = Readonly<Record<Colour, (text: string) => string>>

/** The colours for what is written to `stream`. */
export function coloursFor({ fd }: Stream): Colours {
  const { NO_COLOR, FORCE_COLOR, TERM } = process.env
  const wanted = FORCE_COLOR ? FORCE_COLOR !== '0' : isatty(fd) && TERM !== 'dumb'
  const { bold, dim, green, yellow, magenta, cyan } = picocolors.createColors(wanted && !NO_COLOR)
  return {
    bold: marked(bold),
    dim: marked(dim),
    green: marked(green),
    yellow: marked(yellow),
    magenta: marked(magenta),
    cyan: marked(cyan),
  }
}
