/**
 * The abstract machine: takes actions one by one, checks each against the laws, then applies it.
 *
 * It has no model and no data: it knows only the step and kind of each checkpoint. An action that breaks a law is still applied where that
 * makes sense, so that later actions can be checked. Memory: O(checkpoints held).
 */
import {
  type Action,
  checkAction,
  type CheckpointKind,
  formatAction,
  isCheckpointStorage,
} from '@checkpoint-schedules/core'
import type { Law, Violation } from './laws.js'
import { Storage, type StorageLimits, type StorageUse } from './storage-uses.js'
import { type WorkingDependencies, WorkingStorage } from './working-storage.js'

/** What the machine needs to know before the first action. */
export interface MachineSettings extends StorageLimits {
  /** The number of steps, if it is known from the start. */
  readonly steps?: number | undefined
  /** Whether the first forward may reach past N. By default only while N is unknown. */
  readonly online?: boolean
  /** The adjoint calculations permitted; if it is 1, no checkpoint may be left. By default unlimited. */
  readonly permitted?: 0 | 1 | 'unlimited' | undefined
  /** Called for each broken law; may throw. */
  readonly onViolation: (violation: Violation) => void
}

type Forward = Extract<Action, { type: 'Forward' }>
type Reverse = Extract<Action, { type: 'Reverse' }>
type Load = Extract<Action, { type: 'Copy' | 'Move' }>
type Discard = Extract<Action, { type: 'Discard' }>

/**
 * Takes actions one at a time and hands each broken law to the callback: for a loop of your own. `simulate` is this and a loop.
 *
 * @example
 * ```ts
 * import { advance } from '@checkpoint-schedules/core'
 * import { Machine } from '@checkpoint-schedules/simulator'
 *
 * const broken: string[] = []
 * const machine = new Machine({ steps: 9, onViolation: ({ law }) => broken.push(law) })
 * machine.apply(advance(3, 5))
 * broken // [ 'forward-start' ]
 * ```
 */
export class Machine {
  /** Actions taken. */
  actions = 0
  /** Where the forward stands; `undefined` if nowhere. */
  n: number | undefined = 0
  /** Adjoint steps done in this adjoint calculation. */
  r = 0
  /** N, once known. */
  steps: number | undefined
  /** Forward steps taken in all, never past N. */
  forwardSteps = 0
  /** Forward steps among them that made a tape. */
  tapedSteps = 0
  /** Adjoint steps taken in all. */
  adjointSteps = 0
  /** Adjoint calculations finished. */
  adjoints = 0
  readonly #settings: MachineSettings
  readonly #storages = new Map<string, Storage>()
  // The storage that was named last.
  #near: Storage | undefined
  readonly #working = new WorkingStorage()
  // 'reached' directly after the Forward that gets to N (from the start if N is 0), 'ended' from EndForward on.
  #forward: 'running' | 'reached' | 'ended' = 'running'
  // Whether the last Forward did.
  #isTaping = false

  constructor(settings: MachineSettings) {
    this.#settings = settings
    this.steps = settings.steps
    if (this.steps === 0) this.#forward = 'reached'
  }

  /** What each storage that was named has seen so far. */
  get storages(): ReadonlyMap<string, StorageUse> {
    return this.#storages
  }

  /** The steps whose dependency data is in working storage. */
  get dependencies(): WorkingDependencies {
    return this.#working.dependencies
  }

  /** Forward steps over N: 1 without any recomputation, even if there are no steps; NaN while N is unknown. */
  get recomputeFactor(): number {
    if (this.steps === undefined) return Number.NaN
    return this.steps === 0 ? 1 : this.forwardSteps / this.steps
  }

  /** Takes the next action. */
  apply(action: Action): void {
    const { permitted } = this.#settings
    if (this.#forward === 'reached' && action.type !== 'EndForward') {
      this.#broken('end-forward', action, 'the forward has reached its end', 'EndForward()')
      this.#forward = 'ended'
    }
    if (permitted === 0 ? this.#forward === 'ended' : permitted === 1 && this.adjoints >= 1) {
      this.#broken('after-end', action, 'all calculations are over', 'no further action')
    }
    switch (action.type) {
      case 'Forward':
        this.#advance(action)
        break
      case 'Reverse':
        this.#reverse(action)
        break
      case 'Copy':
      case 'Move':
        this.#load(action)
        break
      case 'Discard':
        this.#discard(action)
        break
      case 'EndForward':
        this.#endForward(action)
        break
      case 'EndReverse':
        this.#endReverse(action)
        break
      default:
        checkAction(action) // throws: there is no such action
    }
    this.actions += 1
  }

