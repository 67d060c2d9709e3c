/**
 * Which checkpoints are held while the forward runs and nobody knows its end.
 *
 * The insight: an interval between two checkpoints that is reversed with j slots may be beta(j, t) long if no step may be recomputed more
 * than t times. Phase t ends where all intervals are that long, at the steps of its _pillars_. So pillars are kept, and of the others any
 * may be given up whose interval, merged with the one before it, stays within its cap; the latest one wastes least.
 *
 * ```
 * slots           3         2     1
 * pillars of 2    0         6     9   | 10      s = 3: the caps of phase 2 are beta(3, 2), beta(2, 2), beta(1, 2) = 10, 6, 3
 * ```
 */
import { beta } from '@checkpoint-schedules/binomial'
import { UNBOUNDED } from '@checkpoint-schedules/core'

/** What storing a checkpoint entails. */
export interface Kept {
  /** The checkpoint that is given up for it. */
  readonly discarded: number | undefined
  /** Where the forward stores the next one. */
  readonly next: number
}

export class Placement {
  /** The steps held, in order. */
  readonly held: number[] = []
  readonly #slots: number
  // t, the repetitions that are permitted.
  #phase: number
  // For each step held, whether it is a pillar of this phase; how many are, and where the next one is.
  readonly #isPillar: boolean[] = []
  #pillars = 0
  #nextPillar = 0

  constructor(slots: number, phase = 0) {
    this.#slots = slots
    this.#phase = phase
  }

  /** As when the forward arrives at beta(slots, phase): the intervals are those in which the phase before has ended. */
  static atStartOf(phase: number, slots: number): Placement {
    const placement = new Placement(slots, phase)
    const n = beta(slots, phase)
    for (let i = 0; i < slots; i++) {
      placement.held.push(n - beta(slots - i, phase))
      placement.#isPillar.push(i === 0)
    }
    placement.#pillars = 1
    placement.#nextPillar = n
    return placement
  }

  /**
   * Stores step n, where the last call has said. O(1) in the mean for few slots (N up to 10^6: 2.7 looks for 100 slots, 11.4 for
   * 1000), O(slots) at worst.
   */
  keep(n: number): Kept {
    if (n === this.#nextPillar && this.#pillars === this.#slots) this.#startPhase()
    const discarded = this.held.length === this.#slots ? this.#giveUp(n) : undefined
    const isPillar = n === this.#nextPillar
    this.held.push(n)
    this.#isPillar.push(isPillar)
    if (isPillar) this.#foundPillar(n)
    const isComplete = this.#pillars === this.#slots
    // With all pillars there is nothing to store before the phase is over.
    const next = isComplete ? this.#nextPillar : Math.min(n + this.#phase + 1, this.#nextPillar)
    return { discarded, next }
  }

  #startPhase(): void {
    this.#phase += 1
    this.#pillars = 1
    this.#isPillar.fill(false, 1)
  }

  #foundPillar(n: number): void {
    this.#pillars += 1
    const [s, t] = [this.#slots, this.#phase]
    if (s === 1) this.#nextPillar = UNBOUNDED
    else if (this.#pillars < s) this.#nextPillar = n + beta(s - this.#pillars + 1, t)
    else this.#nextPillar = beta(s, t + 1)
  }

  /** Gives up the latest checkpoint that is no pillar and whose interval fits into the one before it. */
  #giveUp(n: number): number {
    const { held } = this
    for (let i = this.#slots - 1; i > 0; i--) {
      if (this.#isPillar[i]) continue
      const merged = (held[i + 1] ?? n) - held[i - 1]!
      if (merged > beta(this.#slots - i + 1, this.#phase)) continue
      const step = held[i]!
      held.splice(i, 1)
      this.#isPillar.splice(i, 1)
      return step
    }
    throw new Error(`online: no checkpoint can be given up at step ${n}; this is a bug.`)
  }
}
