/** Stderr: messages to the user. */
import { inOneLine } from './printable.js'

/** Writes a sentence to stderr, and further details on lines of their own. */
export function tell(sentence: string, ...lines: readonly string[]): void {
  const all = [`checkpoint-schedules: ${sentence}`, ...lines]
  process.stderr.write(all.map((line) => `${inOneLine(line)}\n`).join(''))
}
