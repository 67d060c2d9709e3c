/**
 * What a pixel shows if many actions share it: the range of steps that each kind of action touches, and the most that was held.
 *
 * Blocks of 16, 256, 4096, … actions are summed up once, so that a column costs at most about 30 look-ups for each level of blocks.
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

  /** The range of the actions `from` … `to`-1. */
  of(from: number, to: number): Range {
    const { storages } = this.#recording
    const range = {
      least: new Float64Array(RANGED.length).fill(Infinity),
      greatest: new Float64Array(RANGED.length).fill(-Infinity),
      held: new Float64Array(storages.length),
    }
    this.#add(range, from, to, this.#levels.length - 1)
    return range
  }

  /** Whole blocks of this level in the middle, smaller ones at both ends. */
  #add(range: Range, from: number, to: number, level: number): void {
    if (level < 0) {
      for (let i = from; i < to; i++) this.#include(range, i)
      return
    }
    const size = FACTOR ** (level + 1)
    const [first, last] = [Math.ceil(from / size), Math.floor(to / size)]
    if (first >= last) return this.#add(range, from, to, level - 1)
    this.#add(range, from, first * size, level - 1)
    for (let i = first; i < last; i++) merge(range, this.#levels[level]![i]!)
    this.#add(range, last * size, to, level - 1)
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