  /** Says where the forward ended, after the Forward that reached it; 0 before the first action. */
  finalize(steps: number): void {
    if (this.steps !== undefined) return
    this.steps = steps
    if (this.n === undefined || this.n < steps) return
    this.forwardSteps -= this.n - steps
    if (this.#isTaping) this.tapedSteps -= this.n - steps
    this.n = steps
    this.#forward = 'reached'
  }

  /** Says that no action follows: `adjoints` calculations should be finished. */
  finish(adjoints: number): void {
    const ended = this.#forward === 'ended'
    if (ended && this.adjoints >= adjoints) return
    const found = `the trace ends after ${this.adjoints} of ${adjoints} adjoint calculations${ended ? '' : ', before EndForward'}`
    this.#report(
      'incomplete',
      undefined,
      undefined,
      `${found}, at r = ${this.r}; right would be: to continue.`,
    )
  }

  #advance(action: Forward): void {
    const { n0, n1 } = action
    if (n1 <= n0) this.#broken('forward-length', action, `it goes from ${n0} to ${n1}`, `n1 >= ${n0 + 1}`)
    if (this.n === undefined) {
      const right = 'a Copy or Move of restart data first'
      this.#broken('forward-start', action, 'the forward stands nowhere: dependency data was loaded', right)
    } else if (n0 !== this.n) {
      this.#broken('forward-start', action, `the forward stands at ${this.n}`, `n0 = ${this.n}`)
    }
    let to = n1
    if (this.steps !== undefined) {
      const limit = this.steps - this.r
      const mayPass = this.#settings.online === true && this.#forward === 'running'
      if (n1 > limit && !mayPass)
        this.#broken('forward-limit', action, `it passes N - r = ${limit}`, `n1 <= ${limit}`)
      to = Math.min(n1, Math.max(limit, n0))
    }
    this.#working.clear()
    this.#store(action, to)
    this.#isTaping = action.writeAdjDeps
    if (to > n0) {
      this.forwardSteps += to - n0
      if (action.writeAdjDeps) this.tapedSteps += to - n0
    }
    this.n = to
    if (to === this.steps && this.#forward === 'running') this.#forward = 'reached'
  }

