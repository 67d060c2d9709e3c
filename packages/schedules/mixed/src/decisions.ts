/** Decisions, cached: a schedule meets few distinct pairs (n, s), each of them many times. */
import { advanceFrom, storesDependencies } from './least-steps.js'

// Entries of the cache: each pair has one, which keeps the last pair that fell on it.
const BITS = 12

/** What to do with n >= 2 steps and s free checkpoints: the functions of `least-steps.ts`, cached for the pairs met recently. */
export class Decisions {
  // Plain arrays, not Float64Arrays: a small integer read from them stays a small integer.
  readonly #n = new Array<number>(2 ** BITS).fill(0)
  readonly #s = new Array<number>(2 ** BITS).fill(0)
  readonly #stores = new Array<boolean>(2 ** BITS).fill(false)
  readonly #advance = new Array<number>(2 ** BITS).fill(0)

  /** With nothing stored at the first step: whether to store its dependency data or restart data. */
  storesDependencies(n: number, s: number): boolean {
    return n <= s + 1 || (s > 1 && this.#stores[this.#place(n, s)]!)
  }

  /** With restart data stored at the first step, in one of the s checkpoints: the advance from it; n > s+1. */
  advanceFrom(n: number, s: number): number {
    return s === 1 ? n - 1 : this.#advance[this.#place(n, s)]!
  }

  #place(n: number, s: number): number {
    const place = (Math.imul(n, 0x9e3779b1) ^ Math.imul(s, 0x85ebca6b)) >>> (32 - BITS)
    if (this.#n[place] !== n || this.#s[place] !== s) {
      this.#n[place] = n
      this.#s[place] = s
      this.#advance[place] = advanceFrom(n, s)
      this.#stores[place] = storesDependencies(n, s)
    }
    return place
  }
}
