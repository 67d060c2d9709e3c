/**
 * Which packages may provide schedules or problems. There is no registry: a package has
 * `"checkpointSchedules": true` or `"checkpointProblems": true` in its package.json, and is found if it is
 *
 * 1. a dependency of this command line,
 * 2. a dependency of the nearest package above the working directory,
 * 3. a package, `packages/<layer>/<package>`, of the workspace that this command line lives in.
 *
 * Only package.json files are read here.
 */
import { existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs'
import { dirname, join, sep } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The part of a package.json that matters here. */
export interface PackageJson {
  readonly name?: string
  readonly exports?: unknown
  readonly main?: string
  readonly checkpointSchedules?: boolean
  readonly checkpointProblems?: boolean
}

/** A package that may be imported. */
export interface FoundPackage {
  readonly directory: string
  readonly json: PackageJson
  /** Whether it is a member of the workspace that this command line lives in. */
  readonly isMember: boolean
}

/** The field in package.json that marks such a package. */
export type Mark = 'checkpointSchedules' | 'checkpointProblems'

const dependencyFields = ['dependencies', 'optionalDependencies', 'peerDependencies', 'devDependencies']

/** The marked packages, each once, those of this command line first. */
export function findPackages(mark: Mark): FoundPackage[] {
  const ownDirectory = fileURLToPath(new URL('../..', import.meta.url))
  const usersDirectory = ancestorWith(process.cwd(), 'package.json')
  const members = workspaceMembers(ownDirectory)
  const directories = [
    ...dependenciesOf(ownDirectory),
    ...(usersDirectory === undefined ? [] : dependenciesOf(usersDirectory)),
    ...members,
  ]
  const found = new Map<string, FoundPackage>()
  for (const directory of directories) {
    const json = readPackageJson(directory)
    if (json?.[mark] !== true) continue
    const real = realpathSync(directory)
    if (!found.has(real)) found.set(real, { directory: real, json, isMember: members.includes(real) })
  }
  return [...found.values()]
}

function dependenciesOf(directory: string): string[] {
  const json = readPackageJson(directory) as Record<string, unknown> | undefined
  const names = dependencyFields.flatMap((field) => Object.keys((json?.[field] as object | undefined) ?? {}))
  return names.flatMap((name) => {
    const installed = installedFrom(directory, name)
    return installed === undefined ? [] : [installed]
  })
}

function workspaceMembers(directory: string): string[] {
  // If we are installed, the workspace above is the user's.
  if (directory.split(sep).includes('node_modules')) return []
  const root = ancestorWith(directory, 'pnpm-workspace.yaml')
  if (root === undefined || !existsSync(join(root, 'packages'))) return []
  return foldersIn(join(root, 'packages'))
    .flatMap(foldersIn)
    .map((folder) => realpathSync(folder))
}

function foldersIn(directory: string): string[] {
  return readdirSync(directory, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => join(directory, entry.name))
    .toSorted()
}

/** The nearest directory, from `directory` upwards, that contains this path. */
export function ancestorWith(directory: string, path: string): string | undefined {
  for (let at = directory; ; at = dirname(at)) {
    if (existsSync(join(at, path))) return at
    if (dirname(at) === at) return undefined
  }
}

/** The directory of the package that an import from `directory` would find. */
export function installedFrom(directory: string, name: string): string | undefined {
  const above = ancestorWith(directory, join('node_modules', name, 'package.json'))
  return above === undefined ? undefined : join(above, 'node_modules', name)
}

/** A package's package.json, if it can be read. */
export function readPackageJson(directory: string): PackageJson | undefined {
  try {
    const json: unknown = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8'))
    return typeof json === 'object' && json !== null ? json : undefined
  } catch {
    return undefined // not a package
  }
}
