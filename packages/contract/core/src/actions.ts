/**
 * Actions: what a schedule tells its driver to do. They are plain readonly data, distinguished by `type`;
 * each one is fresh and may be kept, printed, compared, or sent to a worker.
 *
 * ```
 * 0   1   2   3   4
 * +--->--->                store(0, 2, 'RAM')     Forward(0, 2, true, false, RAM)
 *         +--->            store(2, 3, 'RAM')     Forward(2, 3, true, false, RAM)
 *             |--->+       tape(3)                Forward(3, 4, false, true, ADJ_DEPS)
 *             <---|        reverse(3)             Reverse(4, 3, true)
 * ```
 */
import type { CheckpointStorage, Storage } from './storage-type.js'

/**
 * Advance the forward from the start of step `n0` to the start of step `n1`.
 * `writeIcs`: store restart data at `n0` in `storage`. `writeAdjDeps`: store the adjoint dependency data
 * of the steps n0 … n1-1 in `storage`. Before the number of steps is known, `n1` may lie beyond the end.
 */
export interface ForwardAction {
  readonly type: 'Forward'
  readonly n0: number
  readonly n1: number
  readonly writeIcs: boolean
  readonly writeAdjDeps: boolean
  readonly storage: Storage
}

/** Advance the adjoint over the steps n1-1 … n0 with dependency data in working storage; then clear it if asked. */
export interface ReverseAction {
  readonly type: 'Reverse'
  readonly n1: number
  readonly n0: number
  readonly clearAdjDeps: boolean
}

/** Copy the checkpoint of step `n` to working storage; it stays where it was. */
export interface CopyAction {
  readonly type: 'Copy'
  readonly n: number
  readonly from: CheckpointStorage
  readonly to: 'FWD_RESTART' | 'ADJ_DEPS'
}

/** Move the checkpoint of step `n` to working storage; it is removed from where it was. */
export interface MoveAction {
  readonly type: 'Move'
  readonly n: number
  readonly from: CheckpointStorage
  readonly to: 'FWD_RESTART' | 'ADJ_DEPS'
}

/**
 * Delete the checkpoint of step `n` from `storage`, unread: nothing is loaded and the forward stays where it is. What it
 * frees may be written again.
 */
export interface DiscardAction {
  readonly type: 'Discard'
  readonly n: number
  readonly storage: CheckpointStorage
}

/** The forward calculation is over: emitted once, directly after the Forward that first reaches the end. */
export interface EndForwardAction {
  readonly type: 'EndForward'
}

/** An adjoint calculation is over. */
export interface EndReverseAction {
  readonly type: 'EndReverse'
}

/** One instruction of a schedule. */
export type Action =
  | ForwardAction
  | ReverseAction
  | CopyAction
  | MoveAction
  | DiscardAction
  | EndForwardAction
  | EndReverseAction

/**
 * "Until the driver says stop": the `n1` of a Forward that has no fixed end.
 *
 * @example
 * ```ts
 * import { keepAll, UNBOUNDED } from '@checkpoint-schedules/core'
 *
 * keepAll(0, UNBOUNDED).n1 // 9007199254740991
 * ```
 */
export const UNBOUNDED = Number.MAX_SAFE_INTEGER

function forward(
  n0: number,
  n1: number,
  writeIcs: boolean,
  writeAdjDeps: boolean,
  storage: Storage,
): ForwardAction {
  return { type: 'Forward', n0, n1, writeIcs, writeAdjDeps, storage }
}

/**
 * Read as: "go from n0 to n1 and keep nothing."
 *
 * @example
 * ```ts
 * import { formatAction, advance } from '@checkpoint-schedules/core'
 *
 * formatAction(advance(2, 5)) // 'Forward(2, 5, false, false, FWD_RESTART)'
 * ```
 */
export function advance(n0: number, n1: number): ForwardAction {
  return forward(n0, n1, false, false, 'FWD_RESTART')
}

/**
 * Read as: "go from n0 to n1; no adjoint follows."
 *
 * @example
 * ```ts
 * import { formatAction, advanceOnly } from '@checkpoint-schedules/core'
 *
 * formatAction(advanceOnly(0, 5)) // 'Forward(0, 5, false, false, NONE)'
 * ```
 */
export function advanceOnly(n0: number, n1: number): ForwardAction {
  return forward(n0, n1, false, false, 'NONE')
}

/**
 * Read as: "keep restart data of step n0 in `storage`, then continue to n1."
 *
 * @example
 * ```ts
 * import { formatAction, store } from '@checkpoint-schedules/core'
 *
 * formatAction(store(0, 5, 'RAM')) // 'Forward(0, 5, true, false, RAM)'
 * ```
 */
export function store(n0: number, n1: number, storage: CheckpointStorage): ForwardAction {
  return forward(n0, n1, true, false, storage)
}

/**
 * Read as: "take step n and tape it: the adjoint uses the tape next."
 *
 * @example
 * ```ts
 * import { formatAction, tape } from '@checkpoint-schedules/core'
 *
 * formatAction(tape(4)) // 'Forward(4, 5, false, true, ADJ_DEPS)'
 * ```
 */
