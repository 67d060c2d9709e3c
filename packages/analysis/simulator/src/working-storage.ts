/** The abstract machine's working storage: the forward's start buffer, the adjoint's dependency buffer, and what stays for good. */
import { Intervals } from './intervals.js'

/** Steps from … to-1. */
export interface Steps {
  readonly from: number
  readonly to: number
}

/** The steps whose dependency data is in working storage: in ADJ_DEPS, and in WORKING_MEMORY. */
export interface WorkingDependencies {
  readonly buffer: readonly Steps[]
  readonly kept: readonly Steps[]
}

export class WorkingStorage {
  /** Whether restart data was loaded and not used yet. */
  restart = false
  // The steps in the dependency buffer: from … to-1, empty if they are equal.
  #from = 0
  #to = 0
  readonly #kept = new Intervals()

  get isEmpty(): boolean {
    return !this.restart && this.#from === this.#to
  }

  /** Empties both buffers; what stays in working memory stays. */
  clear(): void {
    this.restart = false
    this.#from = this.#to = 0
  }

  /** Puts the dependency data of the steps from … to-1 into the dependency buffer. */
  tape(from: number, to: number): void {
    this.#from = from
    this.#to = to
  }

  /** Keeps the dependency data of the steps from … to-1 until the run ends. */
  keep(from: number, to: number): void {
    if (to > from) this.#kept.add(from, to)
  }

  clearDependencies(): void {
    this.#from = this.#to = 0
  }

  /** Whether the dependency data of the steps n0 … n1-1 is there. */
  covers(n0: number, n1: number): boolean {
    return (this.#from <= n0 && n1 <= this.#to) || this.#kept.covers(n0, n1)
  }

  /** The steps whose dependency data is there: in the buffer, and for good. */
  get dependencies(): WorkingDependencies {
    const buffer = this.#from === this.#to ? [] : [{ from: this.#from, to: this.#to }]
    return { buffer, kept: this.#kept.parts }
  }

  /** What is there, in words. */
  get content(): string {
    if (this.restart) return 'restart data that was loaded and not used'
    if (this.#from === this.#to) return 'no dependency data'
    return `dependency data of step ${this.#from}`
  }
}
