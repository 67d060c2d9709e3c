/** Text in lines that fit the terminal. */

/** The terminal's columns; `undefined` where stdout is none. Some terminals say 0. */
export function terminalColumns(): number | undefined {
  return process.stdout.columns || undefined
}

const WIDEST = 96
const NARROWEST = 20

/**
 * The text in lines, broken at spaces.
 *
 * @param indent - Put before each line.
 * @param width - Of a line with its indent; by default that of the terminal, and never more than is easy to read.
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

/** The text beside `first`, which its later lines stay clear of. As it is where stdout is no terminal: programs read lines. */
export function beside(first: string, text: string, paint = (part: string) => part): string[] {
  const columns = terminalColumns()
  const lines = columns === undefined ? [text] : wrapped(text, '', columns - first.length)
  return lines.map((line, i) => (i === 0 ? first : ' '.repeat(first.length)) + paint(line))
}
