/** Budgets in bytes. */
import { checkOptions, number, optionError } from '@checkpoint-schedules/core'

/** A budget. */
export interface Budget {
  /** The size of one state, for example `treeCodec.byteLength(initialState)`. */
  readonly stateBytes: number
  /** For checkpoints in memory; working storage comes on top. */
  readonly ramBytes?: number
  /** For checkpoints on disk. */
  readonly diskBytes?: number
}

const bytes = (help: string) => number({ min: 0, default: 0, help })

/**
 * How many checkpoints fit into a budget.
 *
 * @throws `INVALID_OPTION`: a size is not positive, or no checkpoint fits at all.
 * @example
 * ```ts
 * import { slotsFor } from '@checkpoint-schedules/driver'
 *
 * slotsFor({ stateBytes: 80e6, ramBytes: 8e9, diskBytes: 1e12 }) // { snapshotsInRam: 100, snapshotsOnDisk: 12500 }
 * ```
 */
export function slotsFor(budget: Budget): { snapshotsInRam: number; snapshotsOnDisk: number } {
  const { stateBytes, ramBytes, diskBytes } = checkOptions(
    'slotsFor',
    {
      stateBytes: number({ min: 0, aboveMin: true, help: 'bytes of one state' }),
      ramBytes: bytes('bytes for checkpoints in memory'),
      diskBytes: bytes('bytes for checkpoints on disk'),
    },
    budget,
  )
  const slots = {
    snapshotsInRam: Math.floor(ramBytes / stateBytes),
    snapshotsOnDisk: Math.floor(diskBytes / stateBytes),
  }
  if (slots.snapshotsInRam + slots.snapshotsOnDisk === 0) {
    throw optionError(
      'slotsFor',
      `no checkpoint fits: a state has ${stateBytes} bytes, the budget is ${ramBytes} in memory and ${diskBytes} on disk. Allow at least ${stateBytes}.`,
    )
  }
  return slots
}
