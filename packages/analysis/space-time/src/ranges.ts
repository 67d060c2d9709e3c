/**
 * What a pixel shows if many actions share it: the range of steps that each kind of action touches, and the most that was held.
 *
 * Blocks of 16, 256, 4096, … actions are summed up once, so that a column costs about 30 look-ups for any number of actions.
 */
import { Kind, type Recording } from './recording.js'

/** The kinds that have a range: forward, taped forward, adjoint. */
export const RANGED = [Kind.Forward, Kind.Taped, Kind.Adjoint] as const

/** What some actions in a row do. */
export interface Range {
  /** The least and the greatest step that each kind touches; greater than the other if there is none. */
  readonly least: Float64Array
  readonly greatest: Float64Array
  /** Most checkpoints held, by storage. */
  readonly held: Float64Array
}

const FACTOR = 16

export class Ranges {
  readonly #recording: Recording
  readonly #levels: Range[][] = []

  /** Time O(actions). */
  constructor(recording: Recording) {
    this.#recording = recording
    for (let size = FACTOR; size < recording.length; size *= FACTOR) {
      const blocks = Math.ceil(recording.length / size)
      const level = Array.from({ length: blocks }, (_, i) =>
        this.of(i * size, Math.min(recording.length, (i + 1) * size)),
      )
      this.#levels.push(level)
    }
  }

  /** The range of the actions `from` … `to`-1. If blocks are used, they may extend beyond its ends by a quarter of its length. */
  of(from: number, to: number): Range {
    const { storages } = this.#recording
    const range = {
      least: new Float64Array(RANGED.length).fill(Infinity),
      greatest: new Float64Array(RANGED.length).fill(-Infinity),
      held: new Float64Array(storages.length),
    }
    // The largest blocks of which four fit in; none for a few actions.
    let level = -1
    let size = 1
    while (level + 1 < this.#levels.length && size * FACTOR * 4 <= to - from) {
      level += 1
      size *= FACTOR
    }
    if (level < 0) {
      for (let i = from; i < to; i++) this.#include(range, i)
    } else {
      const blocks = this.#levels[level]!
      const last = Math.min(blocks.length, Math.ceil(to / size))
      for (let i = Math.floor(from / size); i < last; i++) merge(range, blocks[i]!)
    }
    return range
  }

  #include({ least, greatest, held }: Range, i: number): void {
    const { kinds, starts, ends, held: counts } = this.#recording
    const kind = kinds[i]!
    if (kind < RANGED.length) {
      least[kind] = Math.min(least[kind]!, starts[i]!, ends[i]!)
      greatest[kind] = Math.max(greatest[kind]!, starts[i]!, ends[i]!)
    }
    for (let k = 0; k < counts.length; k++) held[k] = Math.max(held[k]!, counts[k]![i]!)
  }
}

function merge(into: Range, other: Range): void {
  for (let k = 0; k < RANGED.length; k++) {
    into.least[k] = Math.min(into.least[k]!, other.least[k]!)
    into.greatest[k] = Math.max(into.greatest[k]!, other.greatest[k]!)
  }
  for (let k = 0; k < into.held.length; k++) into.held[k] = Math.max(into.held[k]!, other.held[k]!)
}
