/**
 * Where a schedule keeps data. Checkpoint storages hold data until it is moved away; working storage
 * is what the forward and the adjoint compute in.
 */

/**
 * The storages that schedules name. Checkpoint storages are open to further names, such as `'GPU'`.
 *
 * @example
 * ```ts
 * import { StorageType } from '@checkpoint-schedules/core'
 *
 * StorageType.RAM // 'RAM'
 * ```
 */
export const StorageType = {
  /** Checkpoints in fast memory. */
  RAM: 'RAM',
  /** Checkpoints on disk. */
  DISK: 'DISK',
  /** Working storage: the forward's start buffer. */
  FWD_RESTART: 'FWD_RESTART',
  /** Working storage: the dependency data that the next adjoint steps read. */
  ADJ_DEPS: 'ADJ_DEPS',
  /** Everything stays in working memory until the run ends. */
  WORKING_MEMORY: 'WORKING_MEMORY',
  /** No storage. */
  NONE: 'NONE',
} as const

/** The working storages, and `NONE`. Every other name is a checkpoint storage. */
export type WorkingStorage = 'FWD_RESTART' | 'ADJ_DEPS' | 'WORKING_MEMORY' | 'NONE'

/** A storage that holds checkpoints: `RAM`, `DISK`, or any further name in capitals. */
export type CheckpointStorage = 'RAM' | 'DISK' | (string & {})

/** Any storage. */
export type Storage = WorkingStorage | CheckpointStorage

const working: ReadonlySet<string> = new Set<WorkingStorage>([
  'FWD_RESTART',
  'ADJ_DEPS',
  'WORKING_MEMORY',
  'NONE',
])

/**
 * Whether `storage` holds checkpoints, that is, is neither working storage nor `NONE`.
 *
 * @example
 * ```ts
 * import { isCheckpointStorage } from '@checkpoint-schedules/core'
 *
 * isCheckpointStorage('DISK') // true
 * isCheckpointStorage('ADJ_DEPS') // false
 * ```
 */
export function isCheckpointStorage(storage: string): storage is CheckpointStorage {
  return !working.has(storage)
}

/**
 * Whether `name` may name a checkpoint storage: capitals, digits and `_`, and not a working storage.
 *
 * @example
 * ```ts
 * import { isCheckpointStorageName } from '@checkpoint-schedules/core'
 *
 * isCheckpointStorageName('GPU') // true
 * isCheckpointStorageName('gpu') // false
 * ```
 */
export function isCheckpointStorageName(name: unknown): name is CheckpointStorage {
  return typeof name === 'string' && /^[A-Z][A-Z0-9_]{0,31}$/.test(name) && isCheckpointStorage(name)
}
