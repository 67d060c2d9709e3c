/** Finds the schedules among a module's exports: a package needs no registration beyond exporting its factories. */
import { type AnyScheduleFactory, isScheduleFactory } from './define-schedule.js'
import { toKebabCase } from './names.js'

/** A schedule family as a package exports it. */
export interface DiscoveredSchedule {
  /** The export's name, such as `hRevolve`. */
  readonly exportName: string
  /** Its name on a command line, such as `h-revolve`. */
  readonly command: string
  readonly factory: AnyScheduleFactory
}

/**
 * The branded factories among `exports`, by name.
 *
 * @example
 * ```ts
 * import * as core from '@checkpoint-schedules/core'
 *
 * core.schedulesIn(core) // []
 * ```
 */
export function schedulesIn(exports: object): DiscoveredSchedule[] {
  return Object.entries(exports)
    .filter((entry): entry is [string, AnyScheduleFactory] => isScheduleFactory(entry[1]))
    .map(([exportName, factory]) => ({ exportName, command: toKebabCase(exportName), factory }))
    .toSorted((a, b) => (a.exportName < b.exportName ? -1 : 1))
}
