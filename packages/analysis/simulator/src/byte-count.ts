/** The bytes that a run holds, by storage, and the law that bounds them. */
import { type Action, type ActionPrice, formatAction, isCheckpointStorage } from '@checkpoint-schedules/core'
import type { Violation } from './laws.js'

/** Bytes of one value, for schedules whose steps are all equal. */
export interface Sizes {
  readonly state: number
  readonly tape: number
}

/** What the count needs to know before the first action. */
export interface ByteCountSettings {
  /** The sizes of all steps, or those of each action. */
  readonly sizes: Sizes | ((action: Action, end: number) => Pick<ActionPrice, 'bytes' | 'working'>)
  /** Most bytes held at once, by storage: `null` is unbounded. */
  readonly limits?: Readonly<Record<string, number | null>> | undefined
  /** Called for each broken law; may throw. */
  readonly onViolation: (violation: Violation) => void
}

/**
 * Counts the bytes of a run's checkpoints, action by action, and of what is in use besides them if the sizes say so; a law that is broken
 * is handed to the callback. Tapes that stay in working memory count as RAM, but for one, which every run has. Memory: O(checkpoints held).
 *
 * @example
 * ```ts
 * import { store } from '@checkpoint-schedules/core'
 * import { ByteCount, throwViolation } from '@checkpoint-schedules/simulator'
 *
 * const bytes = new ByteCount({ sizes: { state: 80, tape: 200 }, limits: { RAM: 100 }, onViolation: throwViolation })
 * bytes.apply(store(0, 5, 'RAM'), 10, 0)
 * bytes.peak // { RAM: 80 }
 * ```
 */
export class ByteCount {
  /** Most bytes held at once so far, by storage. */
  readonly peak: Record<string, number> = {}
  readonly #settings: ByteCountSettings
  readonly #bytes: Record<string, number> = {}
  readonly #held = new Map<string, Map<number, number>>()
  #keptTapes = 0

  constructor(settings: ByteCountSettings) {
    this.#settings = settings
  }

  /**
   * Takes the next action.
   *
   * @param end - N - r before it, `Infinity` while N is unknown.
   * @param index - Its position in the trace.
   */
  apply(action: Action, end: number, index: number): void {
    const { sizes } = this.#settings
    const isEqual = typeof sizes !== 'function'
    const { bytes, working } = isEqual ? equal(action, sizes) : sizes(action, end)
    let storage = 'RAM'
    if (action.type === 'Forward' && (action.writeIcs || action.writeAdjDeps)) {
      if (isCheckpointStorage(action.storage)) {
        storage = action.storage
        this.#in(storage).set(action.n0, bytes)
        this.#add(storage, bytes)
      } else if (action.storage === 'WORKING_MEMORY' && isEqual)
        this.#keep(this.#keptTapes + Math.min(action.n1, end) - action.n0, sizes.tape)
    }
    this.#note(action, storage, storage === 'RAM' ? working : 0, index)
    // What is in use is in memory, wherever the checkpoint goes.
    if (storage !== 'RAM' && working > 0) this.#note(action, 'RAM', working, index)
    if (action.type === 'Move') this.#remove(action.from, action.n)
    else if (action.type === 'Discard') this.#remove(action.storage, action.n)
    else if (action.type === 'Reverse' && action.clearAdjDeps && isEqual) this.#keep(0, sizes.tape)
  }

  #note(action: Action, storage: string, working: number, index: number): void {
    const held = (this.#bytes[storage] ?? 0) + working
    if (held <= (this.peak[storage] ?? 0)) return
    this.peak[storage] = held
    const limit = this.#settings.limits?.[storage]
    if (limit === undefined || limit === null || held <= limit) return
    const used = working === 0 ? '' : `, ${working} of them besides checkpoints`
    this.#settings.onViolation({
      index,
      law: 'storage-bytes',
      step: 'n0' in action ? action.n0 : 'n' in action ? action.n : undefined,
      storage,
      message: `${formatAction(action)}: ${storage} would hold ${held} bytes${used}; right would be: at most ${limit}.`,
    })
  }

  #keep(tapes: number, each: number): void {
    this.#add('RAM', (Math.max(0, tapes - 1) - Math.max(0, this.#keptTapes - 1)) * each)
    this.#keptTapes = tapes
  }

  #remove(storage: string, n: number): void {
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
    this.#bytes[storage] = (this.#bytes[storage] ?? 0) + bytes
  }
}

function equal(action: Action, { state, tape }: Sizes): Pick<ActionPrice, 'bytes' | 'working'> {
  return { bytes: action.type === 'Forward' && action.writeIcs ? state : tape, working: 0 }
}
