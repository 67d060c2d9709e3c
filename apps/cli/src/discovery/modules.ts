/**
 * Code that a flag names: a module of the user (`./my-model.mjs`, `./models.mjs#ocean`), or an export of an installed package
 * (`@someone/their-schedule#name`). Nothing else is ever loaded.
 */
import { createHash } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { toKebabCase } from '@checkpoint-schedules/core'
import { fileError } from '../files/file-error.js'
import { unknownName, usageError } from '../terminal/usage-error.js'
import { entryPoint } from './entry-point.js'
import { installedFrom, readPackageJson } from './packages.js'

/** What a module may export. */
type Kind = 'problem' | 'schedule' | 'store'

/** What was found, and the digest of its file. */
export interface FromModule<T> {
  readonly value: T
  readonly digest: string
}

/** Whether a name on the command line refers to code instead of something known by name. */
export function namesCode(name: string): boolean {
  return /[/\\.#@]/.test(name)
}

/**
 * The export that `spec` names; without a name, the only one that fits.
 *
 * @throws `INVALID_FILE`, `INVALID_OPTION`
 */
export async function fromModule<T>(
  kind: Kind,
  spec: string,
  fits: (value: unknown) => value is T,
): Promise<FromModule<T>> {
  const [module = '', wanted] = spec.split('#')
  const file =
    /^(\.|\/|[A-Za-z]:)/.test(module) || /\.[cm]?js$/.test(module) ? resolve(module) : packageEntry(module)
  const facts = statSync(file, { throwIfNoEntry: false })
  if (!facts?.isFile())
    throw fileError(
      file,
      `expected a module that exports a ${kind}; it ${facts ? 'is not a file' : 'does not exist'}`,
    )
  let exports: object
  try {
    exports = (await import(pathToFileURL(file).href)) as object
  } catch (error) {
    throw fileError(
      file,
      `cannot be loaded: ${error instanceof Error ? error.message : String(error)}`,
      error,
    )
  }
  const found = Object.entries(exports).filter((entry): entry is [string, T] => fits(entry[1]))
  const named = found.find(([name]) => name === wanted || toKebabCase(name) === wanted)
  const names = found.map(([name]) => name)
  const digest = createHash('sha256').update(readFileSync(file)).digest('hex')
  if (named !== undefined) return { value: named[1], digest }
  if (wanted !== undefined) throw usageError(`${module}: ${unknownName(kind, wanted, names)}`)
  const [first, ...others] = found
  if (first === undefined) throw fileError(file, `exports no ${kind}; ${ways[kind]}`)
  if (others.length > 0)
    throw usageError(
      `${module} exports several; pass one of them: ${names.map((name) => `${module}#${name}`).join(', ')}.`,
    )
  return { value: first[1], digest }
}

/** How to make what a module should export. */
const ways: Readonly<Record<Kind, string>> = {
  problem: 'make one with defineProblem of @checkpoint-schedules/driver',
  schedule: 'make one with defineSchedule of @checkpoint-schedules/core',
  store:
    'export an object with the methods put, get and delete, such as fetchClient of @checkpoint-schedules/storage-object makes',
}

function packageEntry(name: string): string {
  // Only package names: a path would lead elsewhere.
  const isName = /^(@[\w.-]+\/)?[\w-][\w.-]*$/.test(name)
  const directory = isName ? installedFrom(process.cwd(), name) : undefined
  const json = directory === undefined ? undefined : readPackageJson(directory)
  if (json === undefined)
    throw usageError(
      `there is no package ${JSON.stringify(name)} in a node_modules folder here or above; install it, or pass a path that begins with ./ .`,
    )
  return join(directory!, entryPoint(json))
}
