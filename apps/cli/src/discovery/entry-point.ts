/**
 * The file that importing a package loads. Node resolves names only relative to the importing file, and the user's packages
 * are elsewhere, so we read the one entry of `exports` that matters.
 */
import type { PackageJson } from './packages.js'

const conditions: ReadonlySet<string> = new Set(['node', 'import', 'module-sync', 'default'])

/** The path of the main entry, relative to the package's directory. */
export function entryPoint({ exports, main }: PackageJson): string {
  const root = isRecord(exports) && '.' in exports ? exports['.'] : exports
  return target(root) ?? main ?? 'index.js'
}

// The first condition that holds wins, in the order of the file.
function target(value: unknown): string | undefined {
  if (typeof value === 'string') return value
  if (Array.isArray(value)) return value.map(target).find((path) => path !== undefined)
  if (!isRecord(value)) return undefined
  for (const [condition, nested] of Object.entries(value)) {
    const path = conditions.has(condition) ? target(nested) : undefined
    if (path !== undefined) return path
  }
  return undefined
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
