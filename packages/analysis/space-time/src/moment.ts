/** The state between two actions, for a reader who scrubs. */
import { Kind, type Recording } from './recording.js'

/** The state of a run directly after an action. */
export interface Moment {
  /** Forward steps taken so far, taped ones included. */
  readonly forwardSteps: number
  /** Adjoint steps taken so far. */
  readonly adjointSteps: number
  /** Where the forward stands; `undefined` after a tape was read. */
  readonly n: number | undefined
  /** Time so far, under the costs. */
  readonly time: number
  /** The steps whose data each storage holds, in order; tapes kept in working memory as ranges. */
  readonly held: Readonly<Record<string, readonly (readonly [from: number, to: number])[]>>
}

/**
 * The moment after action `i`; before the first one for -1. Time O(actions).
 *
 * @example
 * ```ts
 * import { multistage } from '@checkpoint-schedules/multistage'
 * import { momentAt, record } from '@checkpoint-schedules/space-time'
 *
 * momentAt(record(multistage({ steps: 10, snapshotsInRam: 3 })), 0).held // { RAM: [ [ 0, 1 ] ] }
 * ```
 */
export function momentAt(recording: Recording, i: number): Moment {
  const { kinds, flags, starts, ends, times, storages, bars } = recording
  let forwardSteps = 0
  let adjointSteps = 0
  let n: number | undefined = 0
  for (let k = 0; k <= i; k++) {
    const kind = kinds[k]!
    if (kind === Kind.Forward || kind === Kind.Taped) {
      forwardSteps += ends[k]! - starts[k]!
      n = ends[k]!
    } else if (kind === Kind.Adjoint) adjointSteps += starts[k]! - ends[k]!
    else if (kind === Kind.Copy || kind === Kind.Move) n = flags[k] === 0 ? starts[k]! : undefined
  }
  const held: Record<string, [number, number][]> = Object.fromEntries(storages.map((name) => [name, []]))
  for (let k = 0; k < bars.length; k++) {
    if (bars.from[k]! > i) break
    if (bars.to[k]! > i) held[storages[bars.storages[k]!]!]!.push([bars.steps[k]!, bars.ends[k]!])
  }
  for (const steps of Object.values(held)) steps.sort(([a], [b]) => a - b)
  return { forwardSteps, adjointSteps, n, time: times[i + 1]!, held }
}