  #store(action: Forward, to: number): void {
    const { n0, n1, writeIcs, writeAdjDeps, storage } = action
    if (!writeIcs && !writeAdjDeps) {
      if (storage === 'FWD_RESTART' || storage === 'NONE') return
      this.#misplaced(
        action,
        `it stores nothing, in ${storage}`,
        'FWD_RESTART (or NONE if no adjoint follows)',
      )
      return
    }
    if (storage === 'WORKING_MEMORY') {
      if (writeAdjDeps) this.#working.keep(n0, to)
      return
    }
    if (writeAdjDeps && n1 - n0 !== 1) {
      const right = 'one step at a time, or WORKING_MEMORY'
      this.#broken('one-taped-step', action, `it covers ${n1 - n0} steps in ${storage}`, right)
    }
    if (storage === 'ADJ_DEPS') {
      if (writeIcs) this.#misplaced(action, 'restart data cannot go to ADJ_DEPS', 'a checkpoint storage')
      if (writeAdjDeps) this.#working.tape(n0, to)
    } else if (isCheckpointStorage(storage)) {
      this.#checkpoint(action)
    } else {
      const right = writeIcs ? 'a checkpoint storage' : 'ADJ_DEPS or a checkpoint storage'
      this.#misplaced(action, `${String(storage)} keeps no data`, right)
    }
  }

  #misplaced(action: Forward, found: string, right: string): void {
    this.#broken('forward-storage', action, found, right)
  }

  #checkpoint(action: Forward): void {
    const { n0, writeIcs, writeAdjDeps, storage: name } = action
    const storage = this.#storage(name)
    if (writeIcs && writeAdjDeps)
      this.#broken('one-kind', action, `it stores both in ${name}`, 'one kind of data')
    const there = storage.held.get(n0)
    if (there !== undefined) {
      const right = 'another step, or a Move or Discard first'
      this.#broken('checkpoint-taken', action, `${name} holds ${there} data of step ${n0} already`, right)
    }
    storage.write(n0, writeIcs ? 'restart' : 'dependency')
    if (storage.held.size > storage.limit) {
      const found = `${name} would hold ${storage.held.size} checkpoints (of steps ${storage.steps})`
      this.#broken('storage-limit', action, found, `at most ${storage.limit}`)
    }
  }

  #reverse(action: Reverse): void {
    const { n1, n0 } = action
    if (n1 <= n0) this.#broken('reverse-length', action, `it goes from ${n1} to ${n0}`, `n0 <= ${n1 - 1}`)
    const next = this.steps === undefined ? undefined : this.steps - this.r
    if (this.#forward !== 'ended') {
      this.#broken('reverse-start', action, 'the forward has not ended', 'EndForward() first')
    } else if (next !== n1) {
      this.#broken('reverse-start', action, `N - r is ${next}`, `n1 = ${next}`)
    }
    if (!this.#working.covers(n0, n1)) {
      const right = `that of the steps ${n0} … ${n1 - 1}`
      this.#broken('reverse-data', action, `working storage holds ${this.#working.content}`, right)
    }
    if (action.clearAdjDeps) this.#working.clearDependencies()
    if (n1 > n0) {
      this.r += n1 - n0
      this.adjointSteps += n1 - n0
    }
  }

  #load(action: Load): void {
    const { n, from, to } = action
    if (!this.#working.isEmpty) {
      const right = 'a Forward, or a Reverse that clears it, first'
      this.#broken('working-storage-empty', action, `it holds ${this.#working.content}`, right)
    }
    const storage = this.#storage(from)
    const kind = this.#kindHeld(action, n, from)
    const limit = this.steps === undefined ? Infinity : this.steps - this.r
    if (n >= limit) {
      this.#broken(
        'checkpoint-useful',
        action,
        `step ${n} is reversed already`,
        `a step before N - r = ${limit}`,
      )
    }
    const place = kind === 'dependency' ? 'ADJ_DEPS' : 'FWD_RESTART'
    if (kind !== undefined && place !== to) {
      this.#broken('checkpoint-kind', action, `${from} holds ${kind} data of step ${n}`, `to ${place}`)
    }
    storage.reads += 1
    if (to === 'ADJ_DEPS') storage.tapeReads += 1
    if (action.type === 'Copy') storage.copies += 1
    if (action.type === 'Move') storage.held.delete(n)
    this.#working.clear()
    if (to === 'FWD_RESTART') {
      this.#working.restart = true
      this.n = n
    } else {
      this.#working.tape(n, n + 1)
      this.n = undefined
    }
  }

  #discard(action: Discard): void {
    const { n, storage: name } = action
    const storage = this.#storage(name)
    this.#kindHeld(action, n, name)
    storage.discards += 1
    storage.held.delete(n)
  }

  /** What the checkpoint that the action names holds. */
  #kindHeld(action: Action, n: number, name: string): CheckpointKind | undefined {
    const storage = this.#storage(name)
    const kind = storage.held.get(n)
    if (kind !== undefined) return kind
    const right =
      storage.held.size === 0 ? `a Forward that stores it; ${name} is empty` : `one of steps ${storage.steps}`
    this.#broken('checkpoint-exists', action, `${name} holds no checkpoint of step ${n}`, right)
    return undefined
  }

  #endForward(action: Action): void {
    if (this.#forward !== 'reached') {
      const right =
        this.#forward === 'ended'
          ? 'no second EndForward'
          : `a Forward up to ${this.steps ?? 'the end'} first`
      this.#broken('end-forward', action, `the forward stands at ${this.n ?? 'no step'}`, right)
    }
    this.#forward = 'ended'
  }

  #endReverse(action: Action): void {
    if (this.r !== this.steps) {
      const found = `${this.r} of ${this.steps ?? 'an unknown number of'} steps are reversed`
      this.#broken('end-reverse', action, found, 'a Reverse of the others first')
    }
    if (this.#settings.permitted === 1) {
      for (const [name, storage] of this.#storages) {
        if (storage.held.size === 0) continue
        const found = `${name} still holds checkpoints of steps ${storage.steps}`
        this.#broken('leftover', action, found, 'a Move for the last read of each, or a Discard', name)
      }
    }
    this.adjoints += 1
    this.r = 0
  }

  #storage(name: string): Storage {
    if (name === this.#near?.name) return this.#near
    let storage = this.#storages.get(name)
    if (storage === undefined) {
      storage = new Storage(name, this.#settings)
      this.#storages.set(name, storage)
    }
    this.#near = storage
    return storage
  }

  #broken(law: Law, action: Action, found: string, right: string, storage = storageOf(action)): void {
    const step = 'n0' in action ? action.n0 : 'n' in action ? action.n : undefined
    this.#report(law, step, storage, `${formatAction(action)}: ${found}; right would be: ${right}.`)
  }

  #report(law: Law, step: number | undefined, storage: string | undefined, message: string): void {
    this.#settings.onViolation({ index: this.actions, law, step, storage, message })
  }
}

function storageOf(action: Action): string | undefined {
  if (action.type === 'Forward' || action.type === 'Discard') return action.storage
  return action.type === 'Copy' || action.type === 'Move' ? action.from : undefined
}
