/**
 * How much time the digests of a run may take: a fixed allowance, so that short runs are compared in full, and beyond it a share of
 * the run's time.
 *
 * ```
 * time of digests  <=  50 ms  +  share * time since the start
 * ```
 *
 * Where the work of a digest is known, the allowance counts it in nominal time: what a short run compares does not depend on how busy
 * the machine is. Records may use up a quarter of the allowance only: each of them is there to be compared, mostly more than once.
 */

/** Milliseconds of digests that every run may spend. */
const ALLOWANCE = { compare: 50, record: 12.5 }
const LONGEST_REST = 64 // calls between two looks at the clock while there is no time left

export class ReplayBudget {
  readonly #share: number
  readonly #now: () => number
  readonly #started: number
  #nominal = 0
  #spent = 0
  #count = 0
  #rest = 0
  #nextRest = 1

  /** @param now - A clock, in milliseconds. */
  constructor(share: number, now = () => performance.now()) {
    this.#share = share
    this.#now = now
    this.#started = now()
  }

  get spentMs(): number {
    return this.#spent
  }

  /**
   * Whether one more digest fits.
   *
   * @param nominal - What it should cost, in milliseconds; by default what the others did on average.
   */
  affords(use: 'record' | 'compare', nominal = this.#mean): boolean {
    if (this.#share === Infinity || this.#nominal + nominal <= ALLOWANCE[use]) return true
    if (this.#rest > 0) {
      this.#rest -= 1
      return false
    }
    const limit = ALLOWANCE[use] + this.#share * (this.#now() - this.#started)
    const affordable = this.#spent + this.#mean <= limit
    this.#nextRest = affordable ? 1 : Math.min(2 * this.#nextRest, LONGEST_REST)
    if (!affordable) this.#rest = this.#nextRest
    return affordable
  }

  /** A digest begins; returns what to call at its end. */
  begin(): (nominal?: number) => void {
    const started = this.#now()
    return (nominal) => {
      const cost = this.#now() - started
      this.#spent += cost
      this.#nominal += nominal ?? cost
      this.#count += 1
    }
  }

  get #mean(): number {
    return this.#count === 0 ? 0 : this.#spent / this.#count
  }
}
