/** What goes into `runAdjoint` and what comes out. */
import type { Schedule } from '@checkpoint-schedules/core'
import type {
  Awaitable,
  ForwardModel,
  Journal,
  JournalEvent,
  Model,
  Store,
} from '@checkpoint-schedules/model'
import type { Progress } from './progress.js'
import type { ReplayEvent, ReplayOptions } from '../replay/index.js'
import type { RunStatistics } from './statistics.js'

/** What `runAdjoint` is given. */
export interface RunAdjointOptions<State, Tape, Adjoint> {
  readonly schedule: Schedule
  readonly model: Model<State, Tape, Adjoint>
  /** The state at step 0; copied at once, never changed. */
  readonly initialState: State
  /**
   * The adjoint at the end: a value, copied for each calculation and to be left alone until then, or how to make it from the final state;
   * `k` counts the calculations from 0, `steps` is N. The function is shown a copy and its result is copied, except where the codec has
   * `dispose`: then it must leave the state as it is and return a value of its own.
   */
  readonly terminalAdjoint: Adjoint | ((finalState: State, k: number, steps: number) => Awaitable<Adjoint>)
  /** The number of steps, 0 or more, where the schedule does not know it. Takes precedence over the model's `isDone`, which is not asked then. */
  readonly steps?: number | undefined
  /** The most steps that `isDone` may take to end the forward: then the run ends in an error. By default there is no limit. */
  readonly maxSteps?: number | undefined
  /** Adjoint calculations on the one forward, by default 1 (0 where the schedule permits none). */
  readonly adjoints?: number | undefined
  /** A store for each checkpoint storage that the schedule uses; RAM has `memoryStore()` by default. */
  readonly stores?: Readonly<Record<string, Store>> | undefined
  /**
   * Transfers to and from slow stores under way at once, by default 2: each takes the memory of one state or tape. 0: the run waits
   * for each transfer.
   */
  readonly buffers?: number | undefined
  /**
   * Compares digests of the state when it passes a step again, and ends the run where the forward does not compute again what it
   * computed. `true` takes at most 50 ms and 2 % of the run's time, and compares as much as fits: everything in a short run.
   * `{ share }` says how much it may take. `statistics.replay.verdict` says whether anything was compared. Default: off.
   */
  readonly checkReplay?: boolean | ReplayOptions | undefined
  /** Called some 30 times a second. What it throws ends the run. */
  readonly onProgress?: ((progress: Progress) => void) | undefined
  /**
   * Makes the run resumable: repeating the call continues where a killed process stopped. Storages without a store are kept by the
   * journal. Needs a model that is deterministic, and should have a `fingerprint`.
   */
  readonly journal?: Journal | undefined
  /** Told how the journal was found (resumed, started over, or with something recomputed), and if `checkReplay` compared nothing. */
  readonly onEvent?: ((event: RunEvent) => void) | undefined
  /** Ends the run; its promise rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined
  /**
   * How long an aborted run waits for a promise of the model that is pending, in milliseconds: by default 3000, `Infinity` for as long as it
   * takes. A step that settles in time leaves a durable point in the journal.
   */
  readonly graceMs?: number | undefined
}

/** What `runAdjoint` is given for a forward alone, under a schedule that permits no adjoint, such as `none()`. */
export interface ForwardOptions<State> extends Omit<
  RunAdjointOptions<State, any, any>,
  'schedule' | 'model' | 'terminalAdjoint'
> {
  readonly schedule: Schedule<0>
  readonly model: ForwardModel<State>
  readonly terminalAdjoint?: unknown
}

/** Something that the user should know about a run. */
export type RunEvent = JournalEvent | ReplayEvent

/** What comes out; it belongs to the caller. */
export interface AdjointResult<State, Adjoint> {
  readonly finalState: State
  /** The adjoint at step 0 of each calculation. */
  readonly adjoints: Adjoint[]
  readonly statistics: RunStatistics
}
