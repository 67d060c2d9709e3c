/** Which slots of the stack live in memory and which on disk (Stumm & Walther 2009, doi:10.1137/080718036). */
import type { Trajectory } from '@checkpoint-schedules/binomial'
import { optionError, type Pieces } from '@checkpoint-schedules/core'
import { MOST_SLOTS, type SlotTraffic, slotTraffic } from './slot-traffic.js'

/** The stack's slots, and where each of them lives. */
export interface Slots {
  readonly count: number
  readonly onDisk: number
  storageOf(slot: number): 'RAM' | 'DISK'
  /** If it had to be counted. */
  readonly traffic?: SlotTraffic
}

/** How many slots a schedule uses in each storage. */
export interface SlotCounts {
  readonly ram: number
  readonly disk: number
}

/** More checkpoints than steps-1 are useless; if both storages together offer more, memory comes first. */
export function slotCounts(steps: number, snapshotsInRam: number, snapshotsOnDisk: number): SlotCounts {
  const slots = Math.min(snapshotsInRam + snapshotsOnDisk, steps - 1)
  const ram = Math.min(snapshotsInRam, slots)
  return { ram, disk: slots - ram }
}

/** What is wrong with this number of slots, in a sentence. */
export function tooManySlots({ ram, disk }: SlotCounts): string | undefined {
  const slots = ram + disk
  if (ram === 0 || disk === 0 || slots <= MOST_SLOTS) return undefined
  return (
    `finding the busiest of ${slots} checkpoints would need ${33 * slots} bytes; ` +
    `at most ${MOST_SLOTS} are compared. Pass fewer, or all of them in one storage.`
  )
}

/**
 * The slots with the most traffic are in memory; a tie goes to the lower slot. 33 bytes a slot if both storages are used. In pieces.
 *
 * @throws `INVALID_OPTION`: finding those would take minutes.
 */
export function* slotsOf(steps: number, { ram, disk }: SlotCounts, trajectory: Trajectory): Pieces<Slots> {
  const count = ram + disk
  if (disk === 0) return { count, onDisk: 0, storageOf: () => 'RAM' }
  if (ram === 0) return { count, onDisk: disk, storageOf: () => 'DISK' }
  const traffic = yield* slotTraffic(steps, count, trajectory)
  if (traffic === undefined) {
    throw optionError(
      'multistage',
      `finding the busiest of ${count} checkpoints for ${steps} steps would take minutes. Pass all of them in one storage, or more of them.`,
    )
  }
  const { writes, reads } = traffic
  const weights = writes.map((written, slot) => written + reads[slot]!)
  // The weight of the last slot in memory, and how many of that weight are.
  const sorted = weights.toSorted().toReversed()
  const least = sorted[ram - 1]!
  let ties = ram - sorted.findIndex((weight) => weight === least)
  const inMemory = Uint8Array.from(weights, (weight) =>
    Number(weight > least || (weight === least && ties-- > 0)),
  )
  return { count, onDisk: disk, storageOf: (slot) => (inMemory[slot] === 1 ? 'RAM' : 'DISK'), traffic }
}
