/**
 * Where the checkpoints of one storage lie: in the slots of one file, which are overwritten again and again; what outgrows a slot has
 * a file of its own.
 *
 * ```
 * | header, checkpoint, rest | header, checkpoint, rest | …       a slot is as large as the first checkpoint, rounded up
 * 0                          S                          2 S
 * ```
 */
import { join } from 'node:path'
import { overflowName, slotsName } from './own-files.js'

/** A slot is a multiple of this. */
export const ROUND_BYTES = 4096

export interface Place {
  readonly path: string
  readonly at: number
  /** The number of the slot; `undefined`: a file of its own. */
  readonly slot: number | undefined
  /** The number of the file of its own. */
  readonly file?: number
}

export class Slots {
  readonly path: string
  readonly slotBytes: number
  readonly #directory: string
  readonly #storage: number
  readonly #free: number[] = []
  // Slots that were restored; those between them are free, and are not counted one by one: a number in a journal may be any.
  readonly #restored = new Set<number>()
  #slots = 0
  #overflows = 0

  constructor(directory: string, storage: number, firstBytes: number) {
    this.path = join(directory, slotsName(storage))
    this.slotBytes = Math.ceil(firstBytes / ROUND_BYTES) * ROUND_BYTES
    this.#directory = directory
    this.#storage = storage
  }

  /** A place for so many bytes. The slot that was freed last comes first: it is the likeliest to be in the cache. */
  placeFor(bytes: number): Place {
    if (bytes > this.slotBytes) {
      return this.#overflow(this.#overflows++)
    }
    const slot = this.#free.pop() ?? this.#nextSlot()
    return { path: this.path, at: slot * this.slotBytes, slot }
  }

  /** The place of a checkpoint that another process wrote; what is not restored is free. Before anything else is placed. */
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
    return { path: join(this.#directory, overflowName(this.#storage, file)), at: 0, slot: undefined, file }
  }

  release({ slot }: Place): void {
    if (slot !== undefined) this.#free.push(slot)
  }
}
