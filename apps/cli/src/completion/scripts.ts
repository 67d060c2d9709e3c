/**
 * The supported shells. Their scripts are in the folder `completion`: each defines a function that calls this program at each Tab and
 * reads lines: candidates, and `:files` or `:directories` if paths fit as well.
 */
import { readFileSync } from 'node:fs'
import type { Offer } from './values.js'

/** How to talk to one shell. */
interface Shell {
  /** A candidate as a line of the answer. */
  readonly line: (text: string, help: string) => string
  /** The words as the user typed them, without the shell's splitting. */
  readonly words: (words: readonly string[]) => readonly string[]
}

const asTyped = (words: readonly string[]) => words

/** By the shell's name. */
export const shells: Readonly<Record<string, Shell>> = {
  bash: { line: (text) => text, words: joinedAtEquals },
  zsh: {
    line: (text, help) => [text.replaceAll(':', String.raw`\:`), help].filter(Boolean).join(':'),
    words: asTyped,
  },
  fish: { line: (text, help) => [text, help].filter(Boolean).join('\t'), words: asTyped },
}

/** The script for a shell. */
export function scriptFor(shell: string): string {
  return readFileSync(new URL(`../../completion/checkpoint-schedules.${shell}`, import.meta.url), 'utf8')
}

/** bash splits `--format=json` into three words. */
function joinedAtEquals(words: readonly string[]): readonly string[] {
  const joined: string[] = []
  words.forEach((word, i) => {
    if (i > 0 && (word === '=' || words[i - 1] === '=')) joined.push((joined.pop() ?? '') + word)
    else joined.push(word)
  })
  return joined
}

/** The answer to a Tab. bash replaces only what comes after the `=`. */
export function answerLines(shell: string, typed: string, { candidates, paths }: Offer): string[] {
  const cut = shell === 'bash' ? (/^--[^=]+=/.exec(typed)?.[0].length ?? 0) : 0
  const oneLine = (text: string) => text.replaceAll(/\p{Cc}+/gu, ' ')
  return [
    ...candidates.map(({ text, help }) => shells[shell]!.line(oneLine(text.slice(cut)), oneLine(help))),
    ...(paths === undefined ? [] : [`:${paths}`]),
  ]
}
