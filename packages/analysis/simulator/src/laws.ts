/** The laws of the abstract machine: what every trace of actions obeys. */

/**
 * Each law by name, in a sentence.
 *
 * @example
 * ```ts
 * import { laws } from '@checkpoint-schedules/simulator'
 *
 * laws['forward-start'] // 'a Forward starts where the forward stands'
 * ```
 */
export const laws = {
  'forward-length': 'a Forward takes at least one step',
  'forward-start': 'a Forward starts where the forward stands',
  'forward-limit': 'no Forward passes N - r once N is known',
  'forward-storage': 'a Forward names the storage that fits what it stores',
  'one-taped-step': 'dependency data for immediate use, and in a checkpoint, covers exactly one step',
  'one-kind': 'a checkpoint holds restart data or dependency data, not both',
  'checkpoint-taken': 'no checkpoint is written over another one of the same storage and step',
  'storage-limit': 'no storage holds more checkpoints than its limit',
  'storage-bytes': 'no storage holds more bytes than its limit',
  'reverse-length': 'a Reverse takes at least one step',
  'reverse-start': 'a Reverse starts at N - r, after EndForward',
  'reverse-data': 'a Reverse finds all its dependency data in working storage',
  'working-storage-empty': 'a Copy or Move finds working storage empty',
  'checkpoint-exists': 'a Copy, Move or Discard names a checkpoint that exists',
  'checkpoint-useful': 'a Copy or Move loads a step before N - r',
  'checkpoint-kind': 'restart data goes to FWD_RESTART, dependency data to ADJ_DEPS',
  'end-forward':
    'EndForward comes once, directly after the Forward that first reaches N; first of all if N is 0',
  'end-reverse': 'EndReverse comes when all N steps are reversed',
  leftover: 'if one adjoint is permitted, no checkpoint is left at EndReverse',
  'after-end': 'nothing follows the end of the last adjoint calculation',
  incomplete: 'a trace continues to the end of the requested adjoint calculations',
} as const

/** The name of a law. */
export type Law = keyof typeof laws

/** A law that an action broke. */
export interface Violation {
  /** The position of the action in the trace, from 0; for `incomplete`, the number of actions. */
  readonly index: number
  readonly law: Law
  /** The step that it is about. */
  readonly step: number | undefined
  /** The storage that it is about. */
  readonly storage: string | undefined
  /** What was found and what would have been right, in a sentence. */
  readonly message: string
}
