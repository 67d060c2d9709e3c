/** How far the run of a journal is, for people and programs. */
import type { Position } from '@checkpoint-schedules/model'
import type { Log } from './journal-log.js'

/** The last durable point of a journal. */
export interface LastPoint {
  /** Its number, counted from 1. */
  readonly point: number
  readonly position: Position
  /** Adjoint calculations that have ended. */
  readonly results: number
  /** Whether the forward has ended. */
  readonly forwardEnded: boolean
  /** Checkpoints on disk, by storage. */
  readonly checkpoints: Readonly<Record<string, number>>
}

/**
 * The last durable point of a log; `undefined` if there is none yet.
 *
 * @example
 * ```ts
 * import { lastPointOf, type Log } from '@checkpoint-schedules/storage-slots'
 *
 * const reversedIn = (log: Log) => lastPointOf(log)?.position.reversed ?? 0
 * ```
 */
export function lastPointOf({ points }: Log): LastPoint | undefined {
  const last = points.at(-1)
  if (last === undefined) return undefined
  const { point, position, values, stores } = last
  return {
    point,
    position,
    results: values.results.length,
    forwardEnded: values.final !== undefined,
    checkpoints: Object.fromEntries(
      Object.entries(stores).map(([storage, { entries }]) => [storage, entries.length]),
    ),
  }
}
