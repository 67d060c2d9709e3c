// The types that a package shows: its declarations from the index on, without comments, as one text to compare.
import { readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'

/** The declarations that `dist/index.d.ts` reaches, each file once, in the order of their names. */
export function publicTypes(dist) {
  const texts = new Map()
  const take = (file) => {
    if (texts.has(file)) return
    const text = readFileSync(file, 'utf8')
      .replaceAll(/\/\*[\s\S]*?\*\//g, '')
      .replaceAll(/^\s*\/\/.*$/gm, '')
      .split('\n')
      .filter((line) => line.trim() !== '')
      .join('\n')
    texts.set(file, text)
    for (const [, target] of text.matchAll(/from '(\.[^']+)\.js'/g))
      take(join(dirname(file), `${target}.d.ts`))
  }
  take(join(dist, 'index.d.ts'))
  return Array.from(texts, ([file, text]) => `# ${relative(dist, file)}\n${text}\n`)
    .toSorted()
    .join('\n')
}
