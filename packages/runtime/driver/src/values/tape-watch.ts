/**
 * Sees to it that nothing writes over a tape, which belongs to the driver from the moment that it is returned.
 *
 * ```
 * tape(u) { return { tape: u, state: this.step(u) } }     a step in place: the tape is the new state
 * tape(u) { this.a.set(u); return { tape: this.a, … } }   one array for all tapes
 * tape(u) → { tape: A, state: B }, step(B) → A            two arrays by turns: the next step writes over the tape
 * ```
 *
 * The insight: a model that writes over a tape sooner or later returns its memory again, as a state or a tape. So memory is compared at each
 * step, by identity, with the last tape and the first two of the run. Where memory comes back its content decides: constants and arrays
 * that nobody changes may be shared.
 */
import { CheckpointScheduleError } from '@checkpoint-schedules/core'
import { shares } from '@checkpoint-schedules/model'
import { isIn, type Memory, tracesOf, wasWritten } from './traces.js'

/** This many comparisons include the buffers of small arrays. */
const THOROUGH_LOOKS = 64

/** This many tapes are remembered with their content; all of them once memory was seen to be shared. */
const RECORDED_TAPES = 8

/** This many tapes are compared with the first ones: memory that is used in turn has come back by then. */
const TURNS = 1024

/** Two, as the first one may be a copy of the initial state, whose memory never comes back. */
const FIRST_TAPES = 2

/** What is remembered of a tape. */
interface Record {
  readonly step: number
  readonly memory: readonly Memory[]
}

export class TapeWatch {
  /** Whether a tape and another value were seen to share memory that nobody writes to. */
  sharing = false
  readonly #isExclusive: boolean
  #taped = 0
  #before: readonly Memory[] | undefined
  readonly #first: Record[] = []
  #last: unknown
  #lastStep = 0
  #record: Record | undefined

  /** @param isExclusive - Values are released, so that none may be in two places, whether or not it is written to. */
  constructor(isExclusive: boolean) {
    this.#isExclusive = isExclusive
  }

  /** A step of this state is taped next. */
  taping(state: unknown): void {
    this.#before = this.#isRecording && typeof state === 'object' ? tracesOf(state) : undefined
  }

  /** Step n returned a state and a tape. */
  taped(n: number, state: unknown, tape: unknown): void {
    this.#taped += 1
    if (typeof tape !== 'object' || tape === null) {
      this.#last = undefined
      return
    }
    const thorough = this.#isThorough
    if (shares(tape, state, thorough)) this.#bornShared(tape)
    if (this.#last !== undefined) {
      if (shares(state, this.#last, thorough)) this.#returned('state', this.#lastStep, this.#record)
      if (shares(tape, this.#last, thorough)) this.#returned('tape', this.#lastStep, this.#record)
    }
    if (this.#taped <= TURNS) this.#compareWithFirst(state, tape, thorough)
    this.#last = tape
    this.#lastStep = n
    this.#record = this.#isRecording ? { step: n, memory: tracesOf(tape) } : undefined
    if (this.#first.length < FIRST_TAPES && this.#record !== undefined) this.#first.push(this.#record)
  }

  /** A step without a tape returned a state. */
  stepped(state: unknown): void {
    if (this.#last !== undefined && shares(state, this.#last, this.#isThorough))
      this.#returned('state', this.#lastStep, this.#record)
  }

  /** The adjoint of a step was made from its tape. */
  reversed(adjoint: unknown, tape: unknown): void {
    if (shares(adjoint, tape, this.#isThorough))
      throw new CheckpointScheduleError(
        'INVALID_VALUE',
        'the adjoint shares memory with the tape, which may be used again. Return a copy.',
      )
  }

  /** The last tape was used, or is no longer in memory. */
  released(): void {
    this.#last = this.#record = undefined
  }

  #compareWithFirst(state: unknown, tape: unknown, thorough: boolean): void {
    for (const first of this.#first) {
      if (isIn(tape, first.memory, thorough)) this.#returned('tape', first.step, first)
      if (isIn(state, first.memory, thorough)) this.#returned('state', first.step, first)
    }
  }

  get #isRecording(): boolean {
    return this.sharing || this.#taped <= RECORDED_TAPES
  }

  get #isThorough(): boolean {
    return this.#taped <= THOROUGH_LOOKS
  }

  /** A tape is returned with a state that shares its memory: no fault unless the step has written to it, or a later one does. */
  #bornShared(tape: unknown): void {
    const written = this.#before?.filter(wasWritten)
    if (this.#isExclusive || written === undefined || isIn(tape, written, true))
      throw refused('the tape shares memory with the state')
    this.sharing = true
  }

  /** The memory of a tape is in a later value: no fault as long as the tape is what it was. */
  #returned(what: 'state' | 'tape', step: number, record: Record | undefined): void {
    if (this.#isExclusive || record === undefined || record.memory.some(wasWritten))
      throw refused(`the ${what} is in the memory of the tape of step ${step}`)
    this.sharing = true
  }
}

function refused(what: string): CheckpointScheduleError {
  return new CheckpointScheduleError(
    'INVALID_VALUE',
    `${what}, so that one writes over the other. Return a tape with memory of its own: copy what the step overwrites before ` +
      'the step is taken (as by `u.slice()`).',
  )
}
