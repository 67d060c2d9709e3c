/** Where things are. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The repository. */
export const root = fileURLToPath(new URL('../../..', import.meta.url))
/** The folder of generated pages; nothing in it is written by hand. */
export const target = fileURLToPath(new URL('../reference/', import.meta.url))

/** The package.json of a package. */
export const manifestOf = (name) =>
  JSON.parse(readFileSync(join(root, 'packages', name, 'package.json'), 'utf8'))
