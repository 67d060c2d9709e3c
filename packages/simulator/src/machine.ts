/**
 * The abstract machine: takes actions one by one, checks each against the laws, then has its effect.
 *
 * It knows no model and holds no data: of a checkpoint only its step and kind. After a broken law the effect is had as far as it
 * makes sense, so that later actions are still judged. Memory: O(checkpoints held).
 */
import {
  type Action,
  type CheckpointKind,
  formatAction,
  isCheckpointStorage,
} from '@checkpoint-schedules/core'
import { Intervals } from './intervals.js'
import type { Law, Violation } from './laws.js'

/** What the machine is told before the first action. */
export interface MachineSettings {
  /** The number of steps, if it is known from the start. */
  readonly steps?: number | undefined
  /** Whether the first forward may reach past N. By default only while N is unknown. */
  readonly online?: boolean
  /** The adjoint calculations permitted; where it is 1, no checkpoint may be left. By default unlimited. */
  readonly permitted?: 0 | 1 | 'unlimited' | undefined
  /** Most checkpoints held at once, by storage: `null` is unbounded. */
  readonly limits?: Readonly<Record<string, number | null>> | undefined
  /** Whether a storage that `limits` does not name is never used, as in a manifest, or unbounded. By default the latter. */
  readonly limitsAreComplete?: boolean
  /** Called for each broken law; may throw. */
  readonly onViolation: (violation: Violation) => void
}

/** What one storage has seen so far. */
export interface StorageUse {
  /** Checkpoints held now: what each step's holds. */
  readonly held: ReadonlyMap<number, CheckpointKind>
  readonly writes: number
  readonly reads: number
  /** Most checkpoints held at once so far. */
  readonly peak: number
}

interface StorageState extends StorageUse {
  readonly held: Map<number, CheckpointKind>
  writes: number
  reads: number
  peak: number
  readonly limit: number
}

export class Machine {
  /** Actions taken. */
  actions = 0
  /** Where the forward stands; `undefined` is nowhere. */
  n: number | undefined = 0
  /** Adjoint steps done in this adjoint calculation. */
  r = 0
  /** N, once known. */
  steps: number | undefined
  /** Forward steps taken in all, never past N. */
  forwardSteps = 0
  /** Adjoint steps taken in all. */
  adjointSteps = 0
  /** Adjoint calculations finished. */
  adjoints = 0
  readonly #settings: MachineSettings
  readonly #storages = new Map<string, StorageState>()
  // Working storage: restart data loaded or not, the taped steps from … to-1, and what stays in working memory.
  #restart = false
  #tapedFrom = 0
  #tapedTo = 0
  readonly #kept = new Intervals()
  // 'running' until the forward reaches N, 'reached' directly after that, 'ended' from EndForward on.
  #forward: 'running' | 'reached' | 'ended' = 'running'

  constructor(settings: MachineSettings) {
    this.#settings = settings
    this.steps = settings.steps
  }

  /** What each storage that was named has seen so far. */
  get storages(): ReadonlyMap<string, StorageUse> {
    return this.#storages
  }

  /** Checkpoints held in a storage now. */
  heldIn(storage: string): number {
    return this.#storages.get(storage)?.held.size ?? 0
  }

