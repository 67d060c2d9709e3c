/**
 * A storage outside memory, which carries out one transfer after another in the order in which they reach it.
 *
 * A read of a checkpoint that is still being written reaches the storage when the write has ended; what is asked for in between is
 * carried out first.
 */

/** A read that was started early. */
export interface EarlyRead {
  /** When it reaches the storage. */
  readonly arrival: number
  readonly cost: number
  /** When it ends, once that is certain. */
  end: number | undefined
}

export class SlowStorage {
  // When all transfers that have reached it are over.
  #free = 0
  // Reads still to reach it, in order.
  readonly #pending: EarlyRead[] = []

  /** A transfer that reaches the storage at `time`; returns when it ends. */
  transfer(time: number, cost: number): number {
    this.#admit(time)
    this.#free = Math.max(this.#free, time) + cost
    return this.#free
  }

  /** A read that reaches the storage at `arrival`, which may be later than what is asked for next. */
  readEarly(now: number, arrival: number, cost: number): EarlyRead {
    const read: EarlyRead = { arrival, cost, end: undefined }
    if (arrival <= now) read.end = this.transfer(arrival, cost)
    else {
      let i = this.#pending.length
      while (i > 0 && this.#pending[i - 1]!.arrival > arrival) i--
      this.#pending.splice(i, 0, read)
    }
    return read
  }

  /** When a read ends, if nothing is asked for before it has reached the storage. */
  endOf(read: EarlyRead): number {
    if (read.end === undefined) this.#admit(read.arrival)
    return read.end!
  }

  #admit(time: number): void {
    while (this.#pending.length > 0 && this.#pending[0]!.arrival <= time) {
      const read = this.#pending.shift()!
      read.end = this.#free = Math.max(this.#free, read.arrival) + read.cost
    }
  }
}
