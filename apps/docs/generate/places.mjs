/** Paths. */
import { fileURLToPath } from 'node:url'

export { packagesIn, root } from '../../../scripts/workspace.mjs'
/** The folder of generated pages; nothing in it is written by hand. */
export const target = fileURLToPath(new URL('../reference/', import.meta.url))
