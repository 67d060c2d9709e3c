/**
 * A schedule's actions, recorded column by column: what pictures and viewers read, small enough for a million actions and made of
 * typed arrays, so that a worker can hand it over.
 *
 * ```
 * i       0        1      2     3        one entry an action
 * kinds   Forward  Taped  End   Adjoint
 * starts  0        2            3        where it begins, in steps
 * ends    2        3            2        where it ends
 * times   0        2      3     3     4  when it begins; the last entry is the makespan
 * ```
 */
import {
  type Action,
  CheckpointScheduleError,
  type CostModelInput,
  defaultCosts,
  isCheckpointStorage,
  isSchedule,
  type Schedule,
} from '@checkpoint-schedules/core'
import { type Bars, BarRecorder } from './bars.js'

/**
 * The kinds of actions that pictures distinguish, as numbers in `Recording.kinds`.
 *
 * @example
 * ```ts
 * import { multistage } from '@checkpoint-schedules/multistage'
 * import { Kind, record } from '@checkpoint-schedules/space-time'
 *
 * record(multistage({ steps: 10, snapshotsInRam: 3 })).kinds.filter((kind) => kind === Kind.Copy).length // 3
 * ```
 */
export const Kind = {
  Forward: 0,
  Taped: 1,
  Adjoint: 2,
  Copy: 3,
  Move: 4,
  EndForward: 5,
  EndReverse: 6,
  Discard: 7,
} as const

/** What to record. */
export interface RecordSettings {
  /** The number of steps; needed if the schedule or the stream does not say it. */
  readonly steps?: number | undefined
  readonly adjoints?: number | undefined
  /** What steps and transfers cost; what is left out has its default. */
  readonly costs?: CostModelInput | undefined
  /** Most actions to record; 4,000,000 by default. */
  readonly mostActions?: number | undefined
}

/** Actions, column by column. */
export interface Recording {
  /** N. */
  readonly steps: number
  /** The number of actions. */
  readonly length: number
  /** What each action is, as in `Kind`. */
  readonly kinds: Uint8Array
  readonly flags: Uint8Array
  /** Where each action begins: n0 of a Forward, n1 of a Reverse, the step that is read or discarded. */
  readonly starts: Float64Array
  /** Where each action ends: n1 of a Forward (not past N), n0 of a Reverse. */
  readonly ends: Float64Array
  /** The storage that each action names, as an index of `names`. */
  readonly places: Uint8Array
  readonly names: readonly string[]
  /** When each action begins under the costs, and the makespan as the last entry. */
  readonly times: Float64Array
  /** The storages that hold something, and WORKING_MEMORY if tapes are kept in it. */
  readonly storages: readonly string[]
  /** Checkpoints held after each action, by storage. */
  readonly held: readonly Uint32Array[]
  /** What is held, from when to when. */
  readonly bars: Bars
}

const WRITES_ICS = 1
const WRITES_TAPE = 2
const CLEARS = 4
const READS_TAPE = 8
const MOST_ACTIONS = 4_000_000

/**
 * Records the actions of a schedule, or of any valid stream of them.
 *
 * Time and memory O(actions), about 60 bytes for each. The laws are not checked: `verify` of the simulator does that.
 *
 * @throws `INVALID_OPTION`: an online schedule or an unbounded stream without `steps`, or more actions than `mostActions`.
 * @example
 * ```ts
 * import { multistage } from '@checkpoint-schedules/multistage'
 * import { record } from '@checkpoint-schedules/space-time'
 *
 * const recording = record(multistage({ steps: 10, snapshotsInRam: 3 }))
 * recording.times[recording.length] // 35
 * ```
 */
export function record(
  source: Schedule | Iterable<Action>,
  { steps, adjoints, costs, mostActions = MOST_ACTIONS }: RecordSettings = {},
): Recording {
  const known = steps ?? (isSchedule(source) ? (source.manifest.steps ?? undefined) : undefined)
  if (isSchedule(source) && known === undefined)
    throw refused(`${source.manifest.name} is online: pass { steps }, the number of steps to record.`)
  const actions = isSchedule(source) ? source.start({ steps: known, adjoints }) : source
  const kinds: number[] = []
  const flags: number[] = []
  const starts: number[] = []
  const ends: number[] = []
  const places: number[] = []
  const times: number[] = [0]
  const names: string[] = []
  const bars = new BarRecorder()
  const cost = costOf(costs)
  let limit = known ?? Infinity
  for (const action of actions) {
    if (kinds.length >= mostActions)
      throw refused(
        `there are more than ${mostActions} actions. Record fewer steps, or pass a larger mostActions.`,
      )
    const place = placeOf(action)
    if (!names.includes(place)) names.push(place)
    const end = 'n0' in action && action.type === 'Forward' ? Math.min(action.n1, limit) : endOf(action)
    kinds.push(kindOf(action))
    flags.push(flagsOf(action))
    starts.push(startOf(action))
    ends.push(end)
    places.push(names.indexOf(place))
    bars.apply(action, end, kinds.length - 1)
    times.push(times.at(-1)! + cost(action, end))
    if (action.type === 'EndForward' && limit === Infinity) limit = ends.at(-2) ?? 0
  }
  if (limit === Infinity || ends.some((end) => end > limit))
    throw refused('the actions do not say how many steps there are: pass { steps }.')
  const length = kinds.length
  return {
    steps: limit,
    length,
    kinds: Uint8Array.from(kinds),
    flags: Uint8Array.from(flags),
    starts: Float64Array.from(starts),
    ends: Float64Array.from(ends),
    places: Uint8Array.from(places),
    names,
    times: Float64Array.from(times),
    ...bars.finish(length),
  }
}

