/**
 * Does the forward compute again what it computed? Digests of the state, taken when it passes a step for the first time and compared
 * when it is there again: recomputed, or read back from a store.
 *
 * The time that this takes is bounded: see replay-budget.ts. What was not recorded is not compared. The first record and the first
 * comparison are always made, so that nothing is compared only where no step is taken twice.
 */
import { CheckpointScheduleError } from '@checkpoint-schedules/core'
import { type Awaitable, type Codec, type Tree, treeCodec } from '@checkpoint-schedules/model'
import { differenceOf, fieldsOf, lossOf, nameOf } from './codec-losses.js'
import { type Digest, digestOf, digestTree } from './digest.js'
import { PART_BYTES } from './hash.js'
import { ReplayBudget } from './replay-budget.js'

/** How far `checkReplay` goes. */
export interface ReplayOptions {
  /**
   * The most time that it may take beyond 50 ms, as a share of the run's: 0.02 by default. As many states are compared as fit; of a state
   * above 64 KiB only a part of 4 KiB of each array, another one for each step. `Infinity` compares every state in full, at the cost of
   * reading each of them once.
   */
  readonly share: number
}

/** What came of it. A run that ends found no difference; `verdict` says whether it looked. */
export interface ReplayStatistics {
  /** `passed`: states that were computed again were the same. `undecided`: none was compared, so nothing is known. */
  readonly verdict: 'passed' | 'undecided'
  /** Steps whose state has a digest. */
  readonly recorded: number
  /** States that were the same when they were there again: computed again, or read back from a store. */
  readonly compared: number
  /** States that were computed again, and how many of them were compared. */
  readonly recomputed: { readonly states: number; readonly compared: number }
  readonly timeMs: number
}

/** `checkReplay` was asked for, and the run ends with nothing compared. */
export interface ReplayEvent {
  readonly type: 'nothing-compared'
  readonly message: string
}

const MOST_RECORDS = 2 ** 15
const LARGEST_WHOLE = 2 ** 16 // bytes
const NOMINAL = { byte: 1e-6, field: 5e-4 } // milliseconds

interface Seen {
  readonly digest: Digest
  /** The value's own fields, where `digest` is of what a codec encodes. */
  readonly fields?: Digest | undefined
}

export class ReplayCheck<State> {
  readonly #codec: Codec<State>
  readonly #isPlain: boolean
  readonly #share: number
  readonly #budget: ReplayBudget
  readonly #records = new Map<number, Seen>()
  // Only multiples of this are recorded: it doubles when there are too many.
  #every = 1
  #farthest = -1
  #compared = 0
  #recomputed = { states: 0, compared: 0 }
  // What the model's codec does to a state, once that was seen.
  #loss: string | undefined
  // The checkpoint that this sweep began with.
  #loaded: number | undefined
  // How many fields a state has, once that was seen.
  #fields = 1
  // Some states were too large to be looked at in full.
  #isPartial = false
  // The last step of this sweep whose state was compared and was the same.
  #lastSame: number | undefined

  constructor(codec: Codec<State>, { share }: ReplayOptions, now?: () => number) {
    this.#codec = codec
    this.#isPlain = (codec as unknown) === treeCodec
    this.#share = share
    this.#budget = new ReplayBudget(share, now)
  }

