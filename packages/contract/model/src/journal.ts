/**
 * The journal contract: what outlives the process of a run, so that repeating the call resumes where a killed process stopped.
 *
 * ```
 * run      ---o-------------o------- killed        o  a durable point: how far the run was, the values that cannot be recomputed,
 *                           |                         and the checkpoints that the journal's own store keeps
 * resumed                   +--> the rest          checkpoints that were in memory are recomputed in one forward sweep
 * ```
 *
 * A journal knows bytes and files, nothing of schedules; the driver knows when a point is consistent. `fileJournal` of storage-fs is
 * one on disk, `opfsJournal` of storage-browser one in a browser, `objectJournal` of storage-object one in an object store.
 */
import type { CheckpointKind } from '@checkpoint-schedules/core'
import type { Awaitable } from './awaitable.js'
import type { Codec } from './codec.js'
import type { Store } from './store.js'

/** What identifies a run, as plain JSON. A journal of another run is refused, and the error names the difference. */
export interface RunIdentity {
  readonly schedule: string
  readonly options: object
  /** N, if it is known from the start. */
  readonly steps: number | null
  readonly adjoints: number
  /** The model's own `fingerprint`, or `null`. */
  readonly model: string | null
  /** The digest of the initial state. */
  readonly initialState: string
  /** The digest of the terminal adjoint; `null` if it is a function. */
  readonly terminalAdjoint: string | null
}

/** What a run passes to a journal when it opens it. */
export interface JournalSettings {
  readonly identity: RunIdentity
  readonly codecs: {
    readonly state: Codec<unknown>
    readonly tape: Codec<unknown>
    readonly adjoint: Codec<unknown>
  }
  /** Aborts when the run is to end early: opening should end soon then, and leave nothing behind. */
  readonly signal?: AbortSignal | undefined
  /** Called with what opening the journal or its store finds. */
  readonly onEvent?: ((event: JournalEvent) => void) | undefined
}

/** How far a run is. */
export interface Position {
  /** Actions that were carried out in full. */
  readonly actions: number
  /**
   * The step at which the state stands within the Forward that is under way, or the adjoint within the Reverse; `null` between two
   * actions.
   */
  readonly at: number | null
  /** N, once it is known. */
  readonly steps: number | null
  /** Steps reversed in the adjoint calculation that is under way. */
  readonly reversed: number
  /** Forward steps taken in all, recomputed ones included: a check on `actions` and `at`. */
  readonly forwardSteps: number
}

/** A checkpoint of a storage. */
export interface HeldCheckpoint {
  readonly storage: string
  readonly step: number
  readonly kind: CheckpointKind
}

/** What is to be made durable. The values stay the run's. */
export interface JournalPoint {
  readonly position: Position
  /** The checkpoints that the position needs; the journal keeps those that its own store holds. */
  readonly held: readonly HeldCheckpoint[]
  /** The working state, while the forward has not ended. */
  readonly state?: { readonly value: unknown } | undefined
  /** The adjoint of the calculation that is under way. */
  readonly adjoint?: { readonly value: unknown } | undefined
  /** The final state, once the forward has ended: it is written once. */
  readonly final?: { readonly value: unknown } | undefined
  /** The adjoints of the calculations that have ended: each is written once. */
  readonly results: readonly unknown[]
}

/** A durable point that was found, with values that belong to the reader. */
export interface FoundPoint {
  readonly position: Position
  readonly results: number
  /** The value, or `undefined` if the point has none. */
  read(what: 'state' | 'adjoint' | 'final' | { readonly result: number }): Promise<unknown>
}

/** What a run's journal cost. */
export interface JournalStatistics {
  /** Durable points made. */
  readonly points: number
  /** Bytes written for them, besides the checkpoints. */
  readonly bytes: number
  /** Most bytes that were kept in checkpoints for the last durable point though the schedule had deleted them. */
  readonly retainedBytes: number
  /** Milliseconds that the run waited for them. */
  readonly timeMs: number
}

/** Something that the user should know about the journal. */
export interface JournalEvent {
  /**
   * `resumed`: the run continues at a durable point. `started-over`: there was nothing to resume from. `recomputed`: a checkpoint, or
   * a later point, could not be read. `unnamed-model`: a run is resumed and its model has no fingerprint, so that a changed model
   * cannot be detected. `not-observed`: what an earlier process showed to `observe` and `observeAdjoint`, and this one
   * does not. `left-out`: storages whose checkpoints are not in the journal, because they have stores of their own. `waiting`: the
   * journal may be in use on another host, which is watched for a while. `taken-over`: it was taken from there.
   */
  readonly type:
    | 'resumed'
    | 'started-over'
    | 'recomputed'
    | 'unnamed-model'
    | 'not-observed'
    | 'left-out'
    | 'waiting'
    | 'taken-over'
  readonly message: string
}

/** A journal that a run has opened. */
export interface OpenJournal {
  /** Where to resume; `undefined`: at the beginning. */
  readonly found: FoundPoint | undefined
  /** Keeps checkpoints beyond the process. Opened once for each storage; on resuming it holds those of the found point that are whole. */
  readonly store: Store
  /** Whether it is time for a durable point, this many steps after the last one. */
  isDue(steps: number): boolean
  /** Resolves when the point is durable. */
  commit(point: JournalPoint): Promise<void>
  readonly statistics: Omit<JournalStatistics, 'timeMs'>
  /** `finished`: the run is over and nothing is left; otherwise it can be resumed. Called once, after the stores were closed. */
  close(outcome: 'finished' | 'unfinished'): Awaitable<void>
}

/** What is passed to `runAdjoint`. */
export interface Journal {
  /** @throws `JOURNAL_MISMATCH`: there is a journal of another run. */
  open(settings: JournalSettings): Awaitable<OpenJournal>
}
