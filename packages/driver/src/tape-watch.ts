/**
 * Sees to it that nothing is written over a tape, which belongs to the driver from the moment that it is returned: no state, no other
 * tape and no adjoint may be in its memory.
 *
 * ```
 * tape(u) { return { tape: u, state: this.step(u) } }     a step in place: the tape is the new state
 * tape(u) { this.a.set(u); return { tape: this.a, … } }   one array for all tapes
 * tape(u) → { tape: A, state: B }, step(B) → A            two arrays by turns: the next step writes over the tape
 * ```
 *
 * The comparison is with the state, with the last tape, and with the first one of the run: memory that is used in turns comes back to it.
 */
import { CheckpointScheduleError } from '@checkpoint-schedules/core'
import { shares, SMALL_BYTES, unfrozenPartsOf } from './memory.js'
import { isTypedArray } from './tree.js'

/** So many looks compare the buffers of small arrays too. */
const THOROUGH_LOOKS = 64

/** A part of the first tape; nothing is kept alive for this. */
interface Trace {
  readonly part: WeakRef<object>
  /** The memory of a typed array. */
  readonly buffer: WeakRef<ArrayBufferLike> | undefined
  readonly from: number
  readonly to: number
}

export class TapeWatch {
  #looks = 0
  #first: readonly Trace[] | undefined
  #firstStep = 0
  #last: unknown
  #lastStep = 0

  /** Step n returned a state and a tape. */
  taped(n: number, state: unknown, tape: unknown): void {
    if (typeof tape !== 'object' || tape === null) {
      this.#last = undefined
      return
    }
    const thorough = (this.#looks += 1) <= THOROUGH_LOOKS
    if (shares(tape, state, thorough)) throw this.#refused(`the tape shares memory with the state`)
    if (this.#last !== undefined) {
      this.#compareState(state, thorough)
      if (shares(tape, this.#last, thorough)) throw this.#refused(`the tape ${this.#inThat(this.#lastStep)}`)
    }
    if (this.#first === undefined) {
      this.#first = unfrozenPartsOf(tape).map(traceOf)
      this.#firstStep = n
    } else if (this.#isInFirst(tape, thorough))
      throw this.#refused(`the tape ${this.#inThat(this.#firstStep)}`)
    else if (this.#isInFirst(state, thorough))
      throw this.#refused(`the state ${this.#inThat(this.#firstStep)}`)
    this.#last = tape
    this.#lastStep = n
  }

  /** A step without a tape returned a state. */
  stepped(state: unknown): void {
    if (this.#last !== undefined) this.#compareState(state, this.#looks <= THOROUGH_LOOKS)
  }

  /** The adjoint of a step was made from its tape. */
  reversed(adjoint: unknown, tape: unknown): void {
    if (shares(adjoint, tape, this.#looks <= THOROUGH_LOOKS))
      throw new CheckpointScheduleError(
        'INVALID_VALUE',
        'the adjoint shares memory with the tape, which may be used again. Return a copy.',
      )
  }

  /** The last tape was used, or is no longer in memory. */
  released(): void {
    this.#last = undefined
  }

  #compareState(state: unknown, thorough: boolean): void {
    if (shares(state, this.#last, thorough)) throw this.#refused(`the state ${this.#inThat(this.#lastStep)}`)
  }

  #isInFirst(value: unknown, thorough: boolean): boolean {
    const first = this.#first!
    if (isTypedArray(value)) return first.some((trace) => isIn(value, trace, thorough))
    return unfrozenPartsOf(value).some((part) => first.some((trace) => isIn(part, trace, thorough)))
  }

  #inThat(step: number): string {
    return `is in the memory of the tape of step ${step}`
  }

  #refused(what: string): CheckpointScheduleError {
    return new CheckpointScheduleError(
      'INVALID_VALUE',
      `${what}, so that one writes over the other. Return a tape with memory of its own: copy what the step overwrites before ` +
        'the step is taken (as by `u.slice()`). Constant data may be shared if it is in a frozen object, or kept in the model.',
    )
  }
}

function traceOf(part: object): Trace {
  if (!isTypedArray(part)) return { part: new WeakRef(part), buffer: undefined, from: 0, to: 0 }
  const { buffer, byteOffset, byteLength } = part
  return {
    part: new WeakRef(part),
    buffer: new WeakRef(buffer),
    from: byteOffset,
    to: byteOffset + byteLength,
  }
}

function isIn(part: object, { part: first, buffer, from, to }: Trace, thorough: boolean): boolean {
  if (!isTypedArray(part) || (!thorough && part.byteLength <= SMALL_BYTES)) return first.deref() === part
  const { byteOffset, byteLength } = part
  return byteOffset < to && from < byteOffset + byteLength && part.buffer === buffer?.deref()
}
