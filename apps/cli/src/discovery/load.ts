/** Imports the packages that provide schedules or problems and collects their branded exports by name. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import {
  type AnyScheduleFactory,
  isScheduleFactory,
  schedulesIn,
  toKebabCase,
} from '@checkpoint-schedules/core'
import type { Problem } from '@checkpoint-schedules/driver'
import { tell } from '../terminal/tell.js'
import { unknownName, usageError } from '../terminal/usage-error.js'
import { entryPoint } from './entry-point.js'
import { fromModule, namesCode } from './modules.js'
import { findPackages, type FoundPackage, type Mark } from './packages.js'

/** The things that the command line knows by name. */
export interface Catalogue<T> {
  /** By kebab-case name, sorted. */
  readonly entries: ReadonlyMap<string, T>
  /** Members of this workspace that are not built yet, so that what they provide is unknown. */
  readonly unbuilt: readonly string[]
}

/** All schedules. */
export function loadSchedules(): Promise<Catalogue<AnyScheduleFactory>> {
  return load('checkpointSchedules', (exports) =>
    schedulesIn(exports).map(({ command, factory }) => [command, factory]),
  )
}

/** All problems. */
export async function loadProblems(): Promise<Catalogue<Problem>> {
  const { isProblem } = await import('@checkpoint-schedules/driver')
  return load('checkpointProblems', (exports) =>
    Object.entries(exports).flatMap(([name, value]): [string, Problem][] =>
      isProblem(value) ? [[toKebabCase(name), value]] : [],
    ),
  )
}

/** The entry with this name. @throws `INVALID_OPTION`, listing the names that there are. */
export function named<T>(kind: string, name: string, { entries, unbuilt }: Catalogue<T>): T {
  const found = entries.get(name)
  if (found !== undefined) return found
  const hint = unbuilt.length === 0 ? '' : ` Not built yet: ${unbuilt.join(', ')}; run pnpm build.`
  throw usageError(unknownName(kind, name, [...entries.keys()]) + hint)
}

/** The schedule with this name, or the one that the name refers to in a module or package. */
export async function scheduleNamed(
  name: string,
  schedules: Catalogue<AnyScheduleFactory>,
): Promise<AnyScheduleFactory> {
  if (!namesCode(name)) return named('schedule', name, schedules)
  return (await fromModule('schedule', name, isScheduleFactory)).value
}

async function load<T>(mark: Mark, pick: (exports: object) => [string, T][]): Promise<Catalogue<T>> {
  const found = new Map<string, { value: T; from: string }>()
  const unbuilt: string[] = []
  for (const item of findPackages(mark)) {
    const from = item.json.name ?? item.directory
    if (item.isMember && !existsSync(join(item.directory, entryPoint(item.json)))) {
      unbuilt.push(from)
      continue
    }
    try {
      for (const [name, value] of pick(await importPackage(item))) {
        const first = found.get(name)
        if (first === undefined) found.set(name, { value, from })
        else warn(`${name} of ${from} is hidden by the one in ${first.from}.`)
      }
    } catch (error) {
      warn(
        `the package ${from} could not be loaded: ${error instanceof Error ? error.message : String(error)}`,
      )
    }
  }
  const sorted = [...found].toSorted(([a], [b]) => (a < b ? -1 : 1))
  return { entries: new Map(sorted.map(([name, { value }]) => [name, value])), unbuilt }
}

async function importPackage({ directory, json }: FoundPackage): Promise<object> {
  return (await import(pathToFileURL(join(directory, entryPoint(json))).href)) as object
}

function warn(sentence: string): void {
  tell(`warning: ${sentence.split('\n')[0]}`)
}
