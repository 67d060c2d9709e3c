/** The store contract: where checkpoints live. A store is opened once for each run, so one store may serve several runs. */
import type { CheckpointKind } from '@checkpoint-schedules/core'
import type { Codec } from './codec.js'
import type { Awaitable } from './awaitable.js'

/** Names a checkpoint within a storage. No two checkpoints of a storage have the same step. */
export interface CheckpointKey {
  readonly step: number
  /** Restart data is a state, dependency data a tape. */
  readonly kind: CheckpointKind
}

/** What a run passes to a store when it opens it. */
export interface StoreSettings {
  /** The storage it serves, such as `DISK`. */
  readonly storage: string
  /** Most checkpoints held at once, `null` if the schedule does not know. The driver enforces it, not the store. */
  readonly limit: number | null
  readonly codecs: { readonly restart: Codec<unknown>; readonly dependency: Codec<unknown> }
  /** Aborts when the run is to end early: operations under way may then reject. */
  readonly signal?: AbortSignal | undefined
}

/**
 * The checkpoints of one run in one storage. Several operations may be under way at once, but no two on one key.
 */
export interface OpenStore {
  /** Keeps `value`: the store owns it from now on, even if it fails. Settles when the checkpoint is stored. */
  put(key: CheckpointKey, value: unknown): Awaitable<void>
  /** A copy that the caller owns; the checkpoint stays. */
  get(key: CheckpointKey): Awaitable<unknown>
  /** The checkpoint itself, handed over and gone from the store. */
  take(key: CheckpointKey): Awaitable<unknown>
  delete(key: CheckpointKey): Awaitable<void>
  keys(): Iterable<CheckpointKey>
  /** Resolves when all that was put is durable. */
  flush(): Awaitable<void>
  /** Releases every checkpoint. */
  clear(): Awaitable<void>
  /** Releases the store itself; called once, after `clear`. */
  close(): Awaitable<void>
}

/** Where the checkpoints of a storage live. */
export interface Store {
  /** What serves the checkpoints, for summaries: `memory`, `files`, … */
  readonly medium: string
  /**
   * Checkpoints stay in this process's memory, and operations are done when they return. The driver then counts them as memory
   * and has nothing to overlap.
   */
  readonly inMemory?: boolean
  open(settings: StoreSettings): Awaitable<OpenStore>
}
