// What a source file imports, for the checks of the layers and for their drawing.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** The sources in a folder, each with its text (comments removed) and the modules that it imports or exports from. */
export function sourcesIn(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.[cm]?[jt]s$/.test(entry.name))
    .map((entry) => {
      const file = join(entry.parentPath, entry.name)
      const code = readFileSync(file, 'utf8').replace(/\/\*[\s\S]*?\*\//g, '')
      return { file, code, imports: importsOf(code) }
    })
}

function importsOf(code) {
  const pattern = /(?:^(?:import|export)\s[\w\s{},*$]*?from\s+|^import\s+|\bimport\(\s*)'([^']+)'/gm
  return Array.from(code.matchAll(pattern), ([, specifier]) => specifier)
}
