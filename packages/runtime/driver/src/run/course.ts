/**
 * Where a run is: the actions of its schedule in order, each judged by the abstract machine before it is handed out. The one owner of
 * the position: n, r, N, the counts and what is held are asked for here.
 */
import type { Action, Limits, Run, Schedule } from '@checkpoint-schedules/core'
import { ByteCount, Lookahead, Machine, throwViolation } from '@checkpoint-schedules/simulator'

export class Course {
  /** Actions that were carried out in full. */
  carriedOut = 0
  /** The action that is under way. */
  current: Action | undefined
  readonly #run: Run
  readonly #machine: Machine
  readonly #actions: Lookahead
  readonly #priceOf: Schedule['priceOf']
  readonly #bytes: ByteCount | undefined

  constructor(
    schedule: Schedule,
    limits: Limits,
    given: { steps: number | undefined; adjoints: number | undefined },
  ) {
    const { online, adjoints: permitted, bytes } = schedule.manifest
    const { priceOf } = schedule
    this.#priceOf = priceOf
    this.#bytes =
      priceOf && new ByteCount({ sizes: priceOf, limits: bytes?.limits, onViolation: throwViolation })
    this.#run = schedule.start(given)
    this.#actions = new Lookahead(this.#run)
    this.#machine = new Machine({
      steps: this.#run.steps,
      online,
      permitted,
      limits,
      limitsAreComplete: true,
      onViolation: throwViolation,
    })
  }

  /** N, once it is known. */
  get steps(): number | undefined {
    return this.#run.steps
  }

  /** N, once the forward has reached it. */
  get end(): number {
    const { steps } = this.#run
    if (steps === undefined)
      throw new Error('runAdjoint: the end of the forward is not known yet; this is a bug.')
    return steps
  }

  /** The step from which the forward continues; `undefined` if it stands nowhere, as a tape was loaded. */
  get n(): number | undefined {
    return this.#machine.n
  }

  /** Steps reversed in the adjoint calculation that is under way. */
  get r(): number {
    return this.#machine.r
  }

  /** Steps and calculations counted so far, with all steps of the action that is under way. */
  get counts(): Pick<Machine, 'forwardSteps' | 'adjointSteps' | 'adjoints' | 'recomputeFactor'> {
    return this.#machine
  }

  /** What the schedule holds: checkpoints by storage, and tapes in working storage. */
  get holdings(): Pick<Machine, 'storages' | 'dependencies'> {
    return this.#machine
  }

  /** The actions to come, `undefined` while the schedule must not be asked for more, as it does not know its end. */
  get future(): Lookahead | undefined {
    return this.#run.steps === undefined ? undefined : this.#actions
  }

  /**
   * The next action, which is under way from now on; `undefined` after the last one.
   *
   * @throws `BROKEN_LAW`
   */
  next(): Action | undefined {
    const action = this.#actions.next()
    this.current = action
    if (action !== undefined) this.judge(action)
    return action
  }

  /** Holds an action against the laws, then counts its effects. @throws `BROKEN_LAW` */
  judge(action: Action): void {
    const machine = this.#machine
    const end = this.#unreversed
    machine.apply(action)
    this.#bytes?.apply(action, end, machine.actions - 1)
    // An online run that knows its end was finalised when this Forward was handed out.
    if (machine.steps === undefined && this.#run.steps !== undefined) machine.finalize(this.#run.steps)
  }

  /** The bytes that the schedule was planned for, of the checkpoint that the action writes; `Infinity` if it counts none. */
  plannedBytes(action: Action): number {
    return this.#priceOf?.(action, this.#unreversed).bytes ?? Infinity
  }

  /** The action that is under way was carried out. */
  done(): void {
    this.current = undefined
    this.carriedOut += 1
  }

  /** The forward ends at step n, which the schedule did not know. */
  finalize(n: number): void {
    this.#run.finalize(n)
    this.#machine.finalize(n)
  }

  /**
   * The next action that an earlier process carried out, whose forward ended at `steps`, if that is known.
   *
   * @throws `BROKEN_LAW`
   */
  again(steps: number | null): Action | undefined {
    const action = this.next()
    this.#endAt(steps, action)
    return action
  }

  /**
   * The action that an earlier process was carrying out. Of a Reverse, which gives up its tapes, `judge` is left to do when it
   * continues.
   *
   * @throws `BROKEN_LAW`
   */
  partial(steps: number | null): Action | undefined {
    const action = this.#actions.next()
    this.current = action
    if (action?.type === 'Forward') this.judge(action)
    this.#endAt(steps, action)
    return action
  }

  /** No action follows. @throws `BROKEN_LAW`: there should be some. */
  finish(adjoints: number): void {
    this.#machine.finish(adjoints)
  }

  get #unreversed(): number {
    return (this.#machine.steps ?? Infinity) - this.#machine.r
  }

  #endAt(steps: number | null, action: Action | undefined): void {
    const isOpen = steps !== null && this.#run.steps === undefined
    if (isOpen && action?.type === 'Forward' && action.n1 >= steps) this.finalize(steps)
  }
}