export function tape(n: number): ForwardAction {
  return forward(n, n + 1, false, true, 'ADJ_DEPS')
}

/**
 * Read as: "take step n and keep its tape in `storage` for later."
 *
 * @example
 * ```ts
 * import { formatAction, storeTape } from '@checkpoint-schedules/core'
 *
 * formatAction(storeTape(4, 'DISK')) // 'Forward(4, 5, false, true, DISK)'
 * ```
 */
export function storeTape(n: number, storage: CheckpointStorage): ForwardAction {
  return forward(n, n + 1, false, true, storage)
}

/**
 * Read as: "go from n0 to n1 and keep everything in working memory."
 *
 * @example
 * ```ts
 * import { formatAction, keepAll } from '@checkpoint-schedules/core'
 *
 * formatAction(keepAll(0, 5)) // 'Forward(0, 5, true, true, WORKING_MEMORY)'
 * ```
 */
export function keepAll(n0: number, n1: number): ForwardAction {
  return forward(n0, n1, true, true, 'WORKING_MEMORY')
}

/**
 * Read as: "run the adjoint over step n and drop the step's tape."
 *
 * @example
 * ```ts
 * import { formatAction, reverse } from '@checkpoint-schedules/core'
 *
 * formatAction(reverse(4)) // 'Reverse(5, 4, true)'
 * ```
 */
export function reverse(n: number): ReverseAction {
  return { type: 'Reverse', n1: n + 1, n0: n, clearAdjDeps: true }
}

/**
 * Read as: "run the adjoint from n1 down to n0 and drop the tapes that may be dropped."
 *
 * @example
 * ```ts
 * import { formatAction, reverseAll } from '@checkpoint-schedules/core'
 *
 * formatAction(reverseAll(5, 0)) // 'Reverse(5, 0, true)'
 * ```
 */
export function reverseAll(n1: number, n0: number): ReverseAction {
  return { type: 'Reverse', n1, n0, clearAdjDeps: true }
}

/**
 * Read as: "start the forward again from the checkpoint of step n, which stays."
 *
 * @example
 * ```ts
 * import { formatAction, copy } from '@checkpoint-schedules/core'
 *
 * formatAction(copy(2, 'RAM')) // 'Copy(2, RAM, FWD_RESTART)'
 * ```
 */
export function copy(n: number, from: CheckpointStorage): CopyAction {
  return { type: 'Copy', n, from, to: 'FWD_RESTART' }
}

/**
 * Read as: "start the forward again from the checkpoint of step n, for the last time."
 *
 * @example
 * ```ts
 * import { formatAction, move } from '@checkpoint-schedules/core'
 *
 * formatAction(move(2, 'RAM')) // 'Move(2, RAM, FWD_RESTART)'
 * ```
 */
export function move(n: number, from: CheckpointStorage): MoveAction {
  return { type: 'Move', n, from, to: 'FWD_RESTART' }
}

/**
 * Read as: "give the adjoint the stored tape of step n, which stays."
 *
 * @example
 * ```ts
 * import { formatAction, copyTape } from '@checkpoint-schedules/core'
 *
 * formatAction(copyTape(2, 'DISK')) // 'Copy(2, DISK, ADJ_DEPS)'
 * ```
 */
export function copyTape(n: number, from: CheckpointStorage): CopyAction {
  return { type: 'Copy', n, from, to: 'ADJ_DEPS' }
}

/**
 * Read as: "give the adjoint the stored tape of step n, for the last time."
 *
 * @example
 * ```ts
 * import { formatAction, moveTape } from '@checkpoint-schedules/core'
 *
 * formatAction(moveTape(2, 'DISK')) // 'Move(2, DISK, ADJ_DEPS)'
 * ```
 */
export function moveTape(n: number, from: CheckpointStorage): MoveAction {
  return { type: 'Move', n, from, to: 'ADJ_DEPS' }
}

/**
 * Read as: "the checkpoint of step n is not needed any more; delete it, unread."
 *
 * @example
 * ```ts
 * import { discard, formatAction } from '@checkpoint-schedules/core'
 *
 * formatAction(discard(2, 'RAM')) // 'Discard(2, RAM)'
 * ```
 */
export function discard(n: number, storage: CheckpointStorage): DiscardAction {
  return { type: 'Discard', n, storage }
}

/**
 * Read as: "the forward calculation is over."
 *
 * @example
 * ```ts
 * import { formatAction, endForward } from '@checkpoint-schedules/core'
 *
 * formatAction(endForward()) // 'EndForward()'
 * ```
 */
export function endForward(): EndForwardAction {
  return { type: 'EndForward' }
}

/**
 * Read as: "an adjoint calculation is over."
 *
 * @example
 * ```ts
 * import { formatAction, endReverse } from '@checkpoint-schedules/core'
 *
 * formatAction(endReverse()) // 'EndReverse()'
 * ```
 */
export function endReverse(): EndReverseAction {
  return { type: 'EndReverse' }
}
