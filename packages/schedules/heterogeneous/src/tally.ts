/** What a run takes in all, counted by walking through its actions once. */
import {
  type Action,
  type Pieces,
  type PredictionCosts,
  stepsTime,
  transferPrices,
} from '@checkpoint-schedules/core'

interface Use {
  peak: number
  states: number
  tapes: number
  /** Reads of states; every tape is read once. */
  reads: number
}

/** Counts of a run. */
export interface Tally {
  readonly forwardSteps: number
  readonly storages: Readonly<Record<'RAM' | 'DISK', Readonly<Use>>>
}

/** Actions between two looks at the clock. */
const OFTEN = 512

export function* tallyOf(actions: Iterable<Action>): Pieces<Tally> {
  let forwardSteps = 0
  let count = 0
  const held: Record<string, number> = { RAM: 0, DISK: 0 }
  const use = (): Use => ({ peak: 0, states: 0, tapes: 0, reads: 0 })
  const storages: Record<string, Use> & Record<'RAM' | 'DISK', Use> = { RAM: use(), DISK: use() }
  for (const action of actions) {
    if (++count % OFTEN === 0) yield
    if (action.type === 'Forward') {
      forwardSteps += action.n1 - action.n0
      const storage = storages[action.storage]
      if (storage === undefined) continue
      storage.peak = Math.max(storage.peak, ++held[action.storage]!)
      if (action.writeIcs) storage.states += 1
      else storage.tapes += 1
    } else if (action.type === 'Copy' || action.type === 'Move') {
      if (action.type === 'Move') held[action.from]! -= 1
      if (action.to === 'FWD_RESTART') storages[action.from]!.reads += 1
    }
  }
  return { forwardSteps, storages }
}

/** The makespan under other costs than those that were planned for. */
export function makespanUnder(costs: PredictionCosts, steps: number, tally: Tally): number {
  let time = stepsTime(costs, steps, tally.forwardSteps)
  for (const [storage, { states, tapes, reads }] of Object.entries(tally.storages)) {
    const { write, read, writeTape, readTape } = transferPrices(costs, storage)
    time += states * write + reads * read + tapes * (writeTape + readTape)
  }
  return time
}
