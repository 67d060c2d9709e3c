/** Wraps text to the width of the terminal. */

/** The terminal's columns; `undefined` if stdout is not a terminal. Some terminals report 0. */
export function terminalColumns(): number | undefined {
  return process.stdout.columns || undefined
}

const WIDEST = 96
const NARROWEST = 20

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
