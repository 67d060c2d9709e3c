/** Stderr: sentences to whoever typed the command. */
import { inOneLine } from './printable.js'

/** Writes a sentence to stderr, and what explains it on lines of its own. */
export function tell(sentence: string, ...lines: readonly string[]): void {
  const all = [`checkpoint-schedules: ${sentence}`, ...lines]
  process.stderr.write(all.map((line) => `${inOneLine(line)}\n`).join(''))
}
