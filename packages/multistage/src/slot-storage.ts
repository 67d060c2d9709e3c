/** Which slots of the stack live in memory and which on disk (Stumm & Walther 2009, doi:10.1137/080718036). */
import type { Trajectory } from '@checkpoint-schedules/binomial'
import { slotTraffic } from './slot-traffic.js'

/** The storage of each slot, lowest first. */
export type SlotStorage = readonly ('RAM' | 'DISK')[]

/** How many slots a schedule uses in each storage. */
export interface SlotCounts {
  readonly ram: number
  readonly disk: number
}

/** More checkpoints than steps-1 are useless; where both storages together offer more, memory comes first. */
export function slotCounts(steps: number, snapshotsInRam: number, snapshotsOnDisk: number): SlotCounts {
  const slots = Math.min(snapshotsInRam + snapshotsOnDisk, steps - 1)
  const ram = Math.min(snapshotsInRam, slots)
  return { ram, disk: slots - ram }
}

/** The slots with the most traffic are in memory; a tie goes to the lower slot. */
export function slotStorage(steps: number, { ram, disk }: SlotCounts, trajectory: Trajectory): SlotStorage {
  if (ram === 0 || disk === 0) return new Array(ram + disk).fill(ram === 0 ? 'DISK' : 'RAM')
  const { writes, reads } = slotTraffic(steps, ram + disk, trajectory)
  const byWeight = Array.from(writes, (written, slot) => ({ slot, weight: written + reads[slot]! }))
  byWeight.sort((a, b) => b.weight - a.weight || a.slot - b.slot)
  const storage = new Array<'RAM' | 'DISK'>(ram + disk).fill('DISK')
  for (const { slot } of byWeight.slice(0, ram)) storage[slot] = 'RAM'
  return storage
}
