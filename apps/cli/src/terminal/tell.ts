/** Stderr: messages to the user. */
import { inOneLine } from './printable.js'
import { wrapped } from './wrap.js'

/** Writes a sentence to stderr, and further details on lines of their own. A terminal gets lines that break at words. */
export function tell(sentence: string, ...lines: readonly string[]): void {
  const all = [`checkpoint-schedules: ${sentence}`, ...lines]
  const { isTTY, columns } = process.stderr
  const shown = all
    .map(inOneLine)
    .flatMap((line) => (isTTY && columns > 0 ? wrapped(line, '', columns) : [line]))
  process.stderr.write(shown.map((line) => `${line}\n`).join(''))
}
