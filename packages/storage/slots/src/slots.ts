/**
 * Where the checkpoints of one storage are: in the slots of one file, which are overwritten in place; a checkpoint too large for a slot
 * has a file of its own. Where files cannot be overwritten in place, the size of a slot is 0, and each checkpoint has its own.
 *
 * ```
 * | header, checkpoint, rest | header, checkpoint, rest | …       a slot is as large as the first checkpoint, rounded up
 * 0                          S                          2 S
 * ```
 */
import { overflowName, slotsName } from './file-names.js'

/** A slot is a multiple of this. */
export const ROUND_BYTES = 4096

export interface Place {
  readonly path: string
  readonly at: number
  /** The number of the slot; `undefined` for a file of its own. */
  readonly slot: number | undefined
  /** The number of its own file. */
  readonly file?: number
}

export class Slots {
  readonly path: string
  readonly slotBytes: number
  readonly #directory: string
  readonly #storage: number
  readonly #free: number[] = []
  // Slots that were restored. Those between them are free but not listed one by one, because a number in a journal may be huge.
  readonly #restored = new Set<number>()
  #slots = 0
  #overflows = 0

  constructor(directory: string, storage: number, firstBytes: number) {
    this.path = `${directory}/${slotsName(storage)}`
    this.slotBytes = Math.ceil(firstBytes / ROUND_BYTES) * ROUND_BYTES
    this.#directory = directory
    this.#storage = storage
  }

  /** A place for this many bytes. Prefers the slot freed last, which is most likely to be cached. */
  placeFor(bytes: number): Place {
    if (bytes > this.slotBytes) {
      return this.#overflow(this.#overflows++)
    }
    const slot = this.#free.pop() ?? this.#nextSlot()
    return { path: this.path, at: slot * this.slotBytes, slot }
  }

  /** The place of a checkpoint that an earlier process wrote. Restore all of them before placing others; the rest is free. */
  restore(slot: number | null, file: number | null): Place {
    if (slot === null) {
      this.#overflows = Math.max(this.#overflows, file! + 1)
      return this.#overflow(file!)
    }
    this.#restored.add(slot)
    return { path: this.path, at: slot * this.slotBytes, slot }
  }

  #nextSlot(): number {
    while (this.#restored.has(this.#slots)) this.#slots += 1
    return this.#slots++
  }

  #overflow(file: number): Place {
    return { path: `${this.#directory}/${overflowName(this.#storage, file)}`, at: 0, slot: undefined, file }
  }

  release({ slot }: Place): void {
    if (slot !== undefined) this.#free.push(slot)
  }
}
