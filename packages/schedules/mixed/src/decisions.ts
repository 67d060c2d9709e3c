/** Decisions, remembered: a schedule meets few different pairs (n, s), each of them many times. */
import { advanceFrom, storesDependencies } from './least-steps.js'

// Places of the memory: each pair has one, where the last pair to fall on it is kept.
const BITS = 12

/** What to do with n >= 2 steps and s free checkpoints. */
export class Decisions {
  // Plain arrays, not Float64Arrays: what is read from them stays a small integer where it is one.
  readonly #n = new Array<number>(2 ** BITS).fill(0)
  readonly #s = new Array<number>(2 ** BITS).fill(0)
  readonly #first = new Array<number>(2 ** BITS).fill(0)
  readonly #again = new Array<number>(2 ** BITS).fill(0)

  /** With nothing stored at the first step: 0 to store its dependency data, or the advance from restart data stored there. */
  first(n: number, s: number): number {
    if (n <= s + 1) return 0
    if (s === 1) return n - 1
    return this.#first[this.#place(n, s)]!
  }

  /** With restart data stored at the first step, in one of the s checkpoints: the advance from it; n > s+1. */
  again(n: number, s: number): number {
    return s === 1 ? n - 1 : this.#again[this.#place(n, s)]!
  }

  #place(n: number, s: number): number {
    const place = (Math.imul(n, 0x9e3779b1) ^ Math.imul(s, 0x85ebca6b)) >>> (32 - BITS)
    if (this.#n[place] !== n || this.#s[place] !== s) {
      this.#n[place] = n
      this.#s[place] = s
      const i = advanceFrom(n, s)
      this.#again[place] = i
      this.#first[place] = storesDependencies(n, s) ? 0 : i
    }
    return place
  }
}
