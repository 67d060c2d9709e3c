/**
 * Actions: what a schedule tells its driver to do. They are plain readonly data, told apart by `type`;
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

/** Move the checkpoint of step `n` to working storage; it is gone from where it was. */
export interface MoveAction {
  readonly type: 'Move'
  readonly n: number
  readonly from: CheckpointStorage
  readonly to: 'FWD_RESTART' | 'ADJ_DEPS'
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
  | EndForwardAction
  | EndReverseAction

/** "Until the driver says stop": the `n1` of a Forward that has no end of its own. */
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

/** Read as: "go from n0 to n1 and keep nothing." */
export function advance(n0: number, n1: number): ForwardAction {
  return forward(n0, n1, false, false, 'FWD_RESTART')
}

/** Read as: "go from n0 to n1 without any adjoint to come." */
export function advanceOnly(n0: number, n1: number): ForwardAction {
  return forward(n0, n1, false, false, 'NONE')
}

/** Read as: "keep restart data of step n0 in `storage`, then go on to n1." */
export function store(n0: number, n1: number, storage: CheckpointStorage): ForwardAction {
  return forward(n0, n1, true, false, storage)
}

/** Read as: "take step n and tape it: the adjoint uses the tape next." */
export function tape(n: number): ForwardAction {
  return forward(n, n + 1, false, true, 'ADJ_DEPS')
}

/** Read as: "take step n and keep its tape in `storage` for later." */
export function storeTape(n: number, storage: CheckpointStorage): ForwardAction {
  return forward(n, n + 1, false, true, storage)
}

/** Read as: "go from n0 to n1 and keep everything in working memory." */
export function keepAll(n0: number, n1: number): ForwardAction {
  return forward(n0, n1, true, true, 'WORKING_MEMORY')
}

/** Read as: "run the adjoint over step n and drop the step's tape." */
export function reverse(n: number): ReverseAction {
  return { type: 'Reverse', n1: n + 1, n0: n, clearAdjDeps: true }
}

/** Read as: "run the adjoint from n1 down to n0 and drop the tapes that may be dropped." */
export function reverseAll(n1: number, n0: number): ReverseAction {
  return { type: 'Reverse', n1, n0, clearAdjDeps: true }
}

/** Read as: "start the forward again from the checkpoint of step n, which stays." */
export function copy(n: number, from: CheckpointStorage): CopyAction {
  return { type: 'Copy', n, from, to: 'FWD_RESTART' }
}

/** Read as: "start the forward again from the checkpoint of step n, for the last time." */
export function move(n: number, from: CheckpointStorage): MoveAction {
  return { type: 'Move', n, from, to: 'FWD_RESTART' }
}

/** Read as: "give the adjoint the stored tape of step n, which stays." */
export function copyTape(n: number, from: CheckpointStorage): CopyAction {
  return { type: 'Copy', n, from, to: 'ADJ_DEPS' }
}

/** Read as: "give the adjoint the stored tape of step n, for the last time." */
export function moveTape(n: number, from: CheckpointStorage): MoveAction {
  return { type: 'Move', n, from, to: 'ADJ_DEPS' }
}

/** Read as: "the forward calculation is over." */
export function endForward(): EndForwardAction {
  return { type: 'EndForward' }
}

/** Read as: "an adjoint calculation is over." */
export function endReverse(): EndReverseAction {
  return { type: 'EndReverse' }
}