/**
 * The i-th action of a recording. A Forward without a fixed end ends at N.
 *
 * @example
 * ```ts
 * import { formatAction } from '@checkpoint-schedules/core'
 * import { multistage } from '@checkpoint-schedules/multistage'
 * import { actionAt, record } from '@checkpoint-schedules/space-time'
 *
 * formatAction(actionAt(record(multistage({ steps: 3, snapshotsInRam: 1 })), 0)) // 'Forward(0, 2, true, false, RAM)'
 * ```
 */
export function actionAt({ kinds, flags, starts, ends, places, names }: Recording, i: number): Action {
  const kind = kinds[i]!
  const flag = flags[i]!
  const start = starts[i]!
  const place = names[places[i]!]!
  if (kind === Kind.Forward || kind === Kind.Taped) {
    const writeIcs = (flag & WRITES_ICS) !== 0
    const writeAdjDeps = (flag & WRITES_TAPE) !== 0
    return { type: 'Forward', n0: start, n1: ends[i]!, writeIcs, writeAdjDeps, storage: place }
  }
  if (kind === Kind.Adjoint)
    return { type: 'Reverse', n1: start, n0: ends[i]!, clearAdjDeps: (flag & CLEARS) !== 0 }
  if (kind === Kind.EndForward || kind === Kind.EndReverse)
    return { type: kind === Kind.EndForward ? 'EndForward' : 'EndReverse' }
  if (kind === Kind.Discard) return { type: 'Discard', n: start, storage: place }
  const to = (flag & READS_TAPE) === 0 ? 'FWD_RESTART' : 'ADJ_DEPS'
  return { type: kind === Kind.Copy ? 'Copy' : 'Move', n: start, from: place, to }
}

function kindOf(action: Action): number {
  if (action.type === 'Forward') return action.writeAdjDeps ? Kind.Taped : Kind.Forward
  return action.type === 'Reverse' ? Kind.Adjoint : Kind[action.type]
}

function flagsOf(action: Action): number {
  if (action.type === 'Forward')
    return (action.writeIcs ? WRITES_ICS : 0) | (action.writeAdjDeps ? WRITES_TAPE : 0)
  if (action.type === 'Reverse') return action.clearAdjDeps ? CLEARS : 0
  return 'to' in action && action.to === 'ADJ_DEPS' ? READS_TAPE : 0
}

function startOf(action: Action): number {
  if (action.type === 'Forward') return action.n0
  if (action.type === 'Reverse') return action.n1
  return 'n' in action ? action.n : 0
}

function endOf(action: Action): number {
  if (action.type === 'Forward') return action.n1
  if (action.type === 'Reverse') return action.n0
  return 'n' in action ? action.n : 0
}

function placeOf(action: Action): string {
  if (action.type === 'Forward' || action.type === 'Discard') return action.storage
  return 'from' in action ? action.from : 'NONE'
}

function costOf(given: CostModelInput = {}): (action: Action, end: number) => number {
  const { forwardStep = defaultCosts.forwardStep, adjointStep = defaultCosts.adjointStep } = given
  const write: Readonly<Record<string, number>> = { ...defaultCosts.write, ...given.write }
  const read: Readonly<Record<string, number>> = { ...defaultCosts.read, ...given.read }
  return (action, end) => {
    if (action.type === 'Forward') {
      const stores = (action.writeIcs || action.writeAdjDeps) && isCheckpointStorage(action.storage)
      return (end - action.n0) * forwardStep + (stores ? (write[action.storage] ?? 0) : 0)
    }
    if (action.type === 'Reverse') return (action.n1 - action.n0) * adjointStep
    return 'from' in action ? (read[action.from] ?? 0) : 0
  }
}

function refused(why: string): CheckpointScheduleError {
  return new CheckpointScheduleError('INVALID_OPTION', `record: ${why}`)
}
