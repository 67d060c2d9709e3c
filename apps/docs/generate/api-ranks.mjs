/** How often each export is used in the pages and READMEs, so that what a reader is likely to look for comes first. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { packagesIn, root } from './places.mjs'

/** A function that tells in how many texts a name is imported, or stands alone as code. */
export function ranks() {
  const docs = join(root, 'apps/docs')
  const pages = readdirSync(docs, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.md') && !/^(node_modules|reference|\.vitepress)/.test(file))
    .map((file) => join(docs, file))
  const readmes = packagesIn()
    .map(({ folder }) => join(root, folder, 'README.md'))
    .filter((file) => existsSync(file))
  const counts = new Map()
  for (const file of [join(root, 'README.md'), ...readmes, ...pages])
    for (const name of namesIn(readFileSync(file, 'utf8'))) counts.set(name, (counts.get(name) ?? 0) + 1)
  return (name) => counts.get(name) ?? 0
}

function namesIn(text) {
  const imported = Array.from(text.matchAll(/^import (?:type )?\{([^}]*)\}/gm), ([, names]) => names).join()
  const alone = Array.from(text.matchAll(/`(\w+)(?:\(.*?\))?`/g), ([, name]) => name)
  return new Set([...(imported.match(/\w+/g) ?? []), ...alone])
}
