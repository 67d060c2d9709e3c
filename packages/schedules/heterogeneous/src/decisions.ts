/** What a plan answers. */

/** The storages of a chain. */
export type Place = 'RAM' | 'DISK'

/** How the forward came to step i: with nothing stored there, or just read from a storage. */
export type Arrival = 'new' | Place

/**
 * What to do at step i, to reverse the steps i … j-1: tape the only one; take step i and keep its tape; or store restart data of i and
 * advance to k. `level` is what is free afterwards.
 */
export type Decision =
  | { readonly choice: 'tape' }
  | { readonly choice: 'keep'; readonly storage: Place; readonly level: number }
  | { readonly choice: 'store'; readonly storage: Place; readonly k: number; readonly level: number }

/** A plan: levels (free bytes in RAM and on DISK) by number, and a decision for each situation. */
export interface Decisions {
  /** The level of the whole budget. */
  readonly top: number
  /** The least cost besides taping and reversing each step once; `Infinity` if there is no plan. */
  readonly extraCost: number
  decide(i: number, j: number, level: number, arrival: Arrival): Decision
}

/** The costs of the four ways on, and what each leads to. */
export interface Ways {
  keepRam: number
  storeRam: number
  ramSplit: number
  keepDisk: number
  storeDisk: number
  diskSplit: number
}

/**
 * The cheapest way. On a tie: keep in RAM, store in RAM, keep on DISK, store on DISK; but restart data that has just been read from RAM
 * stays there if that costs no more.
 */
export function cheapest(
  ways: Ways,
  arrival: Arrival,
): { choice: 'keep' | 'store'; storage: Place; k: number } {
  const keepRam = { cost: ways.keepRam, choice: 'keep', storage: 'RAM', k: 0 } as const
  const storeRam = { cost: ways.storeRam, choice: 'store', storage: 'RAM', k: ways.ramSplit } as const
  let best: { cost: number; choice: 'keep' | 'store'; storage: Place; k: number } =
    storeRam.cost < keepRam.cost || (storeRam.cost === keepRam.cost && arrival === 'RAM') ? storeRam : keepRam
  if (ways.keepDisk < best.cost) best = { cost: ways.keepDisk, choice: 'keep', storage: 'DISK', k: 0 }
  if (ways.storeDisk < best.cost)
    best = { cost: ways.storeDisk, choice: 'store', storage: 'DISK', k: ways.diskSplit }
  return best
}
