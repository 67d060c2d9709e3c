/** What a run holds in memory besides its checkpoints, foretold from sizes. */
import { checkOptions, integer, number } from '@checkpoint-schedules/core'

/** Sizes in bytes, as in the `statistics` of an earlier run. */
export interface ValueSizes {
  /** One state, for example `treeCodec.byteLength(initialState)`. */
  readonly stateBytes: number
  /** The tape of one step; by default as large as a state. */
  readonly tapeBytes?: number | undefined
  /** The adjoint; by default as large as a state. */
  readonly adjointBytes?: number | undefined
  /** Transfers to and from a disk under way at once, the option `buffers` of `runAdjoint`; by default 0, for runs without a disk. */
  readonly buffers?: number | undefined
}

/**
 * Descriptors of the options in `ValueSizes`, for functions that take them among others.
 *
 * @example
 * ```ts
 * import { checkOptions } from '@checkpoint-schedules/core'
 * import { valueSizes } from '@checkpoint-schedules/model'
 *
 * checkOptions('mine', valueSizes, { stateBytes: 80 }) // { stateBytes: 80 }
 * ```
 */
export const valueSizes = {
  stateBytes: number({ min: 0, aboveMin: true, help: 'bytes of one state' }),
  tapeBytes: number({ min: 0, optional: true, help: 'bytes of the tape of one step' }),
  adjointBytes: number({ min: 0, optional: true, help: 'bytes of the adjoint' }),
  buffers: integer({ min: 0, optional: true, help: 'transfers under way at once' }),
} as const

/**
 * The most bytes that a run holds in memory besides its checkpoints: the working state, the final state, the tape of one step, the
 * adjoint (at its end also the copy that is the result), and a buffer for each transfer under way. Schedules that tape one step at a time, which are all but those that keep every
 * tape (`singleMemory`), never hold more, so that `statistics.peakLiveBytes` is at most this and the checkpoints in memory. What the
 * model needs within a step, and your own initial state and terminal adjoint, come on top.
 *
 * @throws `INVALID_OPTION`: a size is negative, or that of a state not positive.
 * @example
 * ```ts
 * import { workingBytes } from '@checkpoint-schedules/model'
 *
 * workingBytes({ stateBytes: 80e6, tapeBytes: 200e6 }) // 440000000
 * ```
 */
export function workingBytes(sizes: ValueSizes): number {
  const {
    stateBytes,
    tapeBytes = stateBytes,
    adjointBytes = stateBytes,
    buffers = 0,
  } = checkOptions('workingBytes', valueSizes, sizes)
  // At the end of a calculation: the final state, the adjoint, and its copy that is the result.
  const most = Math.max(2 * stateBytes + tapeBytes + adjointBytes, stateBytes + 2 * adjointBytes)
  return most + buffers * Math.max(stateBytes, tapeBytes)
}