  /** Takes the next action. */
  apply(action: Action): void {
    if (this.#forward === 'reached' && action.type !== 'EndForward') {
      this.#broken(
        'end-forward',
        action,
        `the forward reached its end; got ${formatAction(action)}`,
        'EndForward()',
      )
      this.#forward = 'ended'
    }
    const { permitted } = this.#settings
    if (permitted === 0 ? this.#forward === 'ended' : permitted === 1 && this.adjoints >= 1) {
      this.#broken('after-end', action, `got ${formatAction(action)} after the end`, 'no further action')
    }
    switch (action.type) {
      case 'Forward':
        this.#forwardTo(action)
        break
      case 'Reverse':
        this.#reverse(action)
        break
      case 'Copy':
      case 'Move':
        this.#load(action)
        break
      case 'EndForward':
        if (this.#forward !== 'reached') {
          const right =
            this.#forward === 'ended'
              ? 'no second EndForward'
              : `a Forward up to ${this.steps ?? 'the end'} first`
          this.#broken('end-forward', action, `the forward stands at ${this.n ?? 'no step'}`, right)
        }
        this.#forward = 'ended'
        break
      case 'EndReverse':
        this.#endReverse(action)
    }
    this.actions += 1
  }

  /** Says where the forward ended, after the Forward that reached it. */
  finalize(steps: number): void {
    if (this.steps !== undefined) return
    this.steps = steps
    if (this.n !== undefined && this.n >= steps) {
      this.forwardSteps -= this.n - steps
      if (this.#tapedTo > steps) this.#tapedTo = steps
      this.n = steps
      this.#forward = 'reached'
    }
  }

  /** Says that no action follows: `adjoints` calculations should be finished. */
  finish(adjoints: number): void {
    if (this.#forward === 'ended' && this.adjoints >= adjoints) return
    const found =
      `it ends after ${this.adjoints} of ${adjoints} adjoint calculations` +
      (this.#forward === 'ended' ? '' : ', before EndForward')
    this.#report('incomplete', undefined, undefined, `${found}, at r = ${this.r}.`)
  }

  #forwardTo(action: Extract<Action, { type: 'Forward' }>): void {
    const { n0, n1, writeIcs, writeAdjDeps, storage } = action
    if (n1 <= n0) this.#broken('forward-length', action, `it goes from ${n0} to ${n1}`, `n1 >= ${n0 + 1}`)
    if (n0 !== this.n) {
      this.#broken(
        'forward-start',
        action,
        `the forward stands ${this.n === undefined ? 'nowhere: dependency data was loaded' : `at ${this.n}`}`,
        this.n === undefined ? 'a Copy or Move of restart data first' : `n0 = ${this.n}`,
      )
    }
    let to = n1
    if (this.steps !== undefined) {
      const limit = this.steps - this.r
      const mayPass = this.#settings.online === true && this.#forward === 'running'
      if (n1 > limit && !mayPass)
        this.#broken('forward-limit', action, `it passes N - r = ${limit}`, `n1 <= ${limit}`)
      to = Math.min(n1, Math.max(limit, n0))
    }
    this.#restart = false
    this.#tapedTo = this.#tapedFrom = 0
    if (writeIcs || writeAdjDeps) this.#store(action, to)
    else if (storage !== 'FWD_RESTART' && storage !== 'NONE') {
      this.#broken(
        'forward-storage',
        action,
        `it stores nothing, in ${storage}`,
        'FWD_RESTART (or NONE where no adjoint follows)',
      )
    }
    if (to > n0) this.forwardSteps += to - n0
    this.n = to
    if (to === this.steps && this.#forward === 'running') this.#forward = 'reached'
  }

  #store(action: Extract<Action, { type: 'Forward' }>, to: number): void {
    const { n0, n1, writeIcs, writeAdjDeps, storage } = action
    if (storage === 'WORKING_MEMORY') {
      if (writeAdjDeps && to > n0) this.#kept.add(n0, to)
      return
    }
    if (writeAdjDeps && n1 - n0 !== 1) {
      this.#broken(
        'one-taped-step',
        action,
        `it covers ${n1 - n0} steps in ${storage}`,
        'one step at a time, or WORKING_MEMORY',
      )
    }
    if (storage === 'ADJ_DEPS') {
      if (writeIcs)
        this.#broken('forward-storage', action, 'restart data cannot go to ADJ_DEPS', 'a checkpoint storage')
      if (writeAdjDeps) [this.#tapedFrom, this.#tapedTo] = [n0, to]
      return
    }
    if (!isCheckpointStorage(storage)) {
      this.#broken(
        'forward-storage',
        action,
        `${String(storage)} keeps no data`,
        writeIcs ? 'a checkpoint storage' : 'ADJ_DEPS or a checkpoint storage',
      )
      return
    }
    if (writeIcs && writeAdjDeps)
      this.#broken('one-kind', action, `it stores both in ${storage}`, 'one kind of data')
    const use = this.#use(storage)
    if (use.held.has(n0)) {
      this.#broken(
        'checkpoint-taken',
        action,
        `${storage} holds ${use.held.get(n0)} data of step ${n0} already`,
        'another step, or a Move first',
      )
    }
    use.held.set(n0, writeIcs ? 'restart' : 'dependency')
    use.writes += 1
    if (use.held.size > use.peak) use.peak = use.held.size
    if (use.held.size > use.limit) {
      this.#broken(
        'storage-limit',
        action,
        `${storage} would hold ${use.held.size} checkpoints (of steps ${someOf(use.held.keys())})`,
        `at most ${use.limit}`,
      )
    }
  }

  #reverse(action: Extract<Action, { type: 'Reverse' }>): void {
    const { n1, n0 } = action
    if (n1 <= n0) this.#broken('reverse-length', action, `it goes from ${n1} to ${n0}`, `n0 <= ${n1 - 1}`)
    const next = this.steps === undefined ? undefined : this.steps - this.r
    if (next !== n1 || this.#forward !== 'ended') {
      this.#broken(
        'reverse-start',
        action,
        this.#forward === 'ended' ? `N - r is ${next}` : 'the forward has not ended',
        this.#forward === 'ended' ? `n1 = ${next}` : 'EndForward() first',
      )
    }
    const taped = this.#tapedFrom <= n0 && n1 <= this.#tapedTo
    if (!taped && !this.#kept.covers(n0, n1)) {
      const there =
        this.#tapedTo > this.#tapedFrom ? `dependency data of step ${this.#tapedFrom}` : 'no dependency data'
      this.#broken(
        'reverse-data',
        action,
        `working storage holds ${there}`,
        `that of the steps ${n0} … ${n1 - 1}`,
      )
    }
    if (action.clearAdjDeps) this.#tapedTo = this.#tapedFrom = 0
    if (n1 > n0) {
      this.r += n1 - n0
      this.adjointSteps += n1 - n0
    }
  }

  #load(action: Extract<Action, { type: 'Copy' | 'Move' }>): void {
    const { n, from, to } = action
    if (this.#restart || this.#tapedTo > this.#tapedFrom) {
      this.#broken(
        'working-storage-empty',
        action,
        this.#restart
          ? 'restart data was loaded and not used'
          : `dependency data of step ${this.#tapedFrom} is still there`,
        'a Forward from it, or a Reverse that clears it, first',
      )
    }
    const use = this.#use(from)
    const kind = use.held.get(n)
    if (kind === undefined) {
      this.#broken(
        'checkpoint-exists',
        action,
        `${from} holds no checkpoint of step ${n}`,
        use.held.size === 0
          ? `a Forward that stores it; ${from} is empty`
          : `one of steps ${someOf(use.held.keys())}`,
      )
    }
    const limit = this.steps === undefined ? Infinity : this.steps - this.r
    if (n >= limit)
      this.#broken(
        'checkpoint-useful',
        action,
        `step ${n} is reversed already`,
        `a step before N - r = ${limit}`,
      )
    const fits = kind === undefined || (kind === 'restart' ? 'FWD_RESTART' : 'ADJ_DEPS') === to
    if (!fits)
      this.#broken(
        'checkpoint-kind',
        action,
        `${from} holds ${kind} data of step ${n}`,
        `to ${to === 'ADJ_DEPS' ? 'FWD_RESTART' : 'ADJ_DEPS'}`,
      )
    use.reads += 1
    if (action.type === 'Move') use.held.delete(n)
    this.#restart = to === 'FWD_RESTART'
    if (this.#restart) {
      this.n = n
      this.#tapedTo = this.#tapedFrom = 0
    } else {
      this.n = undefined
      this.#tapedFrom = n
      this.#tapedTo = n + 1
    }
  }

  #endReverse(action: Action): void {
    if (this.steps === undefined || this.r !== this.steps) {
      this.#broken(
        'end-reverse',
        action,
        `${this.r} of ${this.steps ?? 'an unknown number of'} steps are reversed`,
        'a Reverse of the others first',
      )
    }
    if (this.#settings.permitted === 1) {
      for (const [storage, { held }] of this.#storages) {
        if (held.size > 0)
          this.#broken(
            'leftover',
            action,
            `${storage} still holds checkpoints of steps ${someOf(held.keys())}`,
            'a Move for the last read of each',
            storage,
          )
      }
    }
    this.adjoints += 1
    this.r = 0
  }

  #use(storage: string): StorageState {
    let use = this.#storages.get(storage)
    if (use === undefined) {
      const { limits, limitsAreComplete } = this.#settings
      const named = limits !== undefined && Object.hasOwn(limits, storage) ? limits[storage]! : null
      const limit =
        named ?? (limits !== undefined && limitsAreComplete && !Object.hasOwn(limits, storage) ? 0 : Infinity)
      use = { held: new Map(), writes: 0, reads: 0, peak: 0, limit }
      this.#storages.set(storage, use)
    }
    return use
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
  return action.type === 'Forward'
    ? action.storage
    : action.type === 'Copy' || action.type === 'Move'
      ? action.from
      : undefined
}

function someOf(steps: Iterable<number>): string {
  const shown: number[] = []
  for (const step of steps) {
    if (shown.length === 8) return `${shown.join(', ')}, …`
    shown.push(step)
  }
  return shown.join(', ')
}
