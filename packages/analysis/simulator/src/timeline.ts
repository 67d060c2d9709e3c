/** Occupancy over time, downsampled while it streams: neighbouring samples are merged whenever there are too many. */
import type { Machine } from './machine.js'

/** A stretch of a trace. */
export interface TimelineSample {
  /** The first action of the stretch. */
  readonly index: number
  /** The makespan up to its end. */
  time: number
  /** Where the forward stands at its end; `undefined` if nowhere. */
  n: number | undefined
  /** Adjoint steps done at its end. */
  r: number
  /** Most checkpoints held at once during the stretch, by storage. */
  readonly held: Record<string, number>
}

/** Records a sample for each action, or the maxima of equally long stretches once there are more than `points`. */
export class Timeline {
  readonly #points: number
  #stride = 1
  #samples: TimelineSample[] = []

  constructor(points: number) {
    this.#points = Math.max(2, points)
  }

  /** Records the machine after an action. */
  record(machine: Machine, time: number): void {
    const index = machine.actions - 1
    if (index % this.#stride === 0) {
      if (this.#samples.length >= this.#points) this.#halve()
    }
    let last = this.#samples.at(-1)
    if (last === undefined || index % this.#stride === 0) {
      last = { index, time, n: machine.n, r: machine.r, held: {} }
      this.#samples.push(last)
    }
    last.time = time
    last.n = machine.n
    last.r = machine.r
    for (const [storage, { held }] of machine.storages)
      last.held[storage] = Math.max(last.held[storage] ?? 0, held.size)
  }

  /** The samples, in order. */
  get samples(): readonly TimelineSample[] {
    return this.#samples
  }

  #halve(): void {
    const merged: TimelineSample[] = []
    this.#samples.forEach((sample, i) => {
      if (i % 2 === 0) {
        merged.push(sample)
        return
      }
      const into = merged.at(-1)!
      into.time = sample.time
      into.n = sample.n
      into.r = sample.r
      for (const [storage, most] of Object.entries(sample.held))
        into.held[storage] = Math.max(into.held[storage] ?? 0, most)
    })
    this.#samples = merged
    this.#stride *= 2
  }
}
