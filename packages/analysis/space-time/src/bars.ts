/** What storages hold, from when to when: one bar for each stay of a checkpoint. */
import { type Action, isCheckpointStorage } from '@checkpoint-schedules/core'
import { usualStorages } from './shapes.js'

/** Stays in storages, in the order in which they begin. */
export interface Bars {
  readonly length: number
  /** The storage of each, as an index of the recording's `storages`. */
  readonly storages: Uint8Array
  /** The first step of each, and the step after its last one: they differ by more than 1 for tapes kept in working memory. */
  readonly steps: Float64Array
  readonly ends: Float64Array
  /** The action that stores it. */
  readonly from: Uint32Array
  /** The action that reads it for the last time or discards it; the number of actions if it stays to the end. */
  readonly to: Uint32Array
}

/** What the bars are made from. */
interface Stay {
  readonly storage: number
  readonly step: number
  readonly end: number
  readonly from: number
  to: number | undefined
}

// The usual storages come first.
const rank = (name: string) =>
  usualStorages.includes(name) ? usualStorages.indexOf(name) : usualStorages.length

/** Follows actions and notes what is held. */
export class BarRecorder {
  readonly #storages: string[] = []
  readonly #stays: Stay[] = []
  readonly #open: Map<number, Stay>[] = []
  /** Tapes kept for good, which belong to no single step. */
  readonly #kept: number[] = []
  readonly #counts: number[][] = []
  #length = 0

  /** Takes action number `index`, a Forward of which ends at step `end`. */
  apply(action: Action, end: number, index: number): void {
    if (action.type === 'Forward') {
      const { n0, writeIcs, writeAdjDeps, storage } = action
      if (writeAdjDeps && storage === 'WORKING_MEMORY') {
        const place = this.#place(storage)
        this.#stays.push({ storage: place, step: n0, end, from: index, to: undefined })
        this.#kept[place]! += end - n0
      } else if ((writeIcs || writeAdjDeps) && isCheckpointStorage(storage)) {
        const place = this.#place(storage)
        this.#end(place, n0, index)
        const stay = { storage: place, step: n0, end: n0 + 1, from: index, to: undefined }
        this.#stays.push(stay)
        this.#open[place]!.set(n0, stay)
      }
    } else if (action.type === 'Move') this.#end(this.#place(action.from), action.n, index)
    else if (action.type === 'Discard') this.#end(this.#place(action.storage), action.n, index)
    for (const [place, counts] of this.#counts.entries())
      counts.push(this.#open[place]!.size + this.#kept[place]!)
    this.#length += 1
  }

  /** What was held, once there are `length` actions. */
  finish(length: number): { storages: string[]; held: Uint32Array[]; bars: Bars } {
    const stays = this.#stays
    const order = this.#storages
      .map((_, place) => place)
      .toSorted((a, b) => rank(this.#storages[a]!) - rank(this.#storages[b]!))
    return {
      storages: order.map((place) => this.#storages[place]!),
      held: order.map((place) => Uint32Array.from(this.#counts[place]!)),
      bars: {
        length: stays.length,
        storages: Uint8Array.from(stays, ({ storage }) => order.indexOf(storage)),
        steps: Float64Array.from(stays, ({ step }) => step),
        ends: Float64Array.from(stays, ({ end }) => end),
        from: Uint32Array.from(stays, ({ from }) => from),
        to: Uint32Array.from(stays, ({ to }) => to ?? length),
      },
    }
  }

  #end(place: number, step: number, index: number): void {
    const stay = this.#open[place]!.get(step)
    if (stay === undefined) return
    stay.to = index
    this.#open[place]!.delete(step)
  }

  #place(storage: string): number {
    const known = this.#storages.indexOf(storage)
    if (known >= 0) return known
    this.#open.push(new Map())
    this.#kept.push(0)
    this.#counts.push(Array.from({ length: this.#length }, () => 0))
    return this.#storages.push(storage) - 1
  }
}
