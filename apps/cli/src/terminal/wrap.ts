/** Wraps text to the width of the terminal. */

/** The terminal's columns; `undefined` if stdout is not a terminal. Some terminals report 0. */
export function terminalColumns(): number | undefined {
  return process.stdout.columns || undefined
}

const WIDEST = 96
const NARROWEST = 20
/** A space at which no line ends. */
const HARD = '\u00A0'

/**
 * The text in lines, broken at spaces.
 *
 * @param indent - Put before each line.
 * @param width - Of a line including its indent; by default the terminal's, limited to what is easy to read.
 */
export function wrapped(
  text: string,
  indent = '',
  width = Math.min(WIDEST, terminalColumns() ?? WIDEST),
): string[] {
  const room = Math.max(NARROWEST, width - indent.length)
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > room) {
      lines.push(indent + line)
      line = word
    } else line = line === '' ? word : `${line} ${word}`
  }
  return [...lines, indent + line]
}

/** `first` followed by the text; further lines are indented to match. Not wrapped if stdout is not a terminal: programs read lines. */
export function beside(first: string, text: string, paint = (part: string) => part): string[] {
  const columns = terminalColumns()
  const lines = columns === undefined ? [text] : wrapped(text, '', columns - first.length)
  return lines.map((line, i) => (i === 0 ? first : ' '.repeat(first.length)) + paint(line))
}

/**
 * Help for a terminal: paragraphs are filled, and what is too long of an example or a list goes on in the next line, further in. As it is if
 * stdout is not a terminal.
 */
export function fitted(text: string, columns = terminalColumns()): string {
  if (columns === undefined) return text
  const width = Math.min(WIDEST, columns)
  const isProse = (line: string) => /^\S/.test(line)
  const lines: string[] = []
  for (const line of text.split('\n')) {
    const last = lines.at(-1)
    // A line of prose that is followed by another one goes on there.
    if (last !== undefined && isProse(last) && isProse(line) && !last.endsWith(':'))
      lines[lines.length - 1] = `${last} ${line}`
    else lines.push(line)
  }
  return lines.flatMap((line) => (line.length <= width ? line : cut(line, width))).join('\n')
}

function cut(line: string, width: number): string[] {
  const indent = /^ */.exec(line)![0]
  const isExample = line.startsWith('$ ', indent.length)
  const further = isExample ? `${indent}    ` : indent
  // An example is one command: its lines end so that a shell goes on with the next one.
  const room = isExample ? width - further.length - 2 : width - indent.length
  // A flag stays with its value.
  const text = isExample ? line.replaceAll(/ (?!--|[|>])/g, HARD) : line
  const [first, ...rest] = wrapped(text.slice(indent.length), '', room).map((it) => it.replaceAll(HARD, ' '))
  const all = [indent + first!, ...rest.map((it) => further + it)]
  return isExample ? all.map((it, i) => (i < all.length - 1 ? `${it} \\` : it)) : all
}
