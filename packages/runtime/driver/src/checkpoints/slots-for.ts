/** Budgets in bytes. */
import { checkOptions, number, optionError } from '@checkpoint-schedules/core'
import { type ValueSizes, valueSizes, workingBytes } from '@checkpoint-schedules/model'

/** A budget, and the sizes of what a run holds. */
export interface Budget extends ValueSizes {
  /** For all that the run holds in memory: working storage first (`workingBytes`), checkpoints in the rest. */
  readonly ramBytes?: number
  /** For checkpoints on disk. */
  readonly diskBytes?: number
  /** By default 2, as in `runAdjoint`, where `diskBytes` is given, else 0. Pass 2 for a disk of any size, as with `diskRevolve`. */
  readonly buffers?: number | undefined
}

/** The options of a schedule, one for each storage that the budget names. */
export interface Slots {
  readonly snapshotsInRam?: number
  readonly snapshotsOnDisk?: number
}

const bytes = (help: string) => number({ min: 0, optional: true, help })

const budgetOptions = {
  ...valueSizes,
  ramBytes: bytes('bytes in memory'),
  diskBytes: bytes('bytes for checkpoints on disk'),
} as const

/**
 * How many checkpoints fit into a budget, as options of a schedule: `revolve({ steps, ...slotsFor({ stateBytes, ramBytes }) })`. There is
 * an option for each storage that the budget names, and no other one, so that schedules without a disk take it as well.
 *
 * Of `ramBytes`, working storage is taken off first: a run whose tapes, adjoints and states are no larger than said stays within it.
 *
 * @throws `INVALID_OPTION`: a size is out of its range, neither budget is given, or no checkpoint fits; the message says how many
 * bytes are missing.
 * @example
 * ```ts
 * import { slotsFor } from '@checkpoint-schedules/driver'
 *
 * slotsFor({ stateBytes: 80e6, ramBytes: 8e9 }) // { snapshotsInRam: 96 }
 * slotsFor({ stateBytes: 80e6, ramBytes: 8e9, diskBytes: 1e12 }) // { snapshotsInRam: 94, snapshotsOnDisk: 12500 }
 * ```
 */
export function slotsFor(
  budget: Budget & { readonly ramBytes: number; readonly diskBytes: number },
): Required<Slots>
export function slotsFor(
  budget: Budget & { readonly ramBytes: number },
): Required<Pick<Slots, 'snapshotsInRam'>>
export function slotsFor(
  budget: Budget & { readonly diskBytes: number },
): Required<Pick<Slots, 'snapshotsOnDisk'>>
export function slotsFor(budget: Budget): Slots {
  const { ramBytes, diskBytes, ...sizes } = checkOptions('slotsFor', budgetOptions, budget)
  if (ramBytes === undefined && diskBytes === undefined)
    throw optionError('slotsFor', 'a budget is missing; pass ramBytes, diskBytes or both.')
  const { stateBytes, buffers = diskBytes === undefined ? 0 : 2 } = sizes
  const working = workingBytes({ ...sizes, buffers })
  const slots = {
    ...(ramBytes === undefined ? {} : { snapshotsInRam: Math.floor((ramBytes - working) / stateBytes) }),
    ...(diskBytes === undefined ? {} : { snapshotsOnDisk: Math.floor(diskBytes / stateBytes) }),
  }
  const { snapshotsInRam = 0, snapshotsOnDisk = 0 } = slots
  if (snapshotsInRam < 0 || snapshotsInRam + snapshotsOnDisk === 0)
    throw tooLittle({ ramBytes, diskBytes, stateBytes, working, onDisk: snapshotsOnDisk })
  return slots
}

interface Lack {
  readonly ramBytes: number | undefined
  readonly diskBytes: number | undefined
  readonly stateBytes: number
  readonly working: number
  readonly onDisk: number
}

function tooLittle({ ramBytes, diskBytes, stateBytes, working, onDisk }: Lack) {
  if (ramBytes === undefined)
    return optionError(
      'slotsFor',
      `no checkpoint fits: a state has ${stateBytes} bytes, diskBytes is ${diskBytes}. Pass at least ${stateBytes}.`,
    )
  const least = onDisk > 0 ? working : working + stateBytes
  const checkpoint = onDisk > 0 ? '' : `, and a checkpoint takes ${stateBytes}`
  return optionError(
    'slotsFor',
    `ramBytes is ${ramBytes}, but besides checkpoints a run holds ${working} bytes in memory (two states, a tape, the adjoint, and buffers)` +
      `${checkpoint}. Pass at least ${least}, which is ${least - ramBytes} more.`,
  )
}
