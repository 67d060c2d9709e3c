/** The bytes that a run holds, by storage: checkpoints by what they hold, and tapes in working memory beyond the one that every run needs. */
import { type Action, isCheckpointStorage } from '@checkpoint-schedules/core'
import type { Sizes } from './problem.js'

export class Holdings {
  /** Most bytes held at once, by storage; working memory counts as RAM. */
  readonly peakBytes: Record<string, number> = {}
  readonly #sizes: Sizes
  readonly #steps: number
  readonly #bytes: Record<string, number> = {}
  readonly #held = new Map<string, Map<number, number>>()
  #tapes = 0

  constructor(steps: number, sizes: Sizes) {
    this.#steps = steps
    this.#sizes = sizes
  }

  /** The actions, as they come. */
  *watch(actions: Iterable<Action>): Generator<Action> {
    for (const action of actions) {
      this.#take(action)
      yield action
    }
  }

  #take(action: Action): void {
    const { state, tape } = this.#sizes
    if (action.type === 'Forward') {
      const { n0, n1, writeIcs, writeAdjDeps, storage } = action
      if (storage === 'WORKING_MEMORY' && writeAdjDeps) {
        // Working storage has one already.
        const before = Math.max(0, this.#tapes - 1)
        this.#tapes += Math.min(n1, this.#steps) - n0
        this.#add('RAM', (Math.max(0, this.#tapes - 1) - before) * tape)
      } else if (isCheckpointStorage(storage) && (writeIcs || writeAdjDeps)) {
        const bytes = writeIcs ? state : tape
        this.#in(storage).set(n0, bytes)
        this.#add(storage, bytes)
      }
    } else if (action.type === 'Move') this.#remove(action.n, action.from)
    else if (action.type === 'Discard') this.#remove(action.n, action.storage)
    else if (action.type === 'Reverse' && action.clearAdjDeps && this.#tapes > 0) {
      this.#add('RAM', -Math.max(0, this.#tapes - 1) * tape)
      this.#tapes = 0
    }
  }

  #remove(n: number, storage: string): void {
    const held = this.#in(storage)
    this.#add(storage, -(held.get(n) ?? 0))
    held.delete(n)
  }

  #in(storage: string): Map<number, number> {
    let held = this.#held.get(storage)
    if (held === undefined) this.#held.set(storage, (held = new Map()))
    return held
  }

  #add(storage: string, bytes: number): void {
    const held = (this.#bytes[storage] ?? 0) + bytes
    this.#bytes[storage] = held
    if (held > (this.peakBytes[storage] ?? 0)) this.peakBytes[storage] = held
  }
}
