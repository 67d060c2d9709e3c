/** The checkpoints held, by column: as counts, so that a line costs its width and not the number of checkpoints. */
import { type Action, isCheckpointStorage } from '@checkpoint-schedules/core'
import type { Layout } from './layout.js'

/** A letter of the diagram: upper case for restart data, lower case for a tape. */
export interface Mark {
  readonly letter: string
  readonly storage: string
}

/** One letter for each storage: the first letter of its name that is free. */
export function lettersFor(storages: readonly string[]): Map<string, string> {
  const letters = new Map<string, string>()
  const taken = new Set<string>()
  for (const storage of storages) {
    const letter =
      `${storage}ABCDEFGHIJKLMNOPQRSTUVWXYZ`.split('').find((c) => /[A-Z]/.test(c) && !taken.has(c)) ?? '?'
    taken.add(letter)
    letters.set(storage, letter)
  }
  return letters
}

export class CheckpointMarks {
  readonly #layout: Layout
  readonly #letters: ReadonlyMap<string, string>
  // For each mark, the number of checkpoints in each column.
  readonly #held = new Map<string, { mark: Mark; counts: Uint32Array }>()
  // The tapes held: a Discard does not say what it deletes.
  readonly #tapes = new Set<string>()

  constructor(layout: Layout, letters: ReadonlyMap<string, string>) {
    this.#layout = layout
    this.#letters = letters
  }

  /** Applies what the action stores and removes. `end` is the step at which a Forward ends. */
  apply(action: Action, end: number): void {
    if (action.type === 'Move') this.#add(action.from, action.to === 'ADJ_DEPS', action.n, -1)
    if (action.type === 'Discard') {
      const isTape = this.#tapes.has(`${action.storage} ${action.n}`)
      this.#add(action.storage, isTape, action.n, -1)
    }
    if (action.type !== 'Forward' || !isCheckpointStorage(action.storage)) return
    if (action.writeIcs) this.#add(action.storage, false, action.n0, 1)
    if (action.writeAdjDeps) for (let n = action.n0; n < end; n++) this.#add(action.storage, true, n, 1)
  }

  /** Calls `draw` for each column with checkpoints; if several kinds share one, the kind stored first wins. */
  draw(draw: (column: number, mark: Mark) => void): void {
    for (const { mark, counts } of [...this.#held.values()].toReversed()) {
      for (let column = 0; column < counts.length; column++) if (counts[column]! > 0) draw(column, mark)
    }
  }

  #add(storage: string, isTape: boolean, n: number, change: number): void {
    if (isTape) {
      const name = `${storage} ${n}`
      if (change > 0) this.#tapes.add(name)
      else this.#tapes.delete(name)
    }
    const key = `${storage} ${isTape}`
    let held = this.#held.get(key)
    if (held === undefined) {
      const capital = this.#letters.get(storage) ?? '?'
      const letter = isTape ? capital.toLowerCase() : capital
      held = { mark: { letter, storage }, counts: new Uint32Array(this.#layout.width) }
      this.#held.set(key, held)
    }
    held.counts[this.#layout.column(n)]! += change
  }
}
