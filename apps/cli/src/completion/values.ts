/** The values for a placeholder in a usage line or a flag, such as `SCHEDULE`, `<plain|notebook>` or `<file>`. */
import { loadProblems, loadSchedules } from '../discovery/load.js'

/** A word that fits, and what it means. */
export interface Candidate {
  readonly text: string
  readonly help: string
}

/** What to offer. Paths are left to the shell, which knows how to display and quote them. */
export interface Offer {
  readonly candidates: readonly Candidate[]
  readonly paths?: 'files' | 'directories' | undefined
}

const paths: Readonly<Record<string, 'files' | 'directories'>> = {
  file: 'files',
  'file.npy': 'files',
  module: 'files',
  directory: 'directories',
}

/** Placeholders for values that only the user knows. Any other one among several alternatives stands for itself. */
const free: ReadonlySet<string> = new Set(['n', 'size', 'number', 'time', 'seconds', 'storage', '-'])

export async function offerFor(placeholder: string): Promise<Offer> {
  const alternatives = placeholder.toLowerCase().split('|')
  const candidates: Candidate[] = []
  for (const name of alternatives) {
    if (name === 'schedule') candidates.push(...summaries((await loadSchedules()).entries))
    else if (name === 'model') candidates.push(...summaries((await loadProblems()).entries))
    else if (alternatives.length > 1 && paths[name] === undefined && !free.has(name))
      candidates.push({ text: name, help: '' })
  }
  return { candidates, paths: alternatives.map((name) => paths[name]).find((kind) => kind !== undefined) }
}

function summaries(entries: ReadonlyMap<string, { definition: { summary: string } }>): Candidate[] {
  return Array.from(entries, ([text, { definition }]) => ({ text, help: definition.summary }))
}
