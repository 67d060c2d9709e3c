/**
 * Does the forward compute again what it computed? Digests of the state, taken when it passes a step for the first time and compared
 * when it is there again: recomputed, or read back from a store.
 *
 * The time that this takes is bounded by a share of the run's own: a digest is taken only if there is time left for it, and what
 * was not recorded is not compared.
 */
import { CheckpointScheduleError } from '@checkpoint-schedules/core'
import { type Awaitable, type Codec, type Tree, treeCodec } from '@checkpoint-schedules/model'
import { type Digest, digestOf, digestTree, fieldNames } from './digest.js'

/** How far `checkReplay` goes. */
export interface ReplayOptions {
  /**
   * The most time that it may take, as a share of the run's: 0.02 by default, which looks at as many states as it can, and of large arrays
   * at a part only, another one for each step. `Infinity` compares every state in full, at the cost of reading each of them once.
   */
  readonly share: number
}

/** What came of it. */
export interface ReplayStatistics {
  /** Steps whose state has a digest. */
  readonly recorded: number
  /** States that passed such a step again, and were the same. */
  readonly compared: number
  readonly timeMs: number
}

const MOST_RECORDS = 2 ** 15
const FIRST_GUESS = 1e-6 // ms a byte, until a digest was taken
const LONGEST_REST = 64 // calls between two looks at the clock while there is no time left

export class ReplayCheck<State> {
  readonly #codec: Codec<State>
  readonly #share: number
  readonly #started = performance.now()
  readonly #records = new Map<number, Digest>()
  // Only multiples of this are recorded: it doubles when there are too many.
  #every = 1
  #spent = 0
  #longest: number | undefined
  #rest = 0
  #nextRest = 1
  #compared = 0
  // The last step of this sweep whose state was the same, or was there for the first time.
  #lastSame: number | undefined

  constructor(codec: Codec<State>, { share }: ReplayOptions) {
    this.#codec = codec
    this.#share = share
  }

  get statistics(): ReplayStatistics {
    return { recorded: this.#records.size, compared: this.#compared, timeMs: this.#spent }
  }

  /**
   * The state stands at the start of step n.
   *
   * @param loaded - It comes from a store, not from the step before.
   */
  at(n: number, state: State, bytes: number, loaded = false): Awaitable<void> {
    if (loaded) this.#lastSame = undefined
    const record = this.#records.get(n)
    if (record === undefined && n % this.#every !== 0) return undefined
    if (!this.#affords(bytes)) return undefined
    const started = performance.now()
    if ((this.#codec as unknown) !== treeCodec) return this.#seeEncoded(n, state, loaded, started)
    this.#see(n, digestTree(state as Tree, this.#full ? undefined : n), state, loaded)
    this.#account(started)
    return undefined
  }

  async #seeEncoded(n: number, state: State, loaded: boolean, started: number): Promise<void> {
    this.#see(n, await digestOf(state, this.#codec), state, loaded)
    this.#account(started)
  }

  /** All of each state, instead of parts of it. */
  get #full(): boolean {
    return this.#share === Infinity
  }

  #affords(bytes: number): boolean {
    if (this.#full) return true
    if (this.#rest > 0) {
      this.#rest -= 1
      return false
    }
    const cost = this.#longest ?? bytes * FIRST_GUESS
    const affordable = this.#spent + cost <= this.#share * (performance.now() - this.#started)
    this.#nextRest = affordable ? 1 : Math.min(2 * this.#nextRest, LONGEST_REST)
    if (!affordable) this.#rest = this.#nextRest
    return affordable
  }

  #account(started: number): void {
    const cost = performance.now() - started
    this.#spent += cost
    this.#longest = Math.max(cost, (this.#longest ?? 0) * 0.9) // one slow digest is forgotten in time
  }

  #see(n: number, digest: Digest, state: State, loaded: boolean): void {
    const record = this.#records.get(n)
    if (record === undefined) this.#keep(n, digest)
    else if (record.length === digest.length && record.every((part, i) => part === digest[i]))
      this.#compared += 1
    else throw this.#differs(n, record, digest, state, loaded)
    this.#lastSame = n
  }

  #keep(n: number, digest: Digest): void {
    this.#records.set(n, digest)
    if (this.#records.size < MOST_RECORDS) return
    this.#every *= 2
    for (const step of this.#records.keys()) if (step % this.#every !== 0) this.#records.delete(step)
  }

  #differs(n: number, before: Digest, now: Digest, state: State, loaded: boolean): CheckpointScheduleError {
    const field = this.#firstDifference(before, now, state)
    const since = this.#lastSame
    const said = `the state at step ${n} is not the one that was there before: ${field} differs.`
    const details = { step: n, field, lastSame: since }
    const why = loaded
      ? 'It was read back from a store, which must return what was put.'
      : `${since === undefined ? 'No earlier state was compared in this sweep' : `At step ${since} ${this.#full ? 'it' : 'what was compared of it'} was the same`}. ` +
        'A step must give the same result each time: see that step, tape and advance compute the same, and use no random numbers, ' +
        'no clock, and nothing that is kept from one call to the next.'
    return new CheckpointScheduleError('NOT_REPRODUCIBLE', `runAdjoint: ${said} ${why}`, { details })
  }

  #firstDifference(before: Digest, now: Digest, state: State): string {
    if ((this.#codec as unknown) !== treeCodec) return 'what its codec encodes'
    if (before[0] !== now[0]) return 'its shape (names, types or lengths)'
    const i = now.findIndex((part, k) => part !== before[k])
    return fieldNames(state as Tree)[i - 1]!
  }
}