  get statistics(): ReplayStatistics {
    return {
      verdict: this.#recomputed.compared > 0 ? 'passed' : 'undecided',
      recorded: this.#records.size,
      compared: this.#compared,
      recomputed: { ...this.#recomputed },
      timeMs: this.#budget.spentMs,
    }
  }

  /** What the user should know when the run has ended. */
  get event(): ReplayEvent | undefined {
    const { states, compared } = this.#recomputed
    if (compared > 0) return undefined
    const why =
      states === 0
        ? 'no step was taken twice'
        : `none of the ${states} states that were computed again had a digest`
    return {
      type: 'nothing-compared',
      message: `checkReplay compared nothing: ${why}. Whether the forward is reproducible is not known; to find out, run it under a schedule that recomputes, such as revolve.`,
    }
  }

  /**
   * The state stands at the start of step n.
   *
   * @param loaded - It comes from a store, not from the step before.
   */
  at(n: number, state: State, bytes: number, loaded = false): Awaitable<void> {
    if (loaded) {
      this.#loaded = n
      this.#lastSame = undefined
    } else if (n <= this.#farthest) this.#recomputed.states += 1
    else this.#farthest = n
    const record = this.#records.get(n)
    if (record === undefined && n % this.#every !== 0) return undefined
    const isWhole = this.#share === Infinity || bytes <= LARGEST_WHOLE
    const nominal = this.#isPlain ? this.#nominal(isWhole, bytes) : undefined
    if (!this.#affords(record, nominal, loaded)) return undefined
    const end = this.#budget.begin()
    if (!this.#isPlain) return this.#seeEncoded(n, state, loaded).finally(() => end())
    if (!isWhole) this.#isPartial = true
    const digest = digestTree(state as Tree, isWhole ? undefined : n)
    this.#fields = digest.length - 1
    end(nominal)
    this.#see(n, { digest }, state, loaded)
    return undefined
  }

  /** The time that a digest of plain data takes on a machine with nothing else to do, rather too long. */
  #nominal(isWhole: boolean, bytes: number): number {
    const seen = isWhole ? bytes : Math.min(bytes, this.#fields * PART_BYTES)
    return NOMINAL.byte * seen + NOMINAL.field * this.#fields
  }

  #affords(record: Seen | undefined, nominal: number | undefined, loaded: boolean): boolean {
    // One record is that of the initial state, which is never computed again.
    const isFirst = record === undefined ? this.#records.size < 2 : !loaded && this.#recomputed.compared === 0
    return isFirst || this.#budget.affords(record === undefined ? 'record' : 'compare', nominal)
  }

  async #seeEncoded(n: number, state: State, loaded: boolean): Promise<void> {
    // The initial state may be round; steps make numbers with all their digits. A few looks will do.
    const isLook = n > 0 && !loaded && Number.isInteger(Math.log2(n)) && !this.#records.has(n)
    if (isLook) this.#loss ??= await lossOf(state, this.#codec)
    const seen = { digest: await digestOf(state, this.#codec), fields: fieldsOf(state) }
    this.#see(n, seen, state, loaded)
  }

  #see(n: number, now: Seen, state: State, loaded: boolean): void {
    const before = this.#records.get(n)
    if (before === undefined) this.#keep(n, now)
    else {
      this.#compare(n, before, now, state, loaded)
      this.#compared += 1
      if (!loaded) this.#recomputed.compared += 1
      this.#lastSame = n
    }
  }

  #keep(n: number, seen: Seen): void {
    this.#records.set(n, seen)
    if (this.#records.size < MOST_RECORDS) return
    this.#every *= 2
    for (const step of this.#records.keys()) if (step % this.#every !== 0) this.#records.delete(step)
  }

  #compare(n: number, before: Seen, now: Seen, state: State, loaded: boolean): void {
    const at = differenceOf(before.digest, now.digest)
    if (at !== undefined)
      throw this.#differs(n, this.#isPlain ? nameOf(at, state as Tree) : 'what its codec encodes', loaded)
    // What the codec encodes is the same even if it rounds.
    const isRounded = loaded && this.#loss !== undefined && before.fields !== undefined
    const lost = isRounded && now.fields !== undefined ? differenceOf(before.fields, now.fields) : undefined
    if (lost !== undefined) throw this.#differs(n, nameOf(lost, state as Tree), loaded)
  }

  #differs(n: number, field: string, loaded: boolean): CheckpointScheduleError {
    const said = `the state at step ${n} is not the one that was there before: ${field} differs.`
    const details = { step: n, field, lastSame: this.#lastSame, blame: this.#blame(loaded) }
    return new CheckpointScheduleError(
      'NOT_REPRODUCIBLE',
      `runAdjoint: ${said} ${this.#explanation(loaded)}`,
      { details },
    )
  }

  #blame(loaded: boolean): 'codec' | 'store' | 'step' {
    if (this.#loss !== undefined && (loaded || this.#loaded !== undefined)) return 'codec'
    return loaded ? 'store' : 'step'
  }

  #explanation(loaded: boolean): string {
    const blame = this.#blame(loaded)
    if (blame === 'codec') {
      return (
        `The state was stored at step ${this.#loaded}, and the model's codec loses something: ${this.#loss}. ` +
        'A codec must give back every bit: see model.codecs.state.'
      )
    }
    const codec = this.#isPlain ? '' : " The model's codec must give back every bit: see model.codecs.state."
    if (blame === 'store') return `It was read back from a store, which must return what was put.${codec}`
    const since =
      this.#lastSame === undefined
        ? 'No earlier state was compared in this sweep'
        : `At step ${this.#lastSame} ${this.#isPartial ? 'what was compared of it' : 'it'} was the same`
    return (
      `${since}. A step must give the same result each time: see that step, tape and advance compute the same, and use no random ` +
      `numbers, no clock, and nothing that is kept from one call to the next.${this.#loaded === undefined ? '' : codec}`
    )
  }
}
